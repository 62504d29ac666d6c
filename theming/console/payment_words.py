"""A vendor's connection with Stripe in words, never its keys."""

from __future__ import annotations

from typing import Any

from tables.vendor import SECRET_OVERLAP, Vendor
from theming.formats import minute
from theming.words import _


def connection_of(vendor: Vendor) -> dict[str, Any]:
    """The key as far as it may be shown, and what it opens."""
    key = vendor.stripe_api_key
    return {
        "key": f"…{key[-4:]}" if key else None, "live": "_live_" in (key or ""), "account": vendor.stripe_account,
        "since": minute(vendor.stripe_key_at, vendor.zone, "en") if vendor.stripe_key_at else None,
        "from_environment": bool(key) and not vendor.stripe_key, "unreadable": bool(vendor.stripe_key) and not key,
    }  # fmt: skip


def signing_of(vendor: Vendor) -> dict[str, Any]:
    """Whether webhooks are accepted, since when, and until when the secret before works too."""
    current, since = vendor.stripe_secrets, vendor.stripe_rotated_at if vendor.stripe_secret else None
    until = minute(since + SECRET_OVERLAP, vendor.zone, "en") if since and len(current) > 1 else None
    return {
        "is_set": bool(current), "last": f"…{current[0][-4:]}" if current else None,
        "since": minute(since, vendor.zone, "en") if since and current else None, "until": until,
    }  # fmt: skip


def done(word: str) -> dict[str, str] | None:
    texts = {
        "connected": _("The key works and is kept."),
        "works": _("The connection works."),
        "taken": _("The signing secret was taken. The one before works for two more days."),
        "fetching": _("The subscriptions are being fetched. They appear under Orders one after another."),
        "off": _("Stripe is switched off here. What was learned stays."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
