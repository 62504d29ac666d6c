"""Parts of pages, their versions and what they may say, in words for the console."""

from __future__ import annotations

import difflib
from typing import Any

from tables.vendor_partial import VendorPartial
from theming.center import Center
from theming.environment import drawn_by_theme
from theming.formats import minute
from theming.partials.cleaning import MAIL_LOOKS, PAGE_LOOKS
from theming.partials.filters import FILTERS, TESTS
from theming.slots import MAIL, SLOTS, Slot
from theming.words import _

Words = dict[str, Any]
MOST_LINES = 1_000
"""Comparing takes the square of the lines."""


def off(why: str | None) -> str | None:
    """Why partials are off for a center, for the vendor."""
    return {
        "path": _("This center has no host of its own yet: it shares one with other centers, and templates of several "
                  "vendors must not meet in one place. Give the center its own domain, then templates can be written.")
    }.get(why) if why else None  # fmt: skip


def listed(center: Center, shown: dict[str, VendorPartial], href: str) -> list[Words]:
    """Every slot with what stands there now."""
    return [row(slot, center, shown.get(slot.name)) | {"href": f"{href}/{slot.name}"} for slot in SLOTS.values()]


def row(slot: Slot, center: Center, shown: VendorPartial | None) -> Words:
    return {
        "label": _(slot.label), "meaning": _(slot.meaning), "status": status(shown), "fault": fault(shown, center),
        "number": shown.number if shown else None,
        "theme": center.theme if drawn_by_theme(center.theme, slot.stock, slot.name) else None,
    }  # fmt: skip


def status(shown: VendorPartial | None) -> Words:
    if shown is None:
        return {"label": _("Stock"), "tone": "info"}
    if shown.fault:
        return {"label": _("Yours, with trouble"), "tone": "warn"}
    return {"label": _("Yours"), "tone": "good"}


def fault(shown: VendorPartial | None, center: Center) -> Words | None:
    """Why the stock part was shown in place of the vendor's, and when that was last."""
    if shown is None or not shown.fault:
        return None
    when = minute(shown.fault_at, center.zone, center.locale)
    return {"text": shown.fault, "when": when}


def help_of(slot: Slot) -> Words:
    """What can be written in a slot."""
    looks = MAIL_LOOKS if slot.kind == MAIL else PAGE_LOOKS
    return {
        "variables": [{"name": one.name, "kind": _(one.kind), "meaning": _(one.meaning), "sample": sample(one.sample)}
                      for one in slot.variables],
        "filters": list(FILTERS), "tests": list(TESTS), "looks": sorted(looks), "is_mail": slot.kind == MAIL,
    }  # fmt: skip


def sample(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(sample(one) for one in value if one != "")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    text = "" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}…{text[-6:]}"


def version(one: VendorPartial, center: Center, href: str) -> Words:
    return {
        "number": one.number, "made": minute(one.made_at, center.zone, center.locale), "made_by": one.made_by,
        "active": one.active, "href": f"{href}/versions/{one.number}", "fault": one.fault,
    }  # fmt: skip


def differences(before: str, after: str) -> list[Words] | None:
    """Line by line what `after` has more and less than `before`; None where the two are too long to compare."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        return None
    kinds = {"+": "added", "-": "removed", " ": "same", "@": "gap"}
    lines = list(difflib.unified_diff(old, new, lineterm="", n=3))[2:]
    return [{"kind": kinds[line[0]], "text": "" if line[0] == "@" else line[1:]} for line in lines]


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts = {
        "saved": _("Saved. Your center shows it within five seconds."),
        "restored": _("That version is shown again, as a new one."),
        "removed": _("The stock part is shown again. Your versions are kept."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
