"""Money that moved at Stripe: payments of invoices, purchases through a Checkout page, refunds.

What begins everything is the payment intent: charges, refunds and Checkout sessions all name one. One that neither an
invoice nor a Checkout session stands behind is left alone: other shops, ClickFunnels' own among them, may charge
through the same account, and their orders reach us another way.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.clickfunnels.envelope import NotUnderstood
from integrations.stripe import after, invoices, subscriptions
from integrations.stripe.customers import buyer_of
from integrations.stripe.looks import Look
from integrations.stripe.payments import keep_refunds, keep_sale, paid_state
from integrations.stripe.values import currency_of, identity, inside, instant, minor, moment, text
from tables.order import Order, OrderLine
from tables.payment import Payment

if TYPE_CHECKING:
    from stripe import StripeClient


async def look(stripe: StripeClient, vendor_id: int, key: str, heard_at: datetime | None = None) -> Look:
    """Fetch what a payment intent paid for, and what was given back of it."""
    version = moment()
    bills = await stripe.v1.invoice_payments.list_async({"payment": {"type": "payment_intent", "payment_intent": key}})
    session = None if bills.data else await session_of(stripe, key)
    refunds = await stripe.v1.refunds.list_async({"payment_intent": key, "limit": 100})
    back = [row.to_dict() for row in refunds.data]
    bill = identity(bills.data[0].to_dict()["invoice"] if session is None else session.get("invoice"))
    if bill is not None:
        inner = await invoices.look(stripe, vendor_id, bill, heard_at)
        return partial(write_refunds, vendor_id, key, back, inner, version, heard_at)
    assert session is not None
    if inside(session, "invoice_creation", "enabled"):
        raise NotUnderstood("its invoice will tell of it")
    intent = (await stripe.v1.payment_intents.retrieve_async(key)).to_dict()
    return partial(write, vendor_id, session, intent, back, version, heard_at)


async def session_of(stripe: StripeClient, key: str) -> dict[str, Any]:
    """The Checkout session that a payment was made in; raises NotUnderstood where there is none."""
    sessions = await stripe.v1.checkout.sessions.list_async(
        {"payment_intent": key, "limit": 1, "expand": ["data.line_items", "data.customer"]}
    )
    if not sessions.data:
        raise NotUnderstood("neither an invoice nor a Checkout page stands behind this payment")
    return sessions.data[0].to_dict()


async def write_refunds(
    vendor_id: int, key: str, refunds: list[dict[str, Any]], inner: Look, version: str, heard_at: datetime | None
) -> str:
    """The invoice, and what was given back of its payment."""
    outcome = await inner()
    payment = await Payment.known(vendor_id, key)
    order = await Order.behind(vendor_id, payment.order) if payment else None
    if order is None:
        return outcome
    await keep_refunds(order, refunds, version)
    await paid_state(order)
    await after.of_payment(order, heard_at)
    return f"payment {key} of order {order.number} updated"


async def write(
    vendor_id: int, session: dict[str, Any], intent: dict[str, Any], refunds: list[dict[str, Any]], version: str,
    heard_at: datetime | None,
) -> str:  # fmt: skip
    """A purchase through a Checkout page in payment mode is an order of its own, once it is paid."""
    if intent["status"] != "succeeded":
        return "not paid yet"
    buyer = await buyer_of(vendor_id, person_of(session), instant(session["created"]))
    before = await Order.known(vendor_id, intent["id"])
    lines = [line_of(line) for line in (session.get("line_items") or {}).get("data", [])]
    currency, key = currency_of(intent), intent["id"]
    values: dict[Any, Any] = {
        Order.customer: buyer.id, Order.order_type: "one-time-order", Order.placed_at: instant(session["created"]),
        Order.currency: currency, Order.total: minor(intent["amount_received"], currency),
        Order.tax: minor((session.get("total_details") or {}).get("amount_tax"), currency),
        Order.billing_status: "paid", Order.service_status: "active", Order.activated_at: instant(intent["created"]),
        Order.payment_processor: "stripe",
        Order.summary: subscriptions.summary(lines) or text(intent.get("description"), 300),
        **({} if buyer.closed else {Order.payment_method: identity(intent.get("payment_method"))}),
        **({} if before else {Order.number: await Order.free_number(vendor_id, key, f"P-{key[-10:].upper()}")}),
    }  # fmt: skip
    order, newest = await Order.record(vendor_id, key, version, values)
    if newest and lines:
        await OrderLine.replace(vendor_id, order.id, lines)
        await subscriptions.bring(order, buyer, lines, heard_at)
    await keep_sale(order, key, intent["amount_received"], intent["created"], version)
    await keep_refunds(order, refunds, version)
    await paid_state(order)
    await after.of_order(before, order, heard_at)
    return f"order {order.number} updated"


def person_of(session: dict[str, Any]) -> dict[str, Any]:
    """Who paid; guests have typed an address and are no customers of Stripe's."""
    if isinstance(session.get("customer"), dict):
        return session["customer"]
    details = session.get("customer_details") or {}
    return {"id": None, "email": details.get("email") or session.get("customer_email"), "name": details.get("name")}


def line_of(line: dict[str, Any]) -> dict[str, Any]:
    price, currency = line.get("price") or {}, currency_of(line)
    quantity = line.get("quantity") or 1
    even = line["amount_subtotal"] % quantity == 0
    return {
        "clickfunnels_id": line["id"], "product_name": text(line.get("description"), 200),
        "variant_name": text(price.get("nickname"), 200), "quantity": quantity if even else 1, "currency": currency,
        "amount": minor(line["amount_subtotal"] // quantity if even else line["amount_subtotal"], currency),
        "product_clickfunnels_id": identity(price.get("product")), "price_clickfunnels_id": price.get("id"),
    }  # fmt: skip
