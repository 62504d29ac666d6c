"""A subscription is charged in a few days, or a trial becomes a paid subscription. Once for each date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import emails
from emails.paths import subscription_path
from tables.customer import Customer
from tables.order import Order
from theming import words
from theming.center import Center
from theming.formats import money
from theming.money_words import card, date


async def queue(center: Center, customer: Customer, order: Order, charge: Any, method: Any, *,
                may_cancel: bool) -> bool:  # fmt: skip
    """`charge` is a `tables.reminding.Charge`; `method` what it is charged to, if known."""
    center, path = center.speaking(customer.language), await subscription_path(center, order)
    with words.speaking(center.locale, center.words):
        variables = {
            "first_name": customer.first_name, "name": order.summary or words._("Subscription"), "number": order.number,
            "date": date(center, charge.at), "amount": money(charge.amount, charge.currency, center.locale),
            "plus_tax": charge.plus_tax, "trial": charge.ends_trial, "plan": charge.new_plan, "method": card(method),
            "link": center.link(path) if path else center.link("/account"),
            "cancellation": center.link(f"{path}/cancellation") if path and may_cancel else "",
        }  # fmt: skip
    return await emails.queue(
        center, "upcoming_renewal", f"renewal:{order.id}:{day_of(charge.at, center)}", customer.email, variables,
        customer=customer.id,
    )  # fmt: skip


def day_of(moment: datetime, center: Center) -> str:
    return moment.astimezone(center.zone).date().isoformat()
