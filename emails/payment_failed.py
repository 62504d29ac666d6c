"""A payment did not go through: how much, what becomes of the access, and the way to pay."""

from __future__ import annotations

from typing import Any

import emails
from emails import pay_link
from emails.paths import order_link
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import Order
from theming import words
from theming.center import Center
from theming.formats import money
from theming.money_words import card, date


async def queue(center: Center, customer: Customer, order: Order, bill: Invoice | None, method: Any) -> bool:
    """`bill` is the one that is open, where it is known. The link is good for 14 days."""
    center = center.speaking(customer.language)
    link = await pay_link.make(center, customer, order, bill.id if bill else None)
    owed = bill or order
    amount = bill.due if bill and bill.due else owed.total
    with words.speaking(center.locale, center.words):
        variables = {
            "first_name": customer.first_name, "name": order.summary or words._("Subscription"), "number": order.number,
            "invoice": bill.paper_number if bill else "", "amount": money(amount, owed.currency, center.locale) if amount else "",
            "method": card(method), "is_open": order.service_status in ("active", "trialing", "completed"),
            "link": link.address, "until": date(center, link.made.expires_at), "order": order_link(center, order),
        }  # fmt: skip
    return await emails.queue(
        center, "payment_failed", f"payment-failed:{link.made.id}", customer.email, variables, hidden=(link.token,),
        customer=customer.id,
    )  # fmt: skip
