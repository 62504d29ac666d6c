"""What was paid and given back for an order, and the billing state that follows from it."""

from __future__ import annotations

from typing import Any

from integrations.stripe.values import currency_of, identity, instant, minor, text
from tables.order import Order
from tables.payment import Payment

REASONS = {
    "requested_by_customer": "Requested by the customer", "duplicate": "Charged twice", "fraudulent": "Fraud",
    "expired_uncaptured_charge": "Not captured in time",
}  # fmt: skip
CREDIT_REASONS = {
    "duplicate": "Charged twice", "fraudulent": "Fraud", "order_change": "The order was changed",
    "product_unsatisfactory": "Not satisfied with the product",
}  # fmt: skip
STATES = {"succeeded": "completed", "canceled": "voided"}


async def keep_paid(order: Order, payment: dict[str, Any], version: str) -> None:
    """A payment of an invoice that went through."""
    key = identity(payment["payment"].get("payment_intent")) or identity(payment["payment"].get("charge"))
    if payment["status"] == "paid" and key:
        paid_at = (payment.get("status_transitions") or {}).get("paid_at") or payment["created"]
        await keep_sale(order, key, payment["amount_paid"], paid_at, version)


async def keep_sale(order: Order, key: str, amount: int, paid_at: int, version: str) -> None:
    values: dict[Any, Any] = {
        Payment.order: order.id, Payment.kind: "sale", Payment.status: "completed", Payment.currency: order.currency,
        Payment.amount: minor(amount, order.currency), Payment.made_at: instant(paid_at),
    }  # fmt: skip
    await Payment.record(order.vendor, key, version, values)


async def keep_refunds(order: Order, refunds: list[dict[str, Any]], version: str) -> None:
    for refund in refunds:
        status = STATES.get(refund["status"], text(refund["status"], 30))
        reason = REASONS.get(refund.get("reason") or "", text(refund.get("reason"), 300).replace("_", " "))
        await keep_refund(order, refund["id"], refund["amount"], currency_of(refund), reason, status, refund["created"],
                          version, identity(refund.get("payment_intent")))  # fmt: skip


async def keep_refund(order: Order, key: str, amount: int, currency: str, reason: str, status: str, at: int,
                      version: str, adjusts: str | None = None) -> None:  # fmt: skip
    values: dict[Any, Any] = {
        Payment.order: order.id, Payment.kind: "refund", Payment.status: status, Payment.reason: reason or None,
        Payment.amount: minor(amount, currency), Payment.currency: currency, Payment.made_at: instant(at),
        Payment.adjusts_clickfunnels_id: adjusts,
    }  # fmt: skip
    await Payment.record(order.vendor, key, version, values)


async def paid_state(order: Order) -> None:
    """The billing state of a single purchase, from all that is known of its payments by now."""
    if order.order_type == "subscription-order" or order.billing_status == "voided":
        return
    payments = await Payment.of(order.vendor, order.id)
    paid = sum(payment.amount or 0 for payment in payments if payment.is_paid)
    back = sum(payment.amount or 0 for payment in payments if payment.is_refund)
    state = "unpaid" if not paid and order.total else "paid"
    if back:
        state = "refunded" if back >= paid else "partially-refunded"
    order.billing_status = state
    await Order.update({Order.billing_status: state}).where(Order.vendor == order.vendor, Order.id == order.id)
