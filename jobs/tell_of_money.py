"""Mails what there is to tell about orders' money: receipts, payments that failed, refunds (tables/money_news.py)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import structlog

import database
from emails import credit_memo, payment_failed, receipt
from jobs.apart import apart
from jobs.stopping import Stopping
from tables import money_news
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.invoice import REFUND, Invoice
from tables.mail import Mail
from tables.order import Order
from tables.paper_content import invoice_content
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming.center import Center, center_of

BATCH = 20

log = structlog.get_logger("money")


async def tell_of_money(stopping: Stopping) -> int:
    """Each order in a transaction of its own; returns how many were taken."""
    rows = await money_news.lease(BATCH)
    for row in rows:
        if stopping.asked:
            break
        await apart(tell(row["vendor_id"], row["id"]), order=row["id"])
    return len(rows)


class About(NamedTuple):
    """Whom and what it is about."""

    vendor: Vendor
    center: Center
    customer: Customer
    order: Order

    async def method(self) -> PaymentMethod | None:
        return await PaymentMethod.by_reference(self.vendor.id, self.customer.id, self.order.payment_method)


async def tell(vendor_id: int, order_id: int) -> None:
    """What is due of an order's notes, with the mails, in one transaction. An account that is closed is told nothing."""
    vendor = await Vendor.by_id(vendor_id)
    assert vendor is not None

    async def work() -> list[str]:
        await Vendor.hold(vendor_id)
        order = await Order.behind(vendor_id, order_id)
        customer = await Customer.by_id(vendor_id, order.customer) if order else None
        if order is None or customer is None:
            return []
        notes = await money_news.take(order)
        if customer.may_enter and order.deleted_at is None:
            await say(About(vendor, center_of(vendor), customer, order), notes)
        return notes

    notes = await database.transaction(work)
    log.info("told", vendor=vendor.slug, order=order_id, of=notes)


async def say(about: About, notes: list[str]) -> None:
    for what, _, detail in (note.partition(":") for note in notes):
        await SAY[what](about, int(detail or 0))


async def of_order(about: About, _: int) -> None:
    """An order without an invoice; where there is one, that has a note of its own."""
    order = about.order
    if not about.vendor.mail_receipts or money_news.plain(order.billing_status) not in money_news.PAID:
        return
    if not [bill for bill in await Invoice.of(order.vendor, order.id) if bill.invoice_type != REFUND]:
        content = await invoice_content(order, None)
        await receipt.queue(about.center, about.customer, order, None, content, await about.method())


async def of_invoice(about: About, invoice_id: int) -> None:
    """One that is paid, unless the order's own receipt has told of that payment."""
    order = about.order
    bill = await own(order, invoice_id)
    if not about.vendor.mail_receipts or bill is None or money_news.plain(bill.status) not in money_news.PAID:
        return
    if await told_with(order, bill):
        return
    content = await invoice_content(order, bill)
    await receipt.queue(about.center, about.customer, order, bill, content, await about.method())


async def told_with(order: Order, bill: Invoice) -> bool:
    mail = await (
        Mail.select(Mail.created_at)
        .where(Mail.vendor == order.vendor, Mail.dedupe_key == receipt.key(order, None))
        .first()
    )
    return mail is not None and (bill.paid_at is None or bill.paid_at <= mail["created_at"])


async def of_failure(about: About, invoice_id: int) -> None:
    """Only while it is still to be paid, and once in three days for an order."""
    order, bills = about.order, await Invoice.of(about.order.vendor, about.order.id)
    owed = [bill for bill in bills if bill.invoice_type != REFUND and money_news.is_owed(bill)]
    bill = next((bill for bill in owed if bill.id == invoice_id), owed[0] if owed else None)
    if bill is None and money_news.plain(order.billing_status) not in money_news.FAILING:
        return
    if about.vendor.mail_reminders and await money_news.claim_failure(order):
        await payment_failed.queue(about.center, about.customer, order, bill, await about.method())


async def of_refund(about: About, memo_id: int) -> None:
    """One that is still a refund by now: another event may have told it better."""
    memos = await CreditMemo.of_order(about.order.vendor, about.order.id) if about.vendor.mail_receipts else ()
    if memo := next((memo for memo in memos if memo.id == memo_id), None):
        await credit_memo.queue(about.center, about.customer, memo, about.order.number)


async def own(order: Order, invoice_id: int) -> Invoice | None:
    return await Invoice.objects().where(
        Invoice.vendor == order.vendor, Invoice.order == order.id, Invoice.id == invoice_id, Invoice.deleted_at.is_null()
    ).first()  # fmt: skip


SAY: dict[str, Callable[[About, int], Awaitable[None]]] = {
    money_news.ORDER: of_order, money_news.INVOICE: of_invoice, money_news.FAILED: of_failure,
    money_news.REFUND: of_refund,
}  # fmt: skip
