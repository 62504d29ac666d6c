"""The tokens and the versions of a look, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tables.vendor import Vendor
from theming.formats import minute
from theming.words import _


def choices() -> dict[str, list[tuple[str, str]]]:
    """Token → its values with what they are called."""
    fonts = [
        ("system", _("The device's own")),
        ("serif", _("Serif")),
        ("rounded", _("Rounded")),
        ("mono", _("Typewriter")),
    ]
    return {
        "radius": [("none", _("Square")), ("small", _("A little round")), ("large", _("Round"))],
        "density": [("compact", _("Close together")), ("normal", _("Normal")), ("airy", _("Wide apart"))],
        "font_head": fonts, "font_body": fonts,
        "scheme": [("auto", _("As the device is set")), ("light", _("Always light")), ("dark", _("Always dark"))],
        "header": [("left", _("Logo at the start")), ("center", _("Logo in the middle"))],
    }  # fmt: skip


def versions(vendor: Vendor, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """What was published: {id, by, when, current}."""
    return [
        {"id": row["id"], "by": row["made_by"] or _("before the console"), "current": row["id"] == vendor.theme_version,
         "when": minute(row["published_at"], vendor.zone, "en")}
        for row in rows
    ]  # fmt: skip


def done(word: str) -> dict[str, str] | None:
    texts = {
        "published": _("Published. Your center shows it within five seconds."),
        "drafted": _("Saved as a draft. Customers see no change until you publish it."),
        "undone": _("Your center looks as it did before."),
        "nothing": _("There is no look before this one."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
