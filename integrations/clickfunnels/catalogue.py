"""The vendor's products, their variants and their prices."""

from __future__ import annotations

from typing import Any

from integrations.clickfunnels.envelope import Event
from integrations.clickfunnels.records import bury, record, told
from integrations.clickfunnels.values import collect, currency_of
from tables.price import Price
from tables.product import Product, Variant

PRODUCT_COLUMNS = {
    "name": Product.name, "archived": Product.archived,
    "visible_in_customer_center": Product.visible_in_customer_center,
}  # fmt: skip
VARIANT_COLUMNS = {
    "product_id": Variant.product_clickfunnels_id, "name": Variant.name, "description": Variant.description,
    "sku": Variant.sku, "product_type": Variant.product_type, "archived": Variant.archived,
}  # fmt: skip

PRICE_COLUMNS = {
    "product_id": Price.product_clickfunnels_id, "variant_id": Price.variant_clickfunnels_id, "name": Price.name,
    "amount": Price.amount, "payment_type": Price.payment_type, "interval": Price.interval,
    "interval_count": Price.interval_count, "duration": Price.duration, "self_cancel": Price.self_cancel,
    "self_upgrade": Price.self_upgrade, "self_downgrade": Price.self_downgrade, "self_reactivate": Price.self_reactivate,
    "visible": Price.visible, "archived": Price.archived,
}  # fmt: skip


async def update_product(event: Event) -> str:
    _, newest = await record(event, Product, collect(event.data, PRODUCT_COLUMNS), event.data)
    return told(f"product {event.subject}", newest)


async def remove_product(event: Event) -> str:
    return f"product {event.subject} {await bury(event, Product)}"


async def update_variant(event: Event) -> str:
    _, newest = await record(event, Variant, collect(event.data, VARIANT_COLUMNS), event.data)
    return told(f"variant {event.subject}", newest)


async def remove_variant(event: Event) -> str:
    return f"variant {event.subject} {await bury(event, Variant)}"


async def update_price(event: Event) -> str:
    """A price names its variant, which names its product (`product_id` is what an import has asked for)."""
    before = await Price.known(event.vendor_id, event.subject)
    currency = currency_of(event.data, before.currency if before else "USD")
    values: dict[Any, Any] = {**collect(event.data, PRICE_COLUMNS, currency), Price.currency: currency}
    if "product_id" not in event.data and (variant := await variant_of(event)) is not None:
        values[Price.product_clickfunnels_id] = variant.product_clickfunnels_id
    _, newest = await record(event, Price, values, event.data)
    return told(f"price {event.subject}", newest)


async def variant_of(event: Event) -> Variant | None:
    reference = event.data.get("variant_id")
    return await Variant.known(event.vendor_id, str(reference)) if reference is not None else None


async def remove_price(event: Event) -> str:
    return f"price {event.subject} {await bury(event, Price)}"
