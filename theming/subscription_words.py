"""One subscription as its pages show it: what it costs and when, what was asked, what a change comes to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tables.billing_command import CONFIRMED, WITHDRAWN, BillingCommand
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.subscribing import OVER, PAUSED, is_overdue, next_charge, pending_of, regular_amount, state_of
from theming import change_words
from theming.card_words import card, card_facts
from theming.order_words import OrderWords, Words
from theming.words import _

SHOWN_DAYS = 30
"""How long a request that has been settled is shown with its subscription."""
DAY = timedelta(days=1)
SHRINKS = 100
"""What is due may be a hundredth less than it was when it was shown; never more."""


class SubscriptionWords(OrderWords):
    """Words for the subscriptions of one center."""

    def day(self, moment: Any) -> str:
        return change_words.date_of(self.center, moment)

    def facts(self, order: Order, lines: Sequence[Any], method: PaymentMethod | None, now: datetime) -> list[Words]:
        """The dates that are known, the next payment and what it is paid with."""
        state, upcoming = state_of(order, now), self.upcoming(order, lines, now)
        known = [
            (_("Started"), self.day(order.activated_at or order.placed_at)),
            (_("Trial ends"), self.day(order.trial_end_at) if order.service_status == "trialing" else ""),
            (_("Next payment"), upcoming),
            (_("Paused until"), self.day(order.resumes_at) if state == PAUSED else ""),
            (_("Paid until"), self.day(order.paid_until) if not upcoming else ""), (_("Canceled"), self.day(order.canceled_at)),
            (_("AutoPay method"), card(card_facts(method)) if method and state != OVER else ""),
        ]  # fmt: skip
        return [{"label": label, "value": value} for label, value in known if value]

    def upcoming(self, order: Order, lines: Sequence[Any], now: datetime) -> str:
        """`$9.00 on May 3, 2027`: the plan of that day, should it have changed by then."""
        at, pending = next_charge(order, lines, now), pending_of(order)
        if at is None:
            return ""
        amount, currency = regular_amount(lines), order.currency
        if pending and pending["at"] and pending["at"] < at + DAY:
            amount, currency = pending.get("amount"), pending.get("currency") or currency
        price = self.money(amount, currency)
        if order.tax:
            price = _("%(price)s plus tax", price=price)
        return _("%(price)s on %(date)s", price=price, date=self.day(at))

    def state_notice(self, order: Order, now: datetime) -> Words | None:
        """What the customer should know or do first."""
        if state_of(order, now) == OVER:
            return {"tone": "info", "text": _("This subscription has ended.")}
        if is_overdue(order):
            return {"tone": "bad", "text": _("A payment is overdue. Pay it to keep what belongs to this subscription.")}
        if state_of(order, now) == PAUSED and order.resumes_at:
            return {"tone": "warn", "text": _("Paused until %(date)s, and what belongs to it is closed until then.",
                                              date=self.day(order.resumes_at))}  # fmt: skip
        return self.notice(order)

    def pending_change(self, order: Order) -> Words | None:
        """The plan it changes to."""
        found = pending_of(order)
        if found is None:
            return None
        plan = change_words.plan_name(self, found)
        text = (_("Changes to %(plan)s, on %(date)s.", plan=plan, date=self.day(found["at"])) if found["at"]
                else _("Changes to %(plan)s, when the paid period ends.", plan=plan))  # fmt: skip
        return {"text": text}

    def request(self, command: BillingCommand | None, order: Order, now: datetime) -> Words | None:
        """The newest wish with its state; one that was settled long ago is of no interest any more."""
        if command is None or command.status == WITHDRAWN:
            return None
        if command.settled_at and (now - command.settled_at).days >= SHOWN_DAYS:
            return None
        if command.status == CONFIRMED and command.kind == "cancel" and order.service_status != "canceled":
            return None  # The subscription has gone on, or ended, since.
        return {**change_words.state(self.center, command), "details": change_words.details(self.center, command, order),
                "link": change_words.link_in(command), "can_be_withdrawn": command.can_be_withdrawn}  # fmt: skip

    def plan_row(self, plan: Any, order: Order) -> Words:
        """A plan on offer."""
        when = order.renewal_at or order.next_charge_at
        later = (_("Begins on %(date)s, when the time you have paid for is over.", date=self.day(when)) if when
                 else _("Begins when the time you have paid for is over."))  # fmt: skip
        return {"name": plan.name or _("Plan"), "price": self.plan_price(plan),
                "when": _("Begins at once.") if plan.upgrade else later}  # fmt: skip

    def plan_price(self, plan: Any) -> str:
        return self.every(self.money(plan.amount, plan.currency), plan.interval, plan.interval_count)

    def preview_facts(self, today: str, plan: Any, preview: Any) -> list[Words]:
        """What a change of plan comes to: today, next time, and when."""
        name = f"{plan.name}, {self.plan_price(plan)}" if plan.name else self.plan_price(plan)
        begins = self.day(preview.next_at) if preview.next_at else _("With the next period")
        return [
            {"label": label, "value": value} for label, value in (
                (_("Plan today"), today), (_("New plan"), name),
                (_("Begins"), begins if preview.at_period_end else _("At once")),
                (_("Due today"), self.due_now(preview)), (_("Next payment"), self.next_payment(preview)),
            ) if value
        ]  # fmt: skip

    def due_now(self, preview: Any) -> str:
        if preview.due_now is None:
            return _("Worked out by the payment system")
        if preview.due_now < 0:
            return _("Nothing; %(price)s is credited to you", price=self.money(-preview.due_now, preview.currency))
        return self.money(preview.due_now, preview.currency) if preview.due_now else _("Nothing")

    def next_payment(self, preview: Any) -> str:
        if preview.next_amount is None:
            return ""
        amount = self.money(preview.next_amount, preview.currency)
        if preview.next_at:
            return _("%(price)s on %(date)s", price=amount, date=self.day(preview.next_at))
        return _("%(price)s when the new period ends", price=amount)

    def change_button(self, plan: Any, preview: Any) -> str:
        """What the press does, with the amount in it."""
        if preview.due_now and preview.due_now > 0:
            return _("Pay %(price)s and change plan", price=self.money(preview.due_now, preview.currency))
        price = self.plan_price(plan)
        if preview.at_period_end and preview.next_at:
            return _("Change to %(price)s on %(date)s", price=price, date=self.day(preview.next_at))
        return _("Change to %(price)s", price=price)

    def choices(self, methods: Sequence[PaymentMethod], current: str | None, typed: str = "") -> list[Words]:
        """Payment methods to choose from: what was chosen, else the one in use, else the default is chosen already."""
        used = next((one.public_id for one in methods if one.reference == current), None)
        chosen = typed or used or (methods[0].public_id if methods else "")
        return [
            {"id": method.public_id, "label": self.method(method), "note": method.description,
             "current": method.reference == current, "chosen": method.public_id == chosen}
            for method in methods
        ]  # fmt: skip

    def method(self, method: PaymentMethod) -> str:
        label = card(card_facts(method))
        if not (method.exp_month and method.exp_year):
            return label
        return _(
            "%(card)s, expires %(month)s/%(year)s", card=label, month=f"{method.exp_month:02}", year=method.exp_year
        )


def plan_facts(line: Any) -> dict[str, Any]:
    """Today's plan as it is written down beside a wish."""
    return {"name": line.variant_name or line.product_name, "amount": line.amount, "currency": line.currency,
            "interval": line.interval, "interval_count": line.interval_count or 1}  # fmt: skip


def promise(preview: Any) -> str:
    """What a preview says, to be compared when the button is pressed."""
    return json.dumps([preview.due_now, preview.next_amount, preview.currency, preview.at_period_end])


def holds(seen: str, preview: Any) -> bool:
    """Whether what was seen still comes to the same, or to a cent or two less: what is prorated shrinks by the minute."""
    try:
        shown, *rest = json.loads(seen)
    except (ValueError, TypeError):
        return False
    now, *others = json.loads(promise(preview))
    if rest != others:
        return False
    less = shown - now if isinstance(shown, int) and isinstance(now, int) else -1
    return shown == now or 0 < less <= shown // SHRINKS
