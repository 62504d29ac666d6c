"""A subscription that Stripe keeps, mirrored as an order (Stripe docs: the Subscription object)."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from integrations import welcomes
from integrations.stripe import after, catalogue
from integrations.stripe.customers import Buyer, buyer_of
from integrations.stripe.looks import Look
from integrations.stripe.values import INTERVALS, currency_of, identity, inside, instant, moment, text, unit_amount
from tables.order import Order, OrderLine, Subscription
from tables.product import Product
from tables.product_course import NOT_BOUGHT, grant

if TYPE_CHECKING:
    from stripe import StripeClient

EXPAND = ["customer", "items.data.price.product", "schedule", "latest_invoice"]
PERSONAL = frozenset({"payment_method", "cancel_reason"})
"""What is not learned of somebody whose account was deleted."""
SUMMARY = 300
STATES = {
    "active": ("active", "paid"), "trialing": ("trialing", "paid"), "past_due": ("active", "past-due"),
    "unpaid": ("suspended", "past-due"), "canceled": ("churned", "paid"), "paused": ("paused", "paid"),
    "incomplete": ("pending", "pending"), "incomplete_expired": ("abandoned", "abandoned"),
}  # fmt: skip
"""Stripe's states in ClickFunnels' words: (service, billing)."""
UNPAID = frozenset({"open", "uncollectible"})


async def look(stripe: StripeClient, vendor_id: int, key: str, heard_at: datetime | None = None) -> Look:
    """Fetch a subscription as it is now. Raises what the client raises."""
    version = moment()
    found = (await stripe.v1.subscriptions.retrieve_async(key, {"expand": EXPAND})).to_dict()
    if found["items"].get("has_more"):
        rows = await stripe.v1.subscription_items.list_async(
            {"subscription": key, "limit": 100, "expand": ["data.price.product"]}
        )
        found["items"]["data"] = [row.to_dict() for row in rows.data]
    coming = next_price(found)
    price = (await stripe.v1.prices.retrieve_async(coming[0], {"expand": ["product"]})).to_dict() if coming else None
    return partial(write, vendor_id, found, (price, coming[1]) if price and coming else None, version, heard_at)


def next_price(found: dict[str, Any]) -> tuple[str, int] | None:
    """Which price follows at the end of the period, and when (seconds), if another one does."""
    schedule = found.get("schedule")
    if not isinstance(schedule, dict) or schedule.get("status") != "active":
        return None
    now = {identity(item["price"]) for item in found["items"]["data"]}
    for phase in schedule["phases"]:
        if phase["start_date"] >= period_end(found) and (price := identity(phase["items"][0]["price"])) not in now:
            return str(price), phase["start_date"]
    return None


async def write(
    vendor_id: int, found: dict[str, Any], coming: tuple[dict[str, Any], int] | None, version: str,
    heard_at: datetime | None,
) -> str:  # fmt: skip
    """Write it down, inside a transaction that holds the vendor's row."""
    before = await Order.known(vendor_id, found["id"])
    buyer = await buyer_of(vendor_id, found["customer"], instant(found["created"]))
    lines = [line_of(item) for item in found["items"]["data"]]
    values = {**values_of(found, lines), **({} if before else await number_of(vendor_id, found["id"]))}
    values |= {Order.customer: buyer.id, Order.pending_change: pending(*coming) if coming else None}
    if buyer.closed:
        values = {column: value for column, value in values.items() if column._meta.name not in PERSONAL}
    order, newest = await Order.record(vendor_id, found["id"], version, values)
    if not newest:
        return f"older news of order {order.number}; it stays as it is"
    await OrderLine.replace(vendor_id, order.id, lines)
    for item in found["items"]["data"]:
        await catalogue.learn(vendor_id, item["price"], version)
    await Subscription.keep(order)
    await bring(order, buyer, lines, heard_at)
    await after.of_order(before, order, heard_at)
    return f"order {order.number} updated"


async def bring(order: Order, buyer: Buyer, lines: list[dict[str, Any]], heard_at: datetime | None) -> None:
    """What follows from a purchase: courses, and once the welcome mail."""
    await Product.learn(order.vendor, lines)
    bought = not buyer.closed and order.billing_status not in NOT_BOUGHT
    await grant(order, [line["product_clickfunnels_id"] for line in lines], bought)
    if bought:
        names = [line["product_name"] for line in lines]
        await welcomes.send_once(order.vendor, buyer.id, names, news=heard_at is not None)


