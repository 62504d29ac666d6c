"""The token of the first run, printed by the server until somebody owns a vendor."""

from __future__ import annotations

import base64

from tables.sealed import derived_key


def token() -> str:
    """Made from SECRET_KEY, so that every worker and every restart print the same; worth nothing once there is an owner."""
    return base64.urlsafe_b64encode(derived_key("first run")).decode().rstrip("=")
