"""An order with its lines; one-time and subscription orders are one resource (ClickFunnels docs: orders)."""

from __future__ import annotations

from typing import Any

from integrations.billing import news
from integrations.clickfunnels import welcomes
from integrations.clickfunnels.contacts import customer_of
from integrations.clickfunnels.envelope import Event, stamp
from integrations.clickfunnels.records import Parked, bury_known, known, record, told
from integrations.clickfunnels.values import Values, as_json, clean, collect, currency_of, named, part, parts
from tables import money_news
from tables.address import Address
from tables.address_parts import PARTS
from tables.credit_memo import CreditMemo
from tables.customer import Customer
from tables.order import Order, OrderLine, Subscription
from tables.payment_method import PaymentMethod
from tables.phone_number import PhoneNumber
from tables.price import Price
from tables.product import Product
from tables.product_course import NOT_BOUGHT, grant
from tables.webhook_event import WebhookEvent

COLUMNS = {
    "order_type": Order.order_type, "created_at": Order.placed_at, "total_amount": Order.total,
    "tax_amount": Order.tax, "billing_status": Order.billing_status, "service_status": Order.service_status,
    "in_trial": Order.in_trial, "trial_end_at": Order.trial_end_at, "next_charge_at": Order.next_charge_at,
    "renewal_at": Order.renewal_at, "paid_until": Order.paid_until, "activated_at": Order.activated_at,
    "canceled_at": Order.canceled_at, "churned_at": Order.churned_at, "cancel_reason": Order.cancel_reason,
    "payment_processor": Order.payment_processor, "billing_payment_method_id": Order.payment_method,
}  # fmt: skip
LINE_COLUMNS = {
    "id": OrderLine.clickfunnels_id, "quantity": OrderLine.quantity, "product_name": OrderLine.product_name,
    "variant_name": OrderLine.variant_name, "sku": OrderLine.sku, "amount": OrderLine.amount,
    "interval": OrderLine.interval, "interval_count": OrderLine.interval_count, "duration": OrderLine.duration,
    "product_id": OrderLine.product_clickfunnels_id, "variant_id": OrderLine.variant_clickfunnels_id,
    "price_id": OrderLine.price_clickfunnels_id,
}  # fmt: skip
SUMMARY_LENGTH = 300
PLACE = frozenset(PARTS) - {"first_name", "last_name", "organization_name"}
PERSONAL = frozenset({"shipping_address", "billing_address", "payment_method", "cancel_reason"})
"""What is no longer learned of an order whose customer's account was deleted."""


async def update(event: Event) -> str:
    """Every order event but a deletion: the record in it is the order as it is now."""
    return await write(event, event.data)


async def refund(event: Event) -> str:
    """one_time_order.refunded: an order, or so short that only its name tells what happened."""
    return await write(event, {"billing_status": "refunded", "updated_at": stamp(event.happened_at), **event.data})


async def remove(event: Event) -> str:
    return f"order {event.subject} {await bury_known(event, Order, 'order')}"


async def write(event: Event, data: dict[str, Any]) -> str:
    before = await known(event, Order, event.subject)
    closed = before is not None and await Customer.is_closed(event.vendor_id, before.customer)
    customer = before.customer if before and closed else await buyer(event, data, before)
    lines = [line_of(line) for line in parts(data, "line_items")]
    values = {**await values_of(event, data, before, lines), Order.customer: customer}
    if closed:
        values = {column: value for column, value in values.items() if column._meta.name not in PERSONAL}
    order, newest = await record(event, Order, values, data)
    if newest and "line_items" in data:
        await OrderLine.replace(event.vendor_id, order.id, lines)
        await Product.learn(event.vendor_id, lines)
        await Price.learn(event.vendor_id, lines)
    if not closed:
        await remember(order, data)
    if "subscription" in order.order_type:
        await Subscription.keep(order)
        await order.settle_change()
    await money_news.of_refunds(order, await CreditMemo.derive(order), event.heard_at, known=before is not None)
    await money_news.of_order(before, order, event.heard_at)
    bought = not closed and str(data.get("billing_status") or "").lower() not in NOT_BOUGHT
    await grant(order, [line.get("product_clickfunnels_id") for line in lines], bought)
    if bought:
        await welcomes.send_once(event, customer, [line["product_name"] for line in lines], order.placed_at)
    if not closed:
        await news.mirrored(order)
    await WebhookEvent.wake(event.vendor_id, f"order:{event.subject}")
    return told(f"order {order.number}", newest)


