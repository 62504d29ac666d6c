"""What follows from every write of an order's money, whoever told of it."""

from __future__ import annotations

from datetime import datetime

from integrations.billing import news
from tables import money_news
from tables.credit_memo import CreditMemo
from tables.invoice import Invoice
from tables.order import Order


async def of_order(before: Order | None, order: Order, heard_at: datetime | None) -> None:
    """`before` is the row as it was; `heard_at` when it happened, None where it is no news.

    A subscription's invoice follows; what was bought on a Checkout page has none.
    """
    await refunds(order, heard_at, known=before is not None)
    await money_news.of_order(before, order, heard_at, settles=order.order_type == "subscription-order")
    await news.mirrored(order)


async def of_invoice(before: Invoice | None, invoice: Invoice, order: Order, heard_at: datetime | None) -> None:
    """Stripe has next to no other news of an overdue invoice than that it was tried again."""
    await refunds(order, heard_at, known=before is not None)
    await money_news.of_invoice(before, invoice, order, heard_at, declined=invoice.status == "past-due")
    await news.mirrored(order)


async def of_payment(order: Order, heard_at: datetime | None) -> None:
    await refunds(order, heard_at, known=True)
    await news.mirrored(order)


async def refunds(order: Order, heard_at: datetime | None, *, known: bool) -> None:
    await money_news.of_refunds(order, await CreditMemo.derive(order), heard_at, known=known)
