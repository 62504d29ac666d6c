"""Secrets in words, never the secrets."""

from __future__ import annotations

from typing import Any

from tables.vendor import SECRET_OVERLAP, Vendor
from theming.formats import minute
from theming.words import _


def state_of(vendor: Vendor, purpose: str) -> dict[str, Any]:
    """Whether a secret is set, since when, and until when the one before it works."""
    current = vendor.sso_secrets if purpose == "sso" else vendor.webhook_secrets
    since = vendor.sso_rotated_at if purpose == "sso" else vendor.clickfunnels_rotated_at
    until = minute(since + SECRET_OVERLAP, vendor.zone, "en") if since and len(current) > 1 else None
    return {"is_set": bool(current), "since": minute(since, vendor.zone, "en") if current else None, "until": until}


def done(word: str) -> dict[str, str] | None:
    texts = {
        "taken": _("The secret was taken. The one before works for two more days."),
        "off": _("Single sign-on is switched off: no link from your site signs anybody in."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