async def buyer(event: Event, data: dict[str, Any], before: Order | None) -> int:
    """Whose order it is; raises Parked while nobody knows."""
    if part(data, "contact").get("id") is not None or data.get("contact_id") is not None:
        return await customer_of(event, data)
    if before is None:
        # A short record (a deletion, a bare refund) names nobody, and an order without its customer cannot be kept.
        raise Parked(f"order:{event.subject}")
    return before.customer


async def values_of(event: Event, data: dict[str, Any], before: Order | None, lines: list[dict[str, Any]]) -> Values:
    currency = currency_of(data, before.currency if before else "USD")
    values = {**collect(data, COLUMNS, currency), Order.currency: currency}
    if "order_type" not in data and event.type.lower().startswith("subscription"):
        values[Order.order_type] = "subscription-order"
    if values.get(Order.placed_at) is None:
        values[Order.placed_at] = before.placed_at if before else event.happened_at
    if before is None or data.get("order_number"):
        wanted = clean(str(data.get("order_number") or data.get("public_id") or ""))
        values[Order.number] = await Order.free_number(event.vendor_id, event.subject, wanted)
    if "line_items" in data:
        values[Order.summary] = summary(lines)
    for kind, column in (("shipping", Order.shipping_address), ("billing", Order.billing_address)):
        if any(key.startswith(f"{kind}_address_") for key in data):
            values[column] = as_json(address(data, kind))
    return values


def summary(lines: list[dict[str, Any]]) -> str:
    """What was bought, in one line."""
    names = ", ".join(line["product_name"] for line in lines if line["product_name"])
    return names if len(names) <= SUMMARY_LENGTH else names[: SUMMARY_LENGTH - 1] + "…"


def line_of(data: dict[str, Any]) -> dict[str, Any]:
    """A line item with the product, variant and price inside it, by the names of our columns."""
    product, variant, price = (part(data, key) for key in ("original_product", "products_variant", "products_price"))
    currency = currency_of(price, "USD")
    flat = {
        "id": data.get("id"), "quantity": data.get("quantity"), "product_name": product.get("name"),
        "variant_name": variant.get("name"), "sku": variant.get("sku"), "amount": price.get("amount"),
        "interval": price.get("interval"), "interval_count": price.get("interval_count"),
        "duration": price.get("duration"), "product_id": product.get("id"), "variant_id": variant.get("id"),
        "price_id": price.get("id"),
    }  # fmt: skip
    return named({**collect(flat, LINE_COLUMNS, currency), OrderLine.currency: currency})


def address(data: dict[str, Any], kind: str) -> dict[str, str]:
    """The parts of an order's shipping or billing address that are filled in."""
    columns = {f"{kind}_address_{name}": Address._meta.get_column_by_name(name) for name in PARTS}
    return {name: value for name, value in named(collect(data, columns)).items() if value}


def place(written: dict[str, str]) -> dict[str, str]:
    """An address without the person it is for."""
    return {name: value for name, value in written.items() if name in PLACE}


async def remember(order: Order, data: dict[str, Any]) -> None:
    """Keep what an order tells of its customer. These add up, so older news counts as well."""
    shipping, billing = address(data, "shipping"), address(data, "billing")
    if place(billing) == place(shipping):
        billing = {}  # A billing address has no name in it, and would stand beside the same one with its name.
    for written in (shipping, billing):
        await Address.learn(order.vendor, order.customer, written, order.placed_at)
    numbers = {"phone_number": PhoneNumber.number, "shipping_address_phone_number": PhoneNumber.number}
    country = shipping.get("country") or billing.get("country") or ""
    for key, column in numbers.items():
        number = collect(data, {key: column}).get(column)
        await PhoneNumber.learn(order.vendor, order.customer, number, "order", country)
    method = named(collect(data, {key: COLUMNS[key] for key in ("payment_processor", "billing_payment_method_id")}))
    await PaymentMethod.learn(
        order.vendor, order.customer, method.get("payment_processor"), method.get("payment_method")
    )
