"""Invoices, the payments made for them, and what follows from both: credit memos."""

from __future__ import annotations

from typing import Any

from integrations.billing import news
from integrations.clickfunnels import orders
from integrations.clickfunnels.envelope import Event, NotUnderstood
from integrations.clickfunnels.records import Parked, known, record, told
from integrations.clickfunnels.values import Values, collect, currency_of, identity, named, part, parts
from tables import money_news
from tables.credit_memo import CreditMemo
from tables.invoice import Invoice, InvoiceLine
from tables.money import to_minor
from tables.order import Order
from tables.payment import Payment

INVOICE_COLUMNS = {
    "invoice_number": Invoice.number, "invoice_type": Invoice.invoice_type, "status": Invoice.status,
    "subtotal_amount": Invoice.subtotal, "tax_amount": Invoice.tax, "shipping_amount": Invoice.shipping,
    "discount_amount": Invoice.discount, "total_amount": Invoice.total, "due_amount": Invoice.due,
    "issued_at": Invoice.issued_at, "due_at": Invoice.due_at, "paid_at": Invoice.paid_at,
}  # fmt: skip
LINE_COLUMNS = {
    "id": InvoiceLine.clickfunnels_id, "description": InvoiceLine.description, "quantity": InvoiceLine.quantity,
    "amount": InvoiceLine.amount, "discount_amount": InvoiceLine.discount,
    "period_start_at": InvoiceLine.period_start_at, "period_end_at": InvoiceLine.period_end_at,
    "fulfillment_status": InvoiceLine.fulfillment_status,
}  # fmt: skip
INVOICE_MARKS = frozenset({"invoice_type", "invoice_number", "due_amount"})
ORDER_MARKS = frozenset({"order_type", "billing_status"})
DECLINED = "declined"
"""What stands in the type of an event that tells of a failed payment."""
TAXES = ("state_tax_amount", "county_tax_amount", "city_tax_amount", "district_tax_amount")
PAYMENT_COLUMNS = {
    "external_type": Payment.kind, "status": Payment.status, "result": Payment.result, "reason": Payment.reason,
    "amount": Payment.amount, "adjusted_transaction_id": Payment.adjusts_clickfunnels_id, "created_at": Payment.made_at,
}  # fmt: skip


async def update_invoice(event: Event) -> str:
    """Every invoice event. The order inside is short, and only its id is used."""
    data = event.data
    order = await order_of(event, data)
    currency = currency_of(data, order.currency)
    values = {**collect(data, INVOICE_COLUMNS, currency), Invoice.currency: currency, Invoice.order: order.id}
    before = await known(event, Invoice, event.subject)
    invoice, newest = await record(event, Invoice, values, data)
    if newest and "line_items" in data:
        lines = [invoice_line(line, currency) for line in parts(data, "line_items")]
        await InvoiceLine.replace(event.vendor_id, invoice.id, lines)
    await money_news.of_refunds(order, await CreditMemo.derive(order), event.heard_at, known=before is not None)
    await money_news.of_invoice(
        before, invoice, order, event.heard_at, declined=newest and DECLINED in event.type.lower()
    )
    await news.mirrored(order)
    return told(f"invoice {invoice.number or event.subject} of order {order.number}", newest)


async def update_payment(event: Event) -> str:
    """orders/transaction.created, updated."""
    data = event.data
    order = await order_of(event, data)
    currency = currency_of(data, order.currency)
    values: Values = {**collect(data, PAYMENT_COLUMNS, currency), Payment.currency: currency, Payment.order: order.id}
    if values.get(Payment.made_at) is None:
        values[Payment.made_at] = event.happened_at
    payment, newest = await record(event, Payment, values, data)
    await money_news.of_refunds(order, await CreditMemo.derive(order), event.heard_at, known=True)
    return told(f"{payment.kind or 'payment'} {event.subject} of order {order.number}", newest)


async def update_either(event: Event) -> str:
    """An event that may carry an invoice or an order: which is written down nowhere, so its shape decides.

    These are renewal-invoice-payment-declined, one-time-order.invoice.paid and subscription.invoice.paid.
    """
    if INVOICE_MARKS & event.data.keys():
        return await update_invoice(event)
    if ORDER_MARKS & event.data.keys():
        return await orders.update(event)
    raise NotUnderstood(f"no rule for {event.type} without its invoice or order")


async def order_of(event: Event, data: dict[str, Any]) -> Order:
    """The order that money moved for; raises Parked until it is known."""
    named_order = data.get("order_id") or part(data, "order").get("id")
    order = await known(event, Order, identity(named_order, "order_id"))
    if order is None:
        raise Parked(f"order:{identity(named_order, 'order_id')}")
    return order


def invoice_line(data: dict[str, Any], currency: str) -> dict[str, Any]:
    """A line with its four taxes as one; ClickFunnels sends them as numbers or as text."""
    taxes = [tax for key in TAXES if (tax := to_minor(data.get(key), currency)) is not None]
    line = {**collect(data, LINE_COLUMNS, currency), InvoiceLine.currency: currency}
    return named({**line, InvoiceLine.tax: sum(taxes) if taxes else None})
