"""What needs doing, and the first steps of a new center: each a sentence with the page where it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tables.upkeep import MOST, Upkeep
from tables.vendor import Vendor
from theming.words import _, _n

Href = Callable[[str], str | None]
"""The address of a page of the console, or None where whoever asks may not see it."""


def needs(found: Upkeep, vendor: Vendor, refused: str, href: Href) -> list[dict[str, Any]]:
    """What somebody should look at now, the worst first."""
    wanted = vendor.wanted_domain
    items = [
        (found.failed_events, "bad", "/webhooks?state=failed", _("Open the list"), _n(
            "%(some)s webhook failed, so something that happened at ClickFunnels is missing here.",
            "%(some)s webhooks failed, so something that happened at ClickFunnels is missing here.",
            found.failed_events, some=some(found.failed_events))),
        (refused, "bad", "/webhooks", _("Open the inbox"), refused),
        (found.failed_mails, "bad", "/mail?state=failed", _("Open the list"), _n(
            "%(some)s message of the last seven days could not be delivered.",
            "%(some)s messages of the last seven days could not be delivered.",
            found.failed_mails, some=some(found.failed_mails))),
        (found.waiting_requests, "warn", "/requests?state=open", _("Open the list"), _n(
            "%(some)s request waits for you.", "%(some)s requests wait for you.",
            found.waiting_requests, some=some(found.waiting_requests))),
        (found.waiting_events, "warn", "/webhooks?state=parked", _("Open the list"), _n(
            "%(some)s webhook has waited for more than a day for a record that has not arrived.",
            "%(some)s webhooks have waited for more than a day for records that have not arrived.",
            found.waiting_events, some=some(found.waiting_events))),
        (wanted and wanted != vendor.domain, "warn", "/domain", _("Check it again"),
         _("The domain %(host)s is not proven yet.", host=wanted)),
    ]  # fmt: skip
    return [
        {"tone": tone, "text": text, "href": href(path), "label": label}
        for due, tone, path, label, text in items
        if due
    ]


def some(count: int) -> str:
    """A number, or the bound it was counted up to."""
    return _("More than %(count)s", count=MOST - 1) if count >= MOST else str(count)


def steps(found: Upkeep, vendor: Vendor, href: Href) -> list[dict[str, Any]]:
    """The way of a new center, with what is done already; nothing once all of it is."""
    items = [
        (vendor.support_email, "/settings", _("Say where customers can write to"),
         _("The support address stands on every page and in every mail.")),
        (vendor.look or vendor.theme or vendor.logo, "/theme", _("Give the center your look"),
         _("Colours, fonts and your logo.")),
        (vendor.clickfunnels_secret, "/settings", _("Enter the webhook secret"),
         _("ClickFunnels shows it once it knows the webhook address below.")),
        (found.has_events, "/webhooks", _("Receive the first webhook"),
         _("Change a contact at ClickFunnels, and see it arrive. The test sender shows whether all is well here.")),
        (found.has_course, "/courses", _("Publish a course"), _("Or let ClickFunnels send the ones you have there.")),
        (found.has_enrollment, "/customers", _("Enroll the first customer"),
         _("Enroll yourself to see what your customers will see.")),
    ]  # fmt: skip
    steps = [
        {"done": bool(done), "href": None if done else href(path), "label": label, "about": about}
        for done, path, label, about in items
    ]
    return [] if all(step["done"] for step in steps) else steps


def progress(steps: list[dict[str, Any]]) -> str:
    done = sum(step["done"] for step in steps)
    return _("%(done)s of %(all)s done", done=done, all=len(steps))
