"""Products and prices of a vendor's Stripe account (Stripe docs: the Price object)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import database
from integrations.stripe.looks import Look
from integrations.stripe.values import INTERVALS, currency_of, inside, moment, text, unit_amount
from tables.price import Price
from tables.product import Product

if TYPE_CHECKING:
    from stripe import StripeClient

FINAL = "~"
"""Sorts after every time: what was deleted at Stripe never comes back under the same id."""


async def look_product(stripe: StripeClient, vendor_id: int, key: str) -> Look:
    version = moment()
    try:
        found = (await stripe.v1.products.retrieve_async(key)).to_dict()
    except Exception as error:
        return buried(vendor_id, Product, key, error)
    return partial(write_product, vendor_id, found, version)


async def look_price(stripe: StripeClient, vendor_id: int, key: str) -> Look:
    version = moment()
    try:
        found = (await stripe.v1.prices.retrieve_async(key, {"expand": ["product"]})).to_dict()
    except Exception as error:
        return buried(vendor_id, Price, key, error)
    return partial(write_price, vendor_id, found, version)


async def learn(vendor_id: int, price: dict[str, Any], version: str) -> None:
    """A price with its product, as a purchase names them."""
    if isinstance(price.get("product"), dict) and not price["product"].get("deleted"):
        await write_product(vendor_id, price["product"], version)
    await write_price(vendor_id, price, version)


async def write_product(vendor_id: int, found: dict[str, Any], version: str) -> str:
    values: dict[Any, Any] = {Product.name: text(found.get("name"), 200), Product.archived: not found.get("active")}
    await Product.record(vendor_id, found["id"], version, values)
    return f"product {found['id']} updated"


async def write_price(vendor_id: int, found: dict[str, Any], version: str) -> str:
    recurring = found.get("recurring") or {}
    values: dict[Any, Any] = {
        Price.product_clickfunnels_id: inside(found, "product", "id"), Price.name: name_of(found),
        Price.amount: unit_amount(found), Price.currency: currency_of(found),
        Price.payment_type: "subscription" if recurring else "one_time",
        Price.interval: INTERVALS.get(recurring.get("interval")), Price.interval_count: recurring.get("interval_count"),
        Price.archived: not found.get("active"),
    }  # fmt: skip
    await Price.record(vendor_id, found["id"], version, values)
    return f"price {found['id']} updated"


def name_of(price: dict[str, Any]) -> str:
    """Its own words, else its product's name."""
    return text(price.get("nickname") or inside(price, "product", "name"), 200)


def buried(vendor_id: int, table: Any, key: str, error: Exception) -> Look:
    """What Stripe no longer has stays as an empty mark, so that late news of it changes nothing; else raises `error`."""
    import stripe

    if not isinstance(error, stripe.InvalidRequestError) or error.http_status != 404:
        raise error

    async def bury() -> str:
        await table.record(vendor_id, key, FINAL, {table.deleted_at: database.now()})
        return f"{key} is gone"

    return bury
