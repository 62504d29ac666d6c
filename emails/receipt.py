"""A payment has arrived: what it was for, and where the invoice is. Once for each invoice, ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import emails
from emails.paths import invoice_file_link, invoice_link, order_link, subscription_path
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import Order
from tables.reminding import charge_at
from theming import words
from theming.center import Center
from theming.formats import money
from theming.money_words import bill as bill_words
from theming.money_words import card, columns, date


async def queue(center: Center, customer: Customer, order: Order, bill: Invoice | None, content: Mapping[str, Any],
                method: Any) -> bool:  # fmt: skip
    """`content` is that of the paper (`tables.paper_content`); `method` is what it was paid with, if known."""
    center, path = center.speaking(customer.language), await subscription_path(center, order)
    with words.speaking(center.locale, center.words):
        items, sums, notes = bill_words(center, content)
        variables = {
            "first_name": customer.first_name, "number": order.number, "invoice": bill.paper_number if bill else "",
            "amount": money(content["total"], content["currency"], center.locale), "items": items, "sums": sums,
            "columns": columns(center, items, sums), "notes": notes, "method": card(method),
            "paid_on": date(center, datetime.fromisoformat(content["paid_at"]) if content["paid_at"] else order.activated_at),
            "next_charge": date(center, charge_at(order)), "link": order_link(center, order),
            "paper": invoice_link(center, order, bill), "file": invoice_file_link(center, order, bill),
            "subscription": center.link(path) if path else "",
        }  # fmt: skip
    return await emails.queue(center, "receipt", key(order, bill), customer.email, variables, customer=customer.id)


def key(order: Order, bill: Invoice | None) -> str:
    return f"receipt:invoice:{bill.id}" if bill else f"receipt:order:{order.id}"
