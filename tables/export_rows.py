"""How the rows of an export are read: some at a time.

A customer may have ten thousand orders, so nothing
but their ids is ever held at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

from piccolo.columns import Column

import database
from tables.mail import Mail
from tables.order import Order

ORDERS_AT_ONCE = 200
MAILS_AT_ONCE = 50

Rows = list[dict[str, Any]]
Read = Callable[[int, int], AsyncIterator[Rows]]
"""Reads a vendor's customer's rows, some at a time."""


class Kind(NamedTuple):
    """One kind of rows: a file of each form."""

    name: str
    fields: tuple[str, ...]
    read: Read


async def order_ids(vendor_id: int, customer_id: int) -> list[list[int]]:
    """The ids of a customer's orders, newest first, in pieces."""
    rows = await (
        Order.select(Order.id).where(Order.vendor == vendor_id, Order.customer == customer_id, Order.deleted_at.is_null())
        .order_by(Order.placed_at, Order.id, ascending=False)
    )  # fmt: skip
    ids = [row["id"] for row in rows]
    return [ids[start : start + ORDERS_AT_ONCE] for start in range(0, len(ids), ORDERS_AT_ONCE)]


def named(columns: dict[str, Column]) -> list[Column]:
    return [column.as_alias(name) for name, column in columns.items()]


def of_customer(name: str, table: Any, gone: Column | None = None, **columns: Column) -> Kind:
    """Rows that belong to the customer; few enough to be read at once. `gone` marks rows emptied by their owner."""

    async def read(vendor_id: int, customer_id: int) -> AsyncIterator[Rows]:
        own = table.select(*named(columns)).where(table.vendor == vendor_id, table.customer == customer_id)
        yield await (own.where(gone.is_null()) if gone else own).order_by(table.id)

    return Kind(name, tuple(columns), read)


def of_orders(name: str, table: Any, order: Any, **columns: Column) -> Kind:
    """Rows that belong to the customer's orders."""

    async def read(vendor_id: int, customer_id: int) -> AsyncIterator[Rows]:
        for ids in await order_ids(vendor_id, customer_id):
            own = table.select(*named(columns)).where(table.vendor == vendor_id, order.is_in(ids))
            yield await own.order_by(order, table.id, ascending=False)

    return Kind(name, tuple(columns), read)


def by_hand(name: str, sql: str, *fields: str) -> Kind:
    """Rows of a statement that names the vendor, then the customer."""

    async def read(vendor_id: int, customer_id: int) -> AsyncIterator[Rows]:
        yield await database.raw(sql, vendor_id, customer_id)

    return Kind(name, fields, read)


async def parcel_rows(vendor_id: int, customer_id: int) -> AsyncIterator[Rows]:
    for ids in await order_ids(vendor_id, customer_id):
        marks = ", ".join(["{}"] * len(ids))
        yield await database.raw(
            "SELECT o.number AS order_number, p.number AS parcel, p.status, p.carrier, p.tracking_code, p.tracking_url, "
            "p.sent_at, il.description AS item, pl.quantity FROM orders o "
            "JOIN invoices i ON i.vendor_id = o.vendor_id AND i.order_id = o.id "
            "JOIN invoice_lines il ON il.vendor_id = i.vendor_id AND il.invoice_id = i.id "
            "JOIN parcel_lines pl ON pl.vendor_id = il.vendor_id "
            "AND pl.invoice_line_clickfunnels_id = il.clickfunnels_id "
            "JOIN parcels p ON p.vendor_id = pl.vendor_id AND p.id = pl.parcel_id AND p.deleted_at IS NULL "
            f"WHERE o.vendor_id = {{}} AND o.id IN ({marks}) ORDER BY o.id DESC, p.id, il.position",
            vendor_id, *ids,
        )  # fmt: skip


async def mails(vendor_id: int, customer_id: int) -> AsyncIterator[Rows]:
    """The customer's messages, oldest first, whole rows."""
    above = 0
    while rows := await (
        Mail.select().where(Mail.vendor == vendor_id, Mail.customer == customer_id, Mail.id > above)
        .order_by(Mail.id).limit(MAILS_AT_ONCE)
    ):  # fmt: skip
        yield rows
        above = rows[-1]["id"]
