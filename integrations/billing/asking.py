"""A customer's wish: written down for whoever can carry it out, with its receipt, in one transaction."""

from __future__ import annotations

from typing import Any

import database
from integrations.billing import news
from integrations.billing.holders import holder_of
from tables.billing_command import BillingCommand
from tables.invoice import Invoice
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor


async def ask(vendor: Vendor, customer_id: int, order: Order, kind: str, *, invoice: Invoice | None = None,
              method: PaymentMethod | None = None, **wish: Any) -> BillingCommand:  # fmt: skip
    """Wake the worker afterwards. Raises Underway while another wish about the subscription is open."""
    holder = holder_of(vendor, order, kind).name

    async def work() -> BillingCommand:
        command = await BillingCommand.ask(
            vendor.id, customer_id, kind, holder, order=order, invoice=invoice, method=method, **wish
        )
        await news.asked(command)
        return command

    return await database.transaction(work)


async def withdraw(command: BillingCommand) -> bool:
    """Take a wish back that has not gone out, or that only the vendor can carry out; False where it is too late."""

    async def work() -> bool:
        taken = await command.withdraw()
        if taken:
            await news.withdrawn(command)
        return taken

    return await database.transaction(work)
