"""A customer's orders as a list: by state, year and words, a keyset page at a time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from database import Bound, Row
from tables.order import LISTED, OWN, PAGE, SQLITE, YEARS, Order

STATES = {
    "paid": ("paid", "completed", "approved"),
    "to-pay": ("unpaid", "pending", "partially-paid", "past-due", "delinquent", "failed"),
    "refunded": ("refunded", "partially-refunded", "refund-pending"),
    "canceled": (),
}  # fmt: skip
"""What people look for, and the billing states it stands for (ClickFunnels docs: orders)."""
CANCELED = "(o.service_status IN ('canceled', 'churned', 'voided', 'abandoned') OR o.billing_status IN ('voided', 'abandoned'))"
PLACE = {
    "newest": "",
    "older": " AND o.placed_at <= {} AND (o.placed_at < {} OR o.id < {})",
    "newer": " AND o.placed_at >= {} AND (o.placed_at > {} OR o.id > {})",
}


class Wanted(NamedTuple):
    """Which orders to list; what is empty asks for nothing."""

    state: str = ""
    year: int | None = None
    words: str = ""


async def list_orders(vendor_id: int, customer_id: int, zone: ZoneInfo, wanted: Wanted, side: str = "newest",
                      place: tuple[datetime, int] | None = None) -> Sequence[Row]:  # fmt: skip
    """Up to a page and one more of the orders that fit: `newest`, or those `older` or `newer` than a place.

    The newer ones come the other way round, from the place upwards. A year is one of the zone's.
    """
    since, until = ends_of(wanted.year, zone)
    at, mark = place or (None, None)
    begins, holds = patterns(wanted.words)
    return await listing(wanted.state, wanted.year is not None, matching(wanted.words), side)(
        vendor=vendor_id, customer=customer_id, since=since, until=until, at=at, mark=mark, begins=begins, holds=holds,
    )  # fmt: skip


@cache
def listing(state: str, in_year: bool, match: str, side: str) -> Bound:
    """The query of one kind of page: built once, and bound for each customer."""
    where, names = OWN, ["vendor", "customer"]
    if in_year:
        where, names = where + " AND o.placed_at >= {} AND o.placed_at < {}", [*names, "since", "until"]
    if match:
        where, names = where + f" AND {finding(match)}", [*names, "begins", "holds", "holds"]
    if side != "newest":
        where, names = where + PLACE[side], [*names, "at", "at", "mark"]
    way = "ASC" if side == "newer" else "DESC"
    order = f"ORDER BY o.placed_at {way}, o.id {way} LIMIT {PAGE + 1}"
    parts = [f"SELECT {LISTED} FROM orders o WHERE {where}{narrowed} {order}" for narrowed in narrowings(state)]
    inner = " UNION ALL ".join(f"SELECT * FROM ({part}) AS p{number}" for number, part in enumerate(parts))
    sql = f"SELECT {LISTED}, {YEARS} AS years FROM ({inner}) AS o {order}"
    slots = ["vendor", "customer"] * 2 + names * len(parts)
    own = list(dict.fromkeys(slots))
    return Bound(lambda *given: Order.raw(sql, *(given[own.index(name)] for name in slots)), *own)


def narrowings(state: str) -> list[str]:
    """What a state adds to the conditions: one part for each billing state, so that the index gives each in order."""
    if state == "canceled":
        return [f" AND {CANCELED}"]
    spellings = [word for status in STATES.get(state, ()) for word in dict.fromkeys((status, status.replace("-", "_")))]
    return [f" AND o.billing_status = '{word}'" for word in spellings] or [""]


def finding(match: str) -> str:
    """A number that begins with the words, or a product whose name holds them."""
    like = {"like": "{column} LIKE {{}} ESCAPE '\\'", "ilike": "{column} ILIKE {{}} ESCAPE '\\'",
            "glob": "{column} GLOB {{}}"}[match]  # fmt: skip
    number, summary, name = (like.format(column=column) for column in ("o.number", "o.summary", "l.product_name"))
    lines = f"SELECT 1 FROM order_lines l WHERE l.vendor_id = o.vendor_id AND l.order_id = o.id AND {name}"
    return f"({number} OR {summary} OR EXISTS ({lines}))"


def matching(words: str) -> str:
    """How to compare. SQLite's LIKE knows no capitals but A to Z; its GLOB takes both letters of any other."""
    if not words:
        return ""
    if not SQLITE:
        return "ilike"
    return "like" if words.isascii() else "glob"


def patterns(words: str) -> tuple[str, str]:
    """For texts that begin with the words, and for those that hold them; what people type stands for itself."""
    if matching(words) == "glob":
        escaped = "".join(
            f"[{sign.lower()}{sign.upper()}]" if sign in "*?[" or sign.lower() != sign.upper() else sign
            for sign in words
        )
        return f"{escaped}*", f"*{escaped}*"
    escaped = re.sub(r"([\\%_])", r"\\\1", words)
    return f"{escaped}%", f"%{escaped}%"


def ends_of(year: int | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """When a year begins and ends in this time zone."""
    if year is None:
        return None, None
    return datetime(year, 1, 1, tzinfo=zone).astimezone(UTC), datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)


years_of = Bound(
    lambda vendor, customer: Order.raw(f"SELECT {YEARS} AS years", vendor, customer, vendor, customer),
    "vendor", "customer",
)  # fmt: skip
"""The years alone, for a page without rows to carry them."""


def years_in(rows: Sequence[Row], zone: ZoneInfo) -> list[int]:
    """The years the customer has orders in, newest first, as the rows of any page carry them."""
    found = (rows[0]["years"] or "") if rows else ""
    moments = [datetime.fromisoformat(text[:19]).replace(tzinfo=UTC) for text in found.split(",") if text]
    return sorted({moment.astimezone(zone).year for moment in moments}, reverse=True)
