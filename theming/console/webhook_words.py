"""The inbox in words: what an event is about, what became of it, and its body as people can read it."""

from __future__ import annotations

import re
from typing import Any

from tables.webhook_event import BODY_KEPT, FAILED, IGNORED, PARKED, PROCESSED, RECEIVED, TEST
from theming.words import _, _n

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s\[\]{},:"]+', re.DOTALL)
DEEPEST = 32
LONGEST_PRETTY = 200_000
SHOWN = 20_000


def states() -> dict[str, str]:
    """The verdicts in the order of the filter."""
    return {
        RECEIVED: _("Received"), PARKED: _("Waiting"), PROCESSED: _("Done"), IGNORED: _("Ignored"), FAILED: _("Failed"),
    }  # fmt: skip


def topics() -> dict[str, str]:
    return {
        "contact": _("Contacts"), "order": _("Orders"), "subscription": _("Subscriptions"), "course": _("Courses"),
        "product": _("Products"), "fulfillment": _("Deliveries"), "other": _("Others"),
    }  # fmt: skip


TONES = {RECEIVED: "info", PARKED: "warn", PROCESSED: "good", IGNORED: "info", FAILED: "bad"}


def event(row: Any, href: str, when: Any) -> dict[str, Any]:
    """An event for the list."""
    return {
        "id": row["public_id"], "href": href, "type": row["event_type"] or _("No type"), "event_id": row["event_id"],
        "state": {"label": states().get(row["status"], row["status"]), "tone": TONES.get(row["status"], "info")},
        "what": verdict(row), "when": when, "is_test": row["event_id"].startswith(TEST),
    }  # fmt: skip


def verdict(row: Any) -> str:
    """One sentence: what it changed, or why it did not."""
    told = {
        RECEIVED: lambda: _("Will be worked in a moment."),
        PARKED: lambda: _("Waiting for %(record)s, which has not arrived.", record=record(row["waiting_for"])),
        PROCESSED: lambda: sentence(row["outcome"]) or _("Worked. What it changed was not written down."),
        IGNORED: lambda: _("Left alone: %(reason)s.", reason=(row["outcome"] or "").rstrip(".")),
        FAILED: lambda: row["error"] or _("It failed, and nothing says why."),
    }.get(row["status"])
    return told() if told else row["status"]


def record(key: str | None) -> str:
    """What an event waits for: `contact:123` is “contact 123”."""
    return (key or "").replace(":", " ", 1)


def sentence(text: str | None) -> str:
    """An outcome as a sentence of its own."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}." if text else ""


def facts(row: Any, received: Any, ended: Any, next_try: Any) -> list[dict[str, Any]]:
    """What is known of an event."""
    known = [
        (_("Event"), row["event_id"]), (_("Received"), received.text if received else ""),
        (_("Worked"), ended.text if ended and row["status"] not in (RECEIVED, PARKED) else ""),
        (_("Tries"), str(row["tries"])),
        (_("Next try"), next_try.text if next_try and row["status"] in (RECEIVED, PARKED) else ""),
    ]  # fmt: skip
    return [{"label": label, "value": value, "ltr": True} for label, value in known if value]


def pretty(text: str) -> str:
    """JSON with its lines broken and indented, every value as it was written: money stays `9.70`.

    It is taken apart sign by sign and never parsed, so that no depth and no size of it costs more than its length.
    """
    if len(text) > LONGEST_PRETTY:
        return text
    lines, depth = [""], 0
    for piece in TOKEN.findall(text):
        if piece in "}]":
            depth = max(depth - 1, 0)
            lines.append("  " * min(depth, DEEPEST))
        lines[-1] += piece + (" " if piece == ":" else "")
        if piece in "{[":
            depth += 1
        if piece in "{[,":
            lines.append("  " * min(depth, DEEPEST))
    return "\n".join(line.rstrip() for line in lines)


def body(text: str) -> dict[str, Any]:
    """The raw body for the page: its beginning, and whether that is all."""
    shown = pretty(text)
    return {"text": shown[:SHOWN], "whole": len(shown) <= SHOWN}


def emptied() -> str:
    return _n(
        "Its body was emptied %(num)s day after it was done with, because it names people. So it cannot be worked again.",
        "Its body was emptied %(num)s days after it was done with, because it names people. So it cannot be worked again.",
        BODY_KEPT.days,
    )  # fmt: skip


def replayed(again: int, bodiless: int) -> dict[str, str] | None:
    """The notice after a replay."""
    if not again and not bodiless:
        return None
    done = _n(
        "%(num)s event will be worked again in a moment.", "%(num)s events will be worked again in a moment.", again
    )
    left = _n("%(num)s cannot be: its body was emptied.", "%(num)s cannot be: their bodies were emptied.", bodiless)
    return {
        "tone": "good" if not bodiless else "warn",
        "text": " ".join([done] * bool(again) + [left] * bool(bodiless)),
    }


def samples() -> list[dict[str, str]]:
    """The events of the test sender, and what each of them does."""
    return [
        {"value": "contact.created", "label": _("A new contact"),
         "about": _("Makes a customer with this address. No mail is sent.")},
        {"value": "one-time-order.completed", "label": _("A purchase"),
         "about": _("Makes a customer with a paid test order of $1.00. The first time, the welcome mail goes to the address.")},
        {"value": "contact.deleted", "label": _("A deleted contact"),
         "about": _("Marks the test contact of this address as deleted. The account stays, as it does for real ones.")},
        {"value": "form_submission.created", "label": _("An event there is no rule for"),
         "about": _("Changes nothing: it is kept and left alone.")},
    ]  # fmt: skip


def refusals(count: int, last: Any) -> str:
    """Today's deliveries with a wrong signature."""
    if not count:
        return ""
    return _n(
        "At least %(num)s delivery was refused today, the last on %(when)s: its signature did not fit. If it is "
        "ClickFunnels that sends it, the webhook secret here is not the one shown there.",
        "At least %(num)s deliveries were refused today, the last on %(when)s: their signatures did not fit. If it is "
        "ClickFunnels that sends them, the webhook secret here is not the one shown there.",
        count, when=last.text if last else "",
    )  # fmt: skip
