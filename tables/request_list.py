"""The wishes of a vendor's customers as its people look at them, newest first."""

from __future__ import annotations

from collections.abc import Sequence

import database
from database import Row
from tables.base import stretch
from tables.billing_command import OPEN, REFUSED

PAGE = 25
MOST = 100
STATES: dict[str, tuple[str, ...]] = {"open": OPEN, "refused": (REFUSED,), "": ()}
"""The filters, by the states they let through; none is all."""
LISTED = (
    "b.id, b.public_id, b.kind, b.holder, b.status, b.tries, b.error, b.requested_at, b.settled_at, c.email, c.first_name, "
    "c.last_name, c.public_id AS customer, o.number, o.summary"
)
BESIDE = (
    "JOIN customers c ON c.vendor_id = b.vendor_id AND c.id = b.customer_id "
    "LEFT JOIN orders o ON o.vendor_id = b.vendor_id AND o.id = b.order_id"
)


async def listed(vendor_id: int, states: Sequence[str], below: int) -> list[Row]:
    """A page and one more below an id; of several states each is one stretch of an index."""
    found = [row for state in states or ("",) for row in await stretch_of(vendor_id, state, below)]
    return sorted(found, key=lambda row: row["id"], reverse=True)[: PAGE + 1]


async def stretch_of(vendor_id: int, state: str, below: int) -> list[Row]:
    condition, order, values = stretch({"status": state} if state else {}, below)
    return await database.raw(
        f"SELECT {LISTED} FROM (SELECT * FROM billing_commands WHERE vendor_id = {{}} AND {condition} "
        f"ORDER BY {order} LIMIT {PAGE + 1}) b {BESIDE} ORDER BY b.id DESC", vendor_id, *values,
    )  # fmt: skip


WAITING = (
    "SELECT (SELECT COUNT(*) FROM (SELECT id FROM billing_commands WHERE vendor_id = {} AND status = 'sent' "
    f"AND holder = 'manual' LIMIT {MOST}) AS wishes) + (SELECT COUNT(*) FROM (SELECT id FROM cancellation_notices "
    f"WHERE vendor_id = {{}} AND settled_at IS NULL LIMIT {MOST}) AS notices) AS count"
)


async def waiting(vendor_id: int) -> int:
    """How many of them only the vendor's people can settle, with cancellations without an account; up to 200."""
    rows = await database.raw(WAITING, vendor_id, vendor_id)
    return int(rows[0]["count"])