def values_of(found: dict[str, Any], lines: list[dict[str, Any]]) -> dict[Any, Any]:
    currency, (service, billing) = currency_of(found), state_of(found)
    renews = instant(period_end(found)) if service in ("active", "trialing") else None
    amounts = [line["amount"] for line in lines]
    reason = inside(found, "cancellation_details", "comment") or inside(found, "cancellation_details", "feedback")
    return {
        Order.order_type: "subscription-order", Order.placed_at: instant(found["created"]), Order.currency: currency,
        Order.total: None if None in amounts else sum(line["amount"] * line["quantity"] for line in lines),
        Order.billing_status: billing, Order.service_status: service, Order.summary: summary(lines),
        Order.in_trial: found["status"] == "trialing", Order.trial_end_at: instant(found.get("trial_end")),
        Order.next_charge_at: renews, Order.renewal_at: renews,
        Order.paid_until: instant(found.get("cancel_at") or period_end(found)),
        Order.activated_at: instant(found.get("start_date")), Order.canceled_at: instant(found.get("canceled_at")),
        Order.churned_at: instant(found.get("ended_at")), Order.cancel_reason: text(reason, 200) or None,
        Order.resumes_at: instant(inside(found, "pause_collection", "resumes_at")),
        Order.payment_processor: "stripe", Order.payment_method: method_of(found),
    }  # fmt: skip


def state_of(found: dict[str, Any]) -> tuple[str, str]:
    """Service and billing state; one that was cancelled and still runs is `canceled`, and paid until then."""
    service, billing = STATES.get(found["status"], (text(found["status"], 30), "paid"))
    if found["status"] == "canceled" and inside(found, "latest_invoice", "status") in UNPAID:
        billing = "unpaid"
    if service in ("active", "trialing"):
        if found.get("cancel_at_period_end") or found.get("cancel_at"):
            return "canceled", billing
        if found.get("pause_collection"):
            return "paused", billing
    return service, billing


def period_end(found: dict[str, Any]) -> int:
    """Where its items renew at different times, the first of them (Stripe docs: mixed intervals)."""
    return int(min(item["current_period_end"] for item in found["items"]["data"]))


def method_of(found: dict[str, Any]) -> str | None:
    """The means of payment it is charged to: its own, else its customer's default."""
    settings = inside(found, "customer", "invoice_settings", "default_payment_method")
    return identity(found.get("default_payment_method")) or identity(settings)


def line_of(item: dict[str, Any]) -> dict[str, Any]:
    price = item["price"]
    product, recurring = price["product"], price.get("recurring") or {}
    return {
        "clickfunnels_id": item["id"], "product_name": text(product.get("name"), 200),
        "variant_name": text(price.get("nickname"), 200), "quantity": item.get("quantity") or 1,
        "amount": unit_amount(price), "currency": currency_of(price),
        "interval": INTERVALS.get(recurring.get("interval")), "interval_count": recurring.get("interval_count"),
        "product_clickfunnels_id": product["id"], "price_clickfunnels_id": price["id"],
    }  # fmt: skip


def pending(price: dict[str, Any], at: int) -> str:
    """The plan it changes to, as `Order.pending_change` has it."""
    currency, recurring = currency_of(price), price.get("recurring") or {}
    begins = instant(at)
    assert begins is not None
    return json.dumps({
        "price": price["id"], "name": catalogue.name_of(price), "amount": unit_amount(price),
        "currency": currency, "interval": INTERVALS.get(recurring.get("interval")),
        "interval_count": recurring.get("interval_count"), "at": begins.isoformat(),
    }, ensure_ascii=False)  # fmt: skip


def summary(lines: list[dict[str, Any]]) -> str:
    names = ", ".join(line["product_name"] for line in lines if line["product_name"])
    return names if len(names) <= SUMMARY else names[: SUMMARY - 1] + "…"


async def number_of(vendor_id: int, key: str) -> dict[Any, Any]:
    """A number that people can say, from the end of Stripe's id, which has none for subscriptions."""
    return {Order.number: await Order.free_number(vendor_id, key, f"S-{key[-10:].upper()}")}
