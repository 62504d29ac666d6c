"""All of a vendor's customers or orders, some at a time, for a file: nothing but one batch is ever held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import database

BATCH = 500
CUSTOMERS = (
    "email", "first_name", "last_name", "phone", "language", "time_zone", "created_at", "first_signed_in_at", "disabled_at",
    "closes_at",
)  # fmt: skip
ORDERS = (
    "number", "placed_at", "email", "first_name", "last_name", "summary", "currency", "total", "tax", "billing_status",
    "service_status", "order_type", "clickfunnels_id",
)  # fmt: skip

Rows = list[dict[str, Any]]


async def customers(vendor_id: int) -> AsyncIterator[Rows]:
    """The customers there are, oldest first; accounts that are gone are none."""
    above = 0
    while rows := await database.raw(
        f"SELECT id, {', '.join(CUSTOMERS)} FROM customers WHERE vendor_id = {{}} AND merged_into IS NULL "
        f"AND closed_at IS NULL AND id > {{}} ORDER BY id LIMIT {BATCH}", vendor_id, above,
    ):  # fmt: skip
        yield rows
        above = rows[-1]["id"]


async def orders(vendor_id: int) -> AsyncIterator[Rows]:
    """The orders, newest first, each with its customer."""
    at: datetime | None = None
    below = 0
    while rows := await (database.raw(NEXT, vendor_id, at, at, below) if at else database.raw(FIRST, vendor_id)):
        yield rows
        at, below = rows[-1]["placed_at"], rows[-1]["id"]


OWN = (
    "SELECT o.id, o.customer_id, o.number, o.placed_at, o.summary, o.currency, o.total, o.tax, o.billing_status, "
    "o.service_status, o.order_type, o.clickfunnels_id FROM orders o WHERE o.vendor_id = {} AND o.deleted_at IS NULL "
    "AND o.placed_at IS NOT NULL"
)
WITH_BUYER = (
    "SELECT b.*, c.email, c.first_name, c.last_name FROM (%s "
    f"ORDER BY o.placed_at DESC, o.id DESC LIMIT {BATCH}) b JOIN customers c ON c.id = b.customer_id "
    "ORDER BY b.placed_at DESC, b.id DESC"
)
FIRST = WITH_BUYER % OWN
NEXT = WITH_BUYER % f"{OWN} AND o.placed_at <= {{}} AND (o.placed_at < {{}} OR o.id < {{}})"
