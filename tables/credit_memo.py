"""Money given back, as a document; ClickFunnels has none, so they follow from its refunds (ClickFunnels docs: orders)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from database import Bound
from tables.base import Owned, minor, text
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import Order
from tables.payment import RECORDED, Payment
from tables.timestamps import moment

PAGE = 20
TOLD = 0
"""What a payment is worth that the processor told of, see `worth`."""
UNDONE = frozenset({"draft", "voided"})


class Refund(NamedTuple):
    """One refund as the best source at hand tells it."""

    issued_at: datetime
    source: str
    amount: int
    currency: str
    reason: str | None
    arrived: int = 0
    """The id of its payment: what was told of later has a higher one. 0 where no payment tells of it."""


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
    async def derive(cls, order: Order) -> list[Self]:
        """Bring an order's memos in line with all its refunds known so far; returns those that there were not before.

        One refund may be told three times (a refund transaction, a refund invoice, the order's own status), in any
        order. So the memos are worked out anew from everything known, the most exact kind of source alone counting:
        the same facts give the same memos, whatever came first. Their numbers alone tell what came first, for a memo
        keeps the one it was issued with.
        """
        refunds = await cls.refunds(order)
        kept = await cls.objects().where(cls.vendor == order.vendor, cls.order == order.id).order_by(cls.id)
        standing = matched(refunds, kept)
        made = []
        for refund in refunds:
            values: dict[Any, Any] = {
                cls.source: refund.source, cls.amount: refund.amount, cls.currency: refund.currency,
                cls.reason: refund.reason, cls.issued_at: refund.issued_at, cls.customer: order.customer,
            }  # fmt: skip
            if memo := standing.get(refund):
                await cls.update(values).where(cls.vendor == order.vendor, cls.id == memo.id)
            else:
                values[cls.number] = await cls.next_number(order)
                made.append(cls({cls.vendor: order.vendor, cls.order: order.id, **values}))
                await made[-1].save()
        stays = {memo.id for memo in standing.values()}
        if surplus := [memo.id for memo in kept if memo.id not in stays]:
            await cls.delete().where(cls.vendor == order.vendor, cls.order == order.id, cls.id.is_in(surplus))
        return made

    @classmethod
    async def next_number(cls, order: Order) -> str:
        """The order's next number that no memo ever had; the caller holds the vendor's row."""
        while True:
            rows = await database.raw(
                "UPDATE orders SET next_memo_number = next_memo_number + 1 WHERE vendor_id = {} AND id = {} "
                "RETURNING next_memo_number - 1 AS number", order.vendor, order.id,
            )  # fmt: skip
            number = f"{order.number}-C{rows[0]['number']}"
            if not await cls.exists().where(cls.vendor == order.vendor, cls.number == number):
                return number

    @classmethod
    async def refunds(cls, order: Order) -> list[Refund]:
        """An order's refunds, oldest first: what ClickFunnels tells, and what the vendor's people wrote down besides."""
        payments = [payment for payment in await Payment.of(order.vendor, order.id) if payment.is_refund]
        recorded = [refund_of(payment) for payment in payments if payment.is_recorded_here]
        told = [refund_of(payment) for payment in payments if not payment.is_recorded_here]
        told = told or await cls.refunds_of_invoices(order)
        if not told and order.billing_status == "refunded":
            rest = (order.total or 0) - sum(refund.amount for refund in recorded)
            told = [Refund(order.placed_at, "order", rest, order.currency, None)] if rest > 0 or not recorded else []
        return sorted(once(told, recorded))

    @classmethod
    async def refunds_of_invoices(cls, order: Order) -> list[Refund]:
        """The second best source: bills for a refund, else bills that were refunded."""
        invoices = await Invoice.of(order.vendor, order.id)
        bills = [bill for bill in invoices if bill.invoice_type == "refund" and bill.status not in UNDONE] or [
            bill for bill in invoices if bill.status == "refunded"
        ]
        return [
            Refund(bill.issued_at or order.placed_at, f"invoice:{bill.clickfunnels_id}", abs(bill.total or 0),
                   bill.currency, None)
            for bill in bills
        ]  # fmt: skip

    @classmethod
    async def numbered(cls, vendor_id: int, number: str) -> Self | None:
        """The vendor's memo with this number, whosever it is: for the vendor's own people."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.number == number).first()

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, number: str) -> Self | None:
        """The customer's own memo with this number."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.number == number
        ).first()  # fmt: skip

    @classmethod
    async def of_order(cls, vendor_id: int, order_id: int) -> list[Self]:
        return await cls.objects().where(cls.vendor == vendor_id, cls.order == order_id).order_by(cls.issued_at, cls.id)


def matched(refunds: Sequence[Refund], kept: Sequence[CreditMemo]) -> dict[Refund, CreditMemo]:
    """Which memo stands for which refund: the one with its source, else one of its amount that a worse source told of,
    else by their sequence, for a better source may know the amount better. Two payments are never one refund.
    """
    found: dict[Refund, CreditMemo] = {}
    left = list(kept)
    told = {refund.source for refund in refunds}
    for fits in (
        lambda refund, memo: memo.source == refund.source,
        lambda refund, memo: memo.source not in told and worth(memo.source) > worth(refund.source)
        and (memo.amount, memo.currency) == (refund.amount, refund.currency),
        lambda refund, memo: memo.source not in told and not worth(memo.source) == worth(refund.source) == TOLD,
    ):  # fmt: skip
        for refund in refunds:
            memo = None if refund in found else next((memo for memo in left if fits(refund, memo)), None)
            if memo:
                found[refund] = memo
                left.remove(memo)
    return found


def worth(source: str) -> int:
    """How exactly a source tells of a refund; less is better."""
    if source.startswith("payment:"):
        return TOLD + source.startswith(f"payment:{RECORDED}")
    return 2 if source.startswith("invoice:") else 3


def refund_of(payment: Payment) -> Refund:
    return Refund(
        payment.made_at,
        f"payment:{payment.clickfunnels_id}",
        abs(payment.amount or 0),
        payment.currency,
        payment.reason,
        payment.id,
    )


def once(told: list[Refund], recorded: list[Refund]) -> list[Refund]:
    """Both lists as one, in which a refund that was written down here and told by ClickFunnels as well stands once.

    They are the same when their amounts are: whoever records a refund gives it back at the processor, which tells
    ClickFunnels. A payment that was here before is another refund. The memo keeps the day and the reason of the one
    that was written down.
    """
    left, found = list(told), []
    for own in sorted(recorded):
        same = next((one for one in left if (one.amount, one.currency) == (own.amount, own.currency)
                     and not 0 < one.arrived < own.arrived), None)  # fmt: skip
        if same:
            left.remove(same)
            found.append(own._replace(source=same.source, reason=own.reason or same.reason))
        else:
            found.append(own)
    return [*found, *left]


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
