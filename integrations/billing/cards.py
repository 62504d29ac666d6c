"""Wishes about payment methods: written down for whoever holds them, with the receipt, in one transaction."""

from __future__ import annotations

from typing import Any

import database
from integrations.billing import news
from integrations.billing.holders import holder_of, holder_of_method
from tables.billing_command import MANUAL, PAY, USE_METHOD, BillingCommand
from tables.invoice import Invoice
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming.card_words import card_facts


async def ask(vendor: Vendor, method: PaymentMethod, kind: str, **wish: Any) -> BillingCommand:
    """Of the method alone. Wake the worker afterwards. Raises Underway while another wish about it is open."""
    return await database.transaction(lambda: ask_inside(vendor, method, kind, **wish))


async def ask_inside(vendor: Vendor, method: PaymentMethod, kind: str, **wish: Any) -> BillingCommand:
    """The same in a transaction of the caller's."""
    holder = holder_of_method(vendor, method, kind).name
    command = await BillingCommand.ask(
        vendor.id, method.customer, kind, holder, method=method, card=card_facts(method), **wish
    )
    await news.asked(command)
    return command


async def ask_to_use(vendor: Vendor, order: Order, method: PaymentMethod) -> BillingCommand:
    """That a subscription is paid with it, in a transaction of the caller's. Raises Underway."""
    holder = holder_of(vendor, order, USE_METHOD).name
    command = await BillingCommand.ask(
        vendor.id, order.customer, USE_METHOD, holder, order=order, method=method, reference=method.reference,
        card=card_facts(method),
    )  # fmt: skip
    await news.asked(command)
    return command


async def ask_to_pay(vendor: Vendor, order: Order, invoice: Invoice, method: PaymentMethod | None) -> BillingCommand:
    """That a bill is paid now, with this method or the one the subscription has. Raises Underway."""
    holder = holder_of(vendor, order, PAY).name

    async def work() -> BillingCommand:
        wish = {"amount": invoice.due, "currency": invoice.currency, "number": invoice.number}
        wish |= {"reference": method.reference, "card": card_facts(method)} if method else {}
        command = await BillingCommand.ask(
            vendor.id, order.customer, PAY, holder, order=order, invoice=invoice, method=method, **wish
        )
        await news.asked(command)
        return command

    return await database.transaction(work)


def can_pay(vendor: Vendor, order: Order) -> bool:
    """Whether a bill can be paid from here, without the vendor's doing."""
    return holder_of(vendor, order, PAY).name != MANUAL
