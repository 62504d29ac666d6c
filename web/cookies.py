"""The cookies we set, and the pre-session that binds a signed-out browser."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from settings import settings
from tables.device import KEPT
from theming.center import Center

PRESESSION_SECONDS = 20 * 60
HOST_PREFIX = "__Host-" if settings.secure else ""
PRESESSION = f"{HOST_PREFIX}presession"


def cookie_name(center: Center) -> str:
    return f"{HOST_PREFIX}{center.slug}" if center.is_house else f"{HOST_PREFIX}center-{center.slug}"


def device_name(center: Center) -> str:
    return f"{HOST_PREFIX}device-{center.slug}"


def device_cookie(center: Center, token: str) -> str:
    """Set-Cookie for the browser itself, which stays when its session ends."""
    return cookie(device_name(center), token, int(KEPT.total_seconds()))


def session_cookie(center: Center, token: str) -> str:
    """Set-Cookie for a new session. Always with Max-Age: text browsers keep nothing otherwise.

    It lives a day longer than the session, so that a form sent after the end can be told to be this person's.
    """
    return cookie(cookie_name(center), token, int((center.limits.absolute + timedelta(days=1)).total_seconds()))


def ended_cookie(center: Center) -> str:
    return cookie(cookie_name(center), "", 0)


def presession_cookie(value: str) -> str:
    return cookie(PRESESSION, value, PRESESSION_SECONDS)


def cookie(name: str, value: str, seconds: int) -> str:
    secure = "; Secure" if settings.secure else ""
    return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax{secure}"


def presession(state: Any) -> str:
    """What binds a signed-out browser's forms and sign-in requests to it; made when the first form is shown."""
    value = state["cookies"].get(PRESESSION) or state.get("new_presession")
    if value is None:
        value = state["new_presession"] = secrets.token_urlsafe(32)
    return value
