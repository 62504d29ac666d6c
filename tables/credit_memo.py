"""Money given back, as a document; ClickFunnels has none, so they follow from its refunds (ClickFunnels docs: orders)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from database import Bound
from tables.base import Owned, minor, text
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import Order
from tables.payment import Payment
from tables.timestamps import moment

PAGE = 20
UNDONE = frozenset({"draft", "voided"})


class Refund(NamedTuple):
    """One refund as the best source at hand tells it."""

    issued_at: datetime
    source: str
    amount: int
    currency: str
    reason: str | None


class CreditMemo(Owned, Table, tablename="credit_memos"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    order = ForeignKey(Order, null=False, db_column_name="order_id")
    number = Varchar(length=80)
    source = Varchar(length=80)
    amount = minor()
    currency = Varchar(length=3, default="USD")
    reason = text(300)
    issued_at = moment()

    @classmethod
    async def derive(cls, order: Order) -> None:
        """Bring an order's memos in line with all its refunds known so far.

        One refund may be told three times (a refund transaction, a refund invoice, the order's own status), in any
        order. So the memos are worked out anew from everything known, the most exact kind of source alone counting,
        and numbered in the order of the refunds: the same facts give the same memos, whatever came first.
        """
        refunds = await cls.refunds(order)
        kept = await cls.objects().where(cls.vendor == order.vendor, cls.order == order.id).order_by(cls.id)
        for position, refund in enumerate(refunds):
            memo = kept[position] if position < len(kept) else cls(
                vendor=order.vendor, customer=order.customer, order=order.id
            )  # fmt: skip
            memo.number = f"{order.number}-C{position + 1}"
            memo.source, memo.amount, memo.currency = refund.source, refund.amount, refund.currency
            memo.reason, memo.issued_at, memo.customer = refund.reason, refund.issued_at, order.customer
            await memo.save()
        if surplus := [memo.id for memo in kept[len(refunds) :]]:
            await cls.delete().where(cls.vendor == order.vendor, cls.order == order.id, cls.id.is_in(surplus))

    @classmethod
    async def refunds(cls, order: Order) -> list[Refund]:
        """An order's refunds, oldest first, from the most exact source: transactions, else invoices, else the order."""
        payments = [payment for payment in await Payment.of(order.vendor, order.id) if payment.is_refund]
        if payments:
            found = [
                Refund(payment.made_at, f"payment:{payment.clickfunnels_id}", abs(payment.amount or 0),
                       payment.currency, payment.reason)
                for payment in payments
            ]  # fmt: skip
        else:
            invoices = await Invoice.of(order.vendor, order.id)
            bills = [bill for bill in invoices if bill.invoice_type == "refund" and bill.status not in UNDONE] or [
                bill for bill in invoices if bill.status == "refunded"
            ]
            found = [
                Refund(bill.issued_at or order.placed_at, f"invoice:{bill.clickfunnels_id}", abs(bill.total or 0),
                       bill.currency, None)
                for bill in bills
            ]  # fmt: skip
        if not found and order.billing_status == "refunded":
            found = [Refund(order.placed_at, "order", order.total or 0, order.currency, None)]
        return sorted(found)

    @classmethod
    async def of_order(cls, vendor_id: int, order_id: int) -> list[Self]:
        return await cls.objects().where(cls.vendor == vendor_id, cls.order == order_id).order_by(cls.issued_at, cls.id)


credit_memos_of = Bound(
    lambda vendor, customer, below: CreditMemo.select(
        CreditMemo.id, CreditMemo.number, CreditMemo.amount, CreditMemo.currency, CreditMemo.reason,
        CreditMemo.issued_at, CreditMemo.order.number.as_alias("order_number"),
    ).where(CreditMemo.vendor == vendor, CreditMemo.customer == customer, CreditMemo.id < below)
    .order_by(CreditMemo.id, ascending=False).limit(PAGE + 1),
    "vendor", "customer", "below",
)  # fmt: skip
credit_memo_by_number = Bound(
    lambda vendor, customer, number: CreditMemo.select(
        CreditMemo.number, CreditMemo.amount, CreditMemo.currency, CreditMemo.reason, CreditMemo.issued_at,
        CreditMemo.order.number.as_alias("order_number"), CreditMemo.order.id.as_alias("order_id"),
    ).where(CreditMemo.vendor == vendor, CreditMemo.customer == customer, CreditMemo.number == number),
    "vendor", "customer", "number",
)  # fmt: skip
