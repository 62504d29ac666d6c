"""A payment has arrived: what it was for, and where the invoice is. Once for each invoice, ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import emails
from emails.paths import invoice_link, order_link, subscription_path
from tables.customer import Customer
from tables.invoice import Invoice, InvoiceLine
from tables.order import Order
from tables.reminding import charge_at
from theming import words
from theming.center import Center
from theming.formats import money
from theming.money_words import bill_items, card, columns, date, order_items, totals


async def queue(center: Center, customer: Customer, order: Order, bill: Invoice | None, lines: Sequence[Any],
                method: Any) -> bool:  # fmt: skip
    """`lines` are the invoice's, or the order's where there are none; `method` is what it was paid with, if known."""
    center, path = center.speaking(customer.language), await subscription_path(center, order)
    paid = bill or order
    with words.speaking(center.locale, center.words):
        items = bill_items(center, bill, lines) if bill and of_bill(lines) else order_items(center, lines)
        sums = totals(center, paid.currency, paid.total, parts_of(bill, order))
        variables = {
            "first_name": customer.first_name, "number": order.number, "invoice": bill.number if bill else "",
            "amount": money(paid.total, paid.currency, center.locale), "items": items, "sums": sums,
            "columns": columns(center, items, sums), "method": card(method),
            "paid_on": date(center, (bill.paid_at or bill.issued_at) if bill else order.activated_at or order.placed_at),
            "next_charge": date(center, charge_at(order)), "link": order_link(center, order),
            "paper": invoice_link(center, order, bill), "subscription": center.link(path) if path else "",
        }  # fmt: skip
    return await emails.queue(center, "receipt", key(order, bill), customer.email, variables, customer=customer.id)


def of_bill(lines: Sequence[Any]) -> bool:
    return bool(lines) and isinstance(lines[0], InvoiceLine)


def key(order: Order, bill: Invoice | None) -> str:
    return f"receipt:invoice:{bill.id}" if bill else f"receipt:order:{order.id}"


def parts_of(bill: Invoice | None, order: Order) -> dict[str, int | None]:
    if bill is None:
        return {"tax": order.tax}
    return {"subtotal": bill.subtotal, "discount": bill.discount, "shipping": bill.shipping, "tax": bill.tax}
