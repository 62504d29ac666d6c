"""An order the vendor's people write down themselves: paid by transfer, in cash, or given away."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import database
from tables import money_news
from tables.base import public_id
from tables.invoice import next_number as next_invoice_number
from tables.order import Order, OrderLine
from tables.payment import RECORDED, Payment
from tables.product import Product
from tables.product_course import grant
from tables.vendor import Vendor

SUMMARY = 300


class Line(NamedTuple):
    name: str
    quantity: int
    amount: int
    """Of one, in minor units."""


class Written(NamedTuple):
    """What was typed of an order; without a number it takes the vendor's next."""

    customer_id: int
    number: str
    currency: str
    placed_at: datetime
    paid: bool
    lines: list[Line]


class NumberTaken(ValueError):
    """Another of the vendor's orders has this number."""


async def place(vendor_id: int, written: Written) -> Order:
    """Write the order down, inside a transaction; raises NumberTaken. What belongs to its products is opened."""
    await Vendor.hold(vendor_id)
    number = written.number or await next_number(vendor_id)
    if await taken(vendor_id, number):
        raise NumberTaken(number)
    names = ", ".join(line.name for line in written.lines)
    order = Order(
        vendor=vendor_id, customer=written.customer_id, clickfunnels_id=RECORDED + public_id(), number=number,
        placed_at=written.placed_at, currency=written.currency, summary=names[:SUMMARY],
        total=sum(line.amount * line.quantity for line in written.lines),
        billing_status="paid" if written.paid else "unpaid", service_status="active" if written.paid else "pending",
        activated_at=written.placed_at if written.paid else None,
        invoice_number=await next_invoice_number(vendor_id),
    )  # fmt: skip
    await order.save()
    products = await products_named(vendor_id, written.lines)
    await OrderLine.replace(vendor_id, order.id, [
        {"clickfunnels_id": f"{RECORDED}{position}", "product_name": line.name, "quantity": line.quantity,
         "amount": line.amount, "currency": written.currency, "product_clickfunnels_id": products.get(line.name.casefold())}
        for position, line in enumerate(written.lines)
    ])  # fmt: skip
    if written.paid and order.total:
        await Payment(
            vendor=vendor_id, order=order.id, clickfunnels_id=RECORDED + public_id(), kind="sale", status="completed",
            amount=order.total, currency=order.currency, made_at=written.placed_at,
        ).save()  # fmt: skip
    await grant(order, products.values(), written.paid)
    await money_news.of_order(None, order, database.now(), settles=False)
    return order


async def next_number(vendor_id: int) -> str:
    """The vendor's next number that no order has: M1001, M1002, …"""
    while True:
        rows = await database.raw(
            "UPDATE vendors SET next_order_number = next_order_number + 1 WHERE id = {} "
            "RETURNING next_order_number - 1 AS number", vendor_id,
        )  # fmt: skip
        number = f"M{rows[0]['number']}"
        if not await taken(vendor_id, number):
            return number


async def taken(vendor_id: int, number: str) -> bool:
    return await Order.exists().where(Order.vendor == vendor_id, Order.number == number)


async def products_named(vendor_id: int, lines: list[Line]) -> dict[str, str]:
    """The ClickFunnels ids of the vendor's products with just these names, by the name without its capitals."""
    rows = await Product.select(Product.name, Product.clickfunnels_id).where(
        Product.vendor == vendor_id, Product.deleted_at.is_null(), Product.name.is_in([line.name for line in lines])
    )
    return {row["name"].casefold(): row["clickfunnels_id"] for row in rows}
