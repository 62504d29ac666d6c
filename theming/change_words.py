"""What a customer asked of the system that holds the money, in words: for pages and mails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tables.billing_command import CONFIRMED, REFUSED, BillingCommand
from tables.order import Order
from theming.card_words import card
from theming.center import Center
from theming.formats import day
from theming.order_words import OrderWords
from theming.words import _

Rows = list[dict[str, str]]
LINK = re.compile(r"https://[^\s\"'<>]+")


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


def stays(kind: str) -> str:
    """What holds where a wish was refused or taken back."""
    return {
        "cancel": _("Your subscription goes on and renews as before."),
        "keep": _("Your subscription still ends."), "pause": _("Your subscription goes on and renews as before."),
        "change_plan": _("You keep today's plan."), "resume": _("Your subscription stays paused."),
        "reactivate": _("Your subscription stays ended, and nothing was charged."),
        "use_method": _("Your subscription is charged as before."), "pay": _("The payment is still open."),
    }.get(kind, "")  # fmt: skip


def doubt() -> str:
    """What is said of a wish that was given up while an answer was still owed."""
    return _("We could not find out whether it was done all the same. Please look at it before you try again.")


def leaving() -> dict[str, str]:
    """Why somebody cancels, by Stripe's words for it (Stripe docs: cancellation_details.feedback)."""
    return {
        "too_expensive": _("It costs too much"), "unused": _("I do not use it enough"),
        "missing_features": _("Something I need is missing"), "switched_service": _("I am changing to something else"),
        "too_complex": _("It is too hard to use"), "low_quality": _("It is not as good as I had hoped"),
        "customer_service": _("I was not happy with the help I got"), "other": _("Something else"),
    }  # fmt: skip


def facts(center: Center, command: BillingCommand, order: Order | None) -> dict[str, Any]:
    """What every message about a wish says of it."""
    until = order.paid_until if order else None
    return {
        "wish": wished(command.kind), "kind": command.kind, "requested": date_of(center, command.requested_at),
        "name": (order.summary if order else "") or _("Subscription"), "number": order.number if order else "",
        "until": date_of(center, until), "reason": command.error or "",
        "stays": doubt() if command.wish.get("unsure") else stays(command.kind), "unsure": bool(command.wish.get("unsure")),
        "details": details(center, command, order),
    }  # fmt: skip


def details(center: Center, command: BillingCommand, order: Order | None) -> Rows:
    """What exactly is wanted, or was done: names and values."""
    wish, words = command.wish, OrderWords(center)
    rows = {
        "cancel": cancellation, "keep": keeping, "change_plan": plan_change, "keep_plan": keeping, "pause": pause,
        "resume": keeping, "use_method": method, "reactivate": payment, "pay": payment,
    }.get(command.kind, method)(words, wish)  # fmt: skip
    if command.kind == "cancel" and command.status == CONFIRMED and order and order.paid_until:
        rows = [(_("Access until"), date_of(center, order.paid_until)), *rows[1:]]
    return [{"label": label, "value": value} for label, value in rows if value]


def cancellation(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    reason = wish.get("reason_text") or leaving().get(wish.get("reason") or "", "")
    return [
        (_("Access until"), date(words, wish.get("until"))), (_("Reason"), reason), (_("Comment"), wish.get("comment") or ""),
    ]  # fmt: skip


def keeping(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    plan = wish.get("plan")
    return [(_("Plan"), plan_name(words, plan) if plan else ""), (_("Next payment"), due(words, wish))]


def pause(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Paused from"), date(words, wish.get("from"))), (_("Paused until"), date(words, wish.get("until"))),
        (_("Next payment"), due(words, wish)),
    ]  # fmt: skip


def plan_change(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    before, currency, today = wish.get("previous"), wish.get("currency") or "USD", wish.get("due_now")
    later = wish.get("at_period_end")
    begins = date(words, wish.get("next_at")) or _("With the next period")
    return [
        (_("Plan before"), plan_name(words, before) if before else ""), (_("New plan"), plan_name(words, wish)),
        (_("Begins"), begins if later else _("At once")),
        (_("Due at once"), words.money(today, currency) if today and not later else ""), (_("Next payment"), due(words, wish)),
    ]  # fmt: skip


def method(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("Payment method before"), card(wish["previous"]) if wish.get("previous") else ""),
        (_("Payment method"), card(wish["card"]) if wish.get("card") else ""),
    ]  # fmt: skip


def payment(words: OrderWords, wish: Mapping[str, Any]) -> list[tuple[str, str]]:
    plan = wish.get("plan")
    return [
        (_("Plan"), plan_name(words, plan) if plan else ""),
        (_("Amount"), words.money(wish.get("amount"), wish.get("currency") or "USD")),
        (_("Invoice"), wish.get("number") or ""), *method(words, wish),
    ]  # fmt: skip


def plan_name(words: OrderWords, plan: Mapping[str, Any]) -> str:
    """`Basic, $4.00 every month`."""
    price = words.every(
        words.money(plan.get("amount"), plan.get("currency") or "USD"), plan.get("interval") or "months",
        plan.get("interval_count") or 1,
    )  # fmt: skip
    return f"{plan['name']}, {price}" if plan.get("name") else price


def due(words: OrderWords, wish: Mapping[str, Any]) -> str:
    """The next payment: what, and when as far as it is known."""
    amount, when = words.money(wish.get("next_amount"), wish.get("currency") or "USD"), date(words, wish.get("next_at"))
    return _("%(price)s on %(date)s", price=amount, date=when) if amount and when else amount or when


def date(words: OrderWords, moment: Any) -> str:
    """A day from a time as it is written down beside a wish (ISO 8601)."""
    return date_of(words.center, datetime.fromisoformat(moment)) if moment else ""


def date_of(center: Center, moment: Any) -> str:
    found = day(moment, center.zone, center.locale)
    return found.text if found else ""


def short(command: BillingCommand) -> str:
    """An open wish beside its subscription's name."""
    return _("%(wish)s requested", wish=wished(command.kind))


def state(center: Center, command: BillingCommand) -> dict[str, str]:
    """How far a wish is, in one honest sentence with its tone."""
    wish, asked, settled = wished(command.kind), *(
        date_of(center, moment) for moment in (command.requested_at, command.settled_at)
    )  # fmt: skip
    if command.is_open:
        return {"tone": "info", "text": _("%(wish)s requested on %(date)s. It is not done yet; we will confirm by mail.",
                                          wish=wish, date=asked)}  # fmt: skip
    if command.status == CONFIRMED:
        return {"tone": "good", "text": _("%(wish)s confirmed on %(date)s.", wish=wish, date=settled)}
    if command.status == "withdrawn":
        return {"tone": "info", "text": _("%(wish)s taken back on %(date)s.", wish=wish, date=settled)}
    said = (_("%(wish)s refused on %(date)s: %(reason)s", wish=wish, date=settled, reason=command.error)
            if command.error else _("%(wish)s refused on %(date)s.", wish=wish, date=settled))  # fmt: skip
    return {"tone": "bad", "text": said}


def link_in(command: BillingCommand) -> str | None:
    """The page that the holder's reason names, such as one where a bank wants to be asked."""
    found = LINK.search(command.error or "") if command.status == REFUSED else None
    return found[0] if found else None
