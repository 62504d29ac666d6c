"""Payment methods as the templates show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import database
from tables.billing_command import DEFAULT_METHOD, REMOVE_METHOD, UPDATE_METHOD, BillingCommand
from tables.order import Order
from tables.payment_method import PaymentMethod
from theming.account_words import payment_method
from theming.card_words import card
from theming.center import Center
from theming.words import _

Words = dict[str, Any]
SOON = timedelta(days=45)
"""How long before its end an expiry date is pointed at."""
COLUMNS = ("processor", "reference", "kind", "brand", "last4", "exp_month", "exp_year", "description", "is_default",
           "public_id")  # fmt: skip


def method(row: Any, zone: ZoneInfo | None = None) -> Words:
    """Name and detail: card, last four and expiry, as far as the processor tells them; else the reference's end."""
    if not row["kind"]:
        return payment_method(row)
    end = expiry(row, zone or ZoneInfo("UTC"))
    return {"label": card(row), "detail": end["text"] if end else ""}


def row_of(found: PaymentMethod) -> dict[str, Any]:
    return {name: getattr(found, name) for name in COLUMNS}


def expiry(row: Mapping[str, Any], zone: ZoneInfo) -> Words | None:
    """Until when a card is good: to the last day of its month."""
    month, year = row["exp_month"], row["exp_year"]
    if not month or not year:
        return None
    today, later = database.now().astimezone(zone), (database.now() + SOON).astimezone(zone)
    date = f"{month:02}/{year}"
    if (year, month) < (today.year, today.month):
        return {"tone": "bad", "text": _("expired %(date)s", date=date)}
    if (year, month) < (later.year, later.month):
        return {"tone": "warn", "text": _("expires soon: %(date)s", date=date)}
    return {"tone": "", "text": _("expires %(date)s", date=date)}


class PaymentWords:
    """Turns rows into what `partials/account/…` expects, for readers of one center."""

    def __init__(self, center: Center, waiting: Mapping[int, BillingCommand] | None = None) -> None:
        self.center, self.waiting = center, waiting or {}

    def tiles(self, rows: Iterable[Any]) -> list[Words]:
        """One for each method, from rows of `PaymentMethod.of`: a row for each pair of method and subscription."""
        found: dict[int, Words] = {}
        for row in rows:
            tile = found.setdefault(row["id"], self.tile(row))
            if row["number"]:
                used = _("Order %(number)s: %(items)s", number=row["number"], items=row["summary"])
                tile["used_by"].append(used)
        return list(found.values())

    def tile(self, row: Any) -> Words:
        end, waiting = expiry(row, self.center.zone) if row["kind"] else None, self.waiting.get(row["id"])
        return method(row, self.center.zone) | {
            "id": row["id"], "description": row["description"], "is_default": bool(row["is_default"]),
            "expiry": end, "used_by": [], "state": asked(waiting) if waiting else None,
            "href": self.href(row["public_id"]) if row["kind"] else None,
        }  # fmt: skip

    def one(self, found: PaymentMethod) -> Words:
        """A method by itself, as `tile`, without what it is used by."""
        return self.tile({**row_of(found), "id": found.id})

    def href(self, public_id: str) -> str:
        return self.center.url(f"/account/payment-methods/{public_id}")

    def obstacle(self, needed_by: list[Order], last: bool) -> Words | None:
        """Why a method cannot go now, and the way on; None where it can."""
        if needed_by:
            names = ", ".join(order.summary or order.number for order in needed_by)
            return {
                "text": _("It pays for a subscription that is still running: %(names)s. Choose another payment method "
                          "there first.", names=names),
                "label": _("Subscriptions"), "href": self.center.url("/account/subscriptions"),
            }  # fmt: skip
        if last:
            return {
                "text": _("It is your last payment method, and you have a subscription that is still running. Add "
                          "another one first."),
                "label": _("Add payment method"), "href": self.center.url("/account/payment-methods/new"),
            }  # fmt: skip
        return None


def asked(command: BillingCommand) -> str:
    """What was asked for and is not confirmed yet."""
    return {
        DEFAULT_METHOD: _("You asked to make it your default. We will confirm by mail."),
        UPDATE_METHOD: _("New expiry date requested. We will confirm by mail."),
        REMOVE_METHOD: _("Removal requested. We will confirm by mail."),
    }[command.kind]  # fmt: skip


def done(what: str) -> Words | None:
    """The notice above the list, after a form has led there."""
    texts = {
        "updated": ("good", _("The payment method was updated.")),
        "expiry": ("info", _("New expiry date requested. We will confirm by mail.")),
        "default": ("info", _("New default requested. We will confirm by mail.")),
        "removal": ("info", _("Removal requested. We will confirm by mail.")),
        "underway": ("info", _("Your last request about it is still being worked on. Nothing else was changed.")),
    }  # fmt: skip
    tone, text = texts.get(what, ("", ""))
    return {"tone": tone, "text": text} if text else None
