"""The import in words: what a workspace has, how far a run is, what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theming.words import _, _n

POLLS = 60
"""How often a page looks by itself: for five minutes, so that a forgotten tab does not keep a session alive."""


def resource_name(name: str) -> str:
    names = {
        "products": _("Products"), "variants": _("Product variants"), "contacts": _("Contacts"), "courses": _("Courses"),
        "sections": _("Course sections"), "lessons": _("Lessons"), "orders": _("Orders"), "invoices": _("Invoices"),
        "transactions": _("Payments and refunds"), "fulfillments": _("Shipments"), "enrollments": _("Enrollments"),
        "completions": _("Completed lessons"),
    }  # fmt: skip
    return names.get(name, name)


def state_chip(state: str) -> dict[str, str]:
    chips = {
        "queued": (_("Starting"), "info"), "running": (_("Running"), "info"), "waiting": (_("Waiting"), "warn"),
        "done": (_("Done"), "good"), "failed": (_("Failed"), "bad"), "stopped": (_("Stopped"), "warn"),
    }  # fmt: skip
    label, tone = chips[state]
    return {"label": label, "tone": tone}


def seen_text(sight: Mapping[str, Any]) -> str:
    """`We can see the workspace Acme, with 3 courses, more than 20 contacts, …`"""
    lists = sight.get("lists", {})
    parts = [
        counted(name, *lists[name]) for name in ("courses", "contacts", "products", "orders") if name in lists
    ]  # fmt: skip
    return _("We can see the workspace %(name)s, with %(things)s.", name=sight.get("name", ""), things=", ".join(parts))


def counted(name: str, number: int, more: bool) -> str:
    if more:
        number_text = _("more than %(number)s", number=number)
        return f"{number_text} {resource_name(name).lower()}"
    texts = {
        "courses": _n("%(num)s course", "%(num)s courses", number),
        "contacts": _n("%(num)s contact", "%(num)s contacts", number),
        "products": _n("%(num)s product", "%(num)s products", number),
        "orders": _n("%(num)s order", "%(num)s orders", number),
    }
    return texts[name]


def progress_text(run: Any, names: list[str]) -> str:
    """Where an open run is."""
    step, number = names.index(run.resource) + 1, run.tallies.get(run.resource, {}).get("seen", 0)
    where = _(
        "Step %(step)s of %(steps)s: %(list)s, %(number)s seen so far.", step=step, steps=len(names),
        list=resource_name(run.resource).lower(), number=f"{number:,}",
    )  # fmt: skip
    if run.state == "waiting":
        return _("%(where)s %(why)s. We try again by ourselves.", where=where, why=run.error or "")
    return where


def rows_of(run: Any, names: list[str]) -> list[dict[str, Any]]:
    """The report: a row for each list that was read."""
    found = run.tallies
    return [
        {"name": resource_name(name), **{key: f"{value:,}" for key, value in found[name].items()},
         "has_refused": found[name]["refused"] > 0}
        for name in names if name in found
    ]  # fmt: skip


def refusal(row: Any) -> dict[str, str]:
    """A record that was not taken."""
    return {"list": resource_name(row.resource), "id": row.clickfunnels_id, "reason": row.reason}


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts = {
        "connected": _("The token works. It is kept encrypted and is never shown again."),
        "removed": _("The token was removed. What was imported stays."),
        "checked": _("The token works."),
        "running": _("An import is running already."),
        "older": _("This run cannot be gone on with: it has ended, or there is a newer one."),
    }
    tone = "info" if word in ("running", "older") else "good"
    return {"tone": tone, "text": texts[word]} if word in texts else None
