"""Money given back, as the vendor's people write it down: here it is recorded, at the payment processor it is paid.

A refund of an order that mirrors ClickFunnels may be told to us once more by ClickFunnels itself; `tables/credit_memo.py`
takes the two for one.
"""

from __future__ import annotations

import database
from tables.base import public_id
from tables.credit_memo import CreditMemo
from tables.order import Order
from tables.payment import RECORDED, Payment
from tables.vendor import Vendor

PAID = frozenset({"paid", "completed", "approved", "partially-refunded", "refunded", "refund-pending", "disputed"})


class TooMuch(ValueError):
    """More than is left of what was paid; `left` in minor units."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


async def left_of(order: Order) -> int:
    """What may still be given back, in minor units: what was paid, less every credit memo there is."""
    memos = await CreditMemo.of_order(order.vendor, order.id)
    return max(0, await paid_for(order) - sum(memo.amount or 0 for memo in memos))


async def paid_for(order: Order) -> int:
    """What came in for an order: its payments, or its total where only its state says that it was paid."""
    payments = [
        payment.amount or 0 for payment in await Payment.of(order.vendor, order.id)
        if payment.is_paid and payment.currency == order.currency
    ]  # fmt: skip
    if payments:
        return sum(payments)
    return (order.total or 0) if order.billing_status.replace("_", "-") in PAID else 0


async def record(order: Order, amount: int, reason: str) -> CreditMemo:
    """Write a refund down and make its credit memo, inside a transaction; raises TooMuch.

    It holds the vendor's row, so that two at a time cannot give back more than there is.
    """
    await Vendor.hold(order.vendor)
    left = await left_of(order)
    if not 0 < amount <= left:
        raise TooMuch(left)
    key = RECORDED + public_id()
    await Payment(
        vendor=order.vendor, order=order.id, clickfunnels_id=key, kind="refund", status="completed", amount=amount,
        currency=order.currency, reason=reason or None, made_at=database.now(),
    ).save()  # fmt: skip
    order.billing_status = "refunded" if amount == left else "partially-refunded"
    await Order.update({Order.billing_status: order.billing_status}).where(
        Order.vendor == order.vendor, Order.id == order.id
    )
    await CreditMemo.derive(order)
    memos = await CreditMemo.of_order(order.vendor, order.id)
    # A bill may have told of it already: then its memo is the one there was.
    return next((memo for memo in memos if memo.source == f"payment:{key}"), None) or next(
        memo for memo in memos if memo.amount == amount
    )
