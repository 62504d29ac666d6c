"""What a customer asked of the system that holds the money, in words: for pages and mails."""

from __future__ import annotations

from typing import Any

from tables.billing_command import BillingCommand
from tables.order import Order
from theming.center import Center
from theming.formats import day
from theming.words import _


def wished(kind: str) -> str:
    """A wish by its name."""
    return {
        "cancel": _("Cancellation"), "keep": _("Keeping the subscription"), "change_plan": _("Change of plan"),
        "keep_plan": _("Keeping today's plan"), "pause": _("Pause"), "resume": _("End of the pause"),
        "reactivate": _("New start of the subscription"), "use_method": _("Another payment method"),
        "pay": _("Payment"), "default_method": _("Default payment method"),
        "update_method": _("New expiry date"), "remove_method": _("Removing a payment method"),
    }[kind]  # fmt: skip


def done(kind: str) -> str:
    """The same once it is confirmed."""
    return {
        "cancel": _("Your subscription is canceled"), "keep": _("Your subscription goes on"),
        "change_plan": _("Your plan is changed"), "keep_plan": _("Your plan stays as it is"),
        "pause": _("Your subscription is paused"), "resume": _("Your subscription goes on"),
        "reactivate": _("Your subscription is active again"), "use_method": _("Your payment method is changed"),
        "pay": _("Your payment has arrived"), "default_method": _("Your default payment method is changed"),
        "update_method": _("Your expiry date is changed"), "remove_method": _("Your payment method is removed"),
    }[kind]  # fmt: skip


def facts(center: Center, command: BillingCommand, order: Order | None) -> dict[str, Any]:
    """What every message about a wish says of it."""
    moment = day(command.requested_at, center.zone, center.locale)
    return {
        "wish": wished(command.kind), "kind": command.kind, "requested": moment.text if moment else "",
        "name": (order.summary if order else "") or _("Subscription"), "number": order.number if order else "",
        "until": date_of(center, order.paid_until if order else None), "reason": command.error or "",
    }  # fmt: skip


def date_of(center: Center, moment: Any) -> str:
    found = day(moment, center.zone, center.locale)
    return found.text if found else ""
