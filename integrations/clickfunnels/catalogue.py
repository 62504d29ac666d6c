"""The vendor's products and their variants."""

from __future__ import annotations

from integrations.clickfunnels.envelope import Event
from integrations.clickfunnels.records import bury, record, told
from integrations.clickfunnels.values import collect
from tables.product import Product, Variant

PRODUCT_COLUMNS = {
    "name": Product.name, "archived": Product.archived,
    "visible_in_customer_center": Product.visible_in_customer_center,
}  # fmt: skip
VARIANT_COLUMNS = {
    "product_id": Variant.product_clickfunnels_id, "name": Variant.name, "description": Variant.description,
    "sku": Variant.sku, "product_type": Variant.product_type, "archived": Variant.archived,
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
