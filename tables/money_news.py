"""What is to be told about an order's money: noted with the write that shows it, mailed by a job a little later.

One payment is told of by several events, in any order: an order, an invoice, a transaction. So each of them only leaves
a note at the order; when the job comes, everything is known, and one mail says it from the rows as they are by then.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import database
from tables.credit_memo import CreditMemo
from tables.invoice import REFUND as BILL_OF_REFUND
from tables.invoice import Invoice
from tables.order import Order

FRESH = timedelta(days=2)
"""What happened earlier is no news: an import or an inbox that is worked again mails nobody."""
SETTLES = timedelta(minutes=2)
"""How long the events about one payment take to come in."""
INVOICE_FOLLOWS = timedelta(minutes=10)
"""How long an order waits for its invoice before it is told without one."""
QUIET = timedelta(days=3)
"""How long after a mail about a failed payment there is no other one."""
LEASE = timedelta(minutes=10)
PAID = frozenset({"paid", "completed", "approved"})
FAILING = frozenset({"past-due", "delinquent", "failed"})
OWED = FAILING | {"unpaid", "partially-paid"}
NEVER_BEGAN = frozenset({"pending", "abandoned", "voided", "churned", "trial-ended", ""})
ORDER, INVOICE, FAILED, REFUND = "order", "invoice", "failed", "refund"


async def of_order(before: Order | None, order: Order, heard_at: datetime | None, *, settles: bool = True) -> None:
    """After a write of an order; `before` is the row as it was, `heard_at` when it happened, None for an import.

    `settles` says that an invoice may follow. The caller holds the vendor's row, as with all of these.
    """
    if not is_news(heard_at):
        return
    was = plain(before.billing_status) if before else None
    now = plain(order.billing_status)
    paid_at = heard_at if was is not None and was not in PAID else order.activated_at or order.placed_at
    on_trial = order.in_trial or plain(order.service_status) == "trialing"  # Its total is what it will cost.
    if now in PAID and (order.total or 0) > 0 and not on_trial and is_news(paid_at):
        await note(order, ORDER, INVOICE_FOLLOWS if settles else timedelta(0))
    began = "subscription" in order.order_type and plain(order.service_status) not in NEVER_BEGAN
    if began and now in FAILING and was not in FAILING:
        await note(order, FAILED, SETTLES)


async def of_invoice(before: Invoice | None, invoice: Invoice, order: Order, heard_at: datetime | None, *,
                     declined: bool = False) -> None:  # fmt: skip
    """After a write of an invoice; `declined` where the event itself says that a payment failed, in whatever state."""
    if not is_news(heard_at) or invoice.invoice_type == BILL_OF_REFUND:
        return
    was = plain(before.status) if before else None
    now = plain(invoice.status)
    paid_at = invoice.paid_at or (heard_at if was is not None and was not in PAID else invoice.issued_at)
    if now in PAID and (invoice.total or 0) > 0 and is_news(paid_at):
        await note(order, f"{INVOICE}:{invoice.id}", SETTLES)
    if (now in FAILING and was not in FAILING) or (declined and now not in PAID):
        await note(order, f"{FAILED}:{invoice.id}", SETTLES)


async def of_refunds(order: Order, memos: Sequence[CreditMemo], heard_at: datetime | None, *, known: bool) -> None:
    """After `CreditMemo.derive`, with what it returned; `known` says that the order, or its invoice, was here before.

    A refund that only a state tells of has the date of the order: then it is news where the order was known without it.
    """
    if not is_news(heard_at):
        return
    for memo in memos:
        if is_news(memo.issued_at) or (known and not memo.source.startswith("payment:")):
            await note(order, f"{REFUND}:{memo.id}", SETTLES)


def is_news(moment: datetime | None) -> bool:
    return moment is not None and database.now() - moment < FRESH


def plain(status: str) -> str:
    return status.lower().replace("_", "-")


def is_owed(invoice: Invoice) -> bool:
    """Whether an invoice is still to be paid."""
    return plain(invoice.status) in OWED and invoice.due != 0


async def claim_failure(order: Order) -> bool:
    """Whether its customer may be written to about a failed payment now: once in three days, however often it fails."""
    now = database.now()
    return bool(await database.raw(
        "UPDATE orders SET failure_told_at = {} WHERE vendor_id = {} AND id = {} "
        "AND (failure_told_at IS NULL OR failure_told_at <= {}) RETURNING id", now, order.vendor, order.id, now - QUIET,
    ))  # fmt: skip


async def note(order: Order, what: str, delay: timedelta) -> None:
    """Leave a note at the order, once for each `what` that is not told yet."""
    notes, due = await noted(order), database.now() + delay
    if what not in {one for one, _ in notes}:
        await keep(order, [*notes, (what, due)])


async def lease(limit: int) -> list[Any]:
    """Orders with something to tell; a worker that dies gives them back when the lease ends."""
    now = database.now()
    return await database.raw(
        f"{database.taking('orders', 'tell_at <= {}', limit, 'tell_at')} UPDATE orders SET tell_at = {{}} FROM taken "
        "WHERE orders.id = taken.taken_id RETURNING id, vendor_id", now, now + LEASE,
    )  # fmt: skip


async def take(order: Order) -> list[str]:
    """What is due of an order's notes, which are gone with it; the others stay for their time."""
    notes, now = await noted(order), database.now()
    await keep(order, [(what, due) for what, due in notes if due > now])
    return [what for what, due in notes if due <= now]


async def noted(order: Order) -> list[tuple[str, datetime]]:
    row = await Order.select(Order.to_tell).where(Order.vendor == order.vendor, Order.id == order.id).first()
    return [(what, datetime.fromisoformat(due)) for what, due in json.loads((row and row["to_tell"]) or "[]")]


async def keep(order: Order, notes: list[tuple[str, datetime]]) -> None:
    told = json.dumps([(what, due.isoformat()) for what, due in notes]) if notes else None
    await Order.update({Order.to_tell: told, Order.tell_at: min((due for _, due in notes), default=None)}).where(
        Order.vendor == order.vendor, Order.id == order.id
    )
