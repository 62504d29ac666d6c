"""A vendor's orders as a list: by state and year, or found by number, by the customer's address or by product words.

Newest first, a keyset page at a time. Product words are looked for among the next WINDOW orders, and the page says
where to go on: no list is ever read through.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import database
from database import Row
from tables import sought
from tables.customer_list import BYTES
from tables.order import years_of
from tables.order_list import STATES, ends_of, matching, patterns

PAGE = 20
SHORT_WINDOW, WINDOW = 200, 2000
SEVERAL = 20
"""Of how many customers with such an address the orders are shown."""
ENDED = ("canceled", "churned", "voided", "abandoned")
UNDONE = ("voided", "abandoned")
ORDERED = "o.placed_at DESC, o.id DESC"
COLUMNS = (
    "o.id, o.vendor_id, o.customer_id, o.number, o.placed_at, o.summary, o.total, o.currency, o.billing_status, "
    "o.service_status"
)
OF_VENDOR = "o.vendor_id = {} AND o.deleted_at IS NULL"
NUMBER = re.compile(r"#?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*")


class Filter(NamedTuple):
    """Which orders to list; what is empty asks for nothing. `by` says how the words are meant: see `meaning`."""

    state: str = ""
    year: int | None = None
    words: str = ""
    by: str = ""


class Place(NamedTuple):
    """Behind which order a page begins."""

    at: datetime
    id: int


class Found(NamedTuple):
    rows: list[Row]
    next: Place | None
    cut: bool = False
    """Whether customers with such an address were left out."""


class Part(NamedTuple):
    """One walk along an index, newest first."""

    where: str
    values: tuple[Any, ...]


def meaning(words: str) -> str:
    """How words are most likely meant: an address has an @, a number is one word with a digit in it."""
    if not words:
        return ""
    if "@" in words:
        return "address"
    return "number" if NUMBER.fullmatch(words) else "product"


async def search(vendor_id: int, zone: ZoneInfo, wanted: Filter, place: Place | None = None) -> Found:
    """A page of the vendor's orders, newest first; a year is one of the zone's."""
    if wanted.by == "number":
        return await numbered(vendor_id, zone, wanted, place)
    if wanted.by == "address":
        return await of_address(vendor_id, zone, wanted, place)
    parts = [narrowed(part, wanted.year, zone, place) for part in walks(vendor_id, wanted.state)]
    return await holding(parts, wanted.words) if wanted.words else await page(parts)


def walks(vendor_id: int, state: str) -> list[Part]:
    """The walks that give a state's orders: one for each of its spellings, because an index gives each in order."""
    if state == "canceled":
        services = [Part(f"{OF_VENDOR} AND o.service_status = '{word}'", (vendor_id,)) for word in ENDED]
        listed = ", ".join(f"'{word}'" for word in ENDED)
        return [*services, *(Part(f"{OF_VENDOR} AND o.billing_status = '{word}' AND o.service_status NOT IN ({listed})",
                                  (vendor_id,)) for word in UNDONE)]  # fmt: skip
    return [Part(f"{OF_VENDOR} AND o.billing_status = '{word}'", (vendor_id,)) for word in spellings(state)] or [
        Part(OF_VENDOR, (vendor_id,))
    ]


def spellings(state: str) -> list[str]:
    return [word for status in STATES.get(state, ()) for word in dict.fromkeys((status, status.replace("-", "_")))]


def in_state(state: str) -> str:
    """The same as a condition, for the few rows that something else has found."""
    if state == "canceled":
        listed, undone = (", ".join(f"'{word}'" for word in words) for words in (ENDED, UNDONE))
        return f" AND (o.service_status IN ({listed}) OR o.billing_status IN ({undone}))"
    listed = ", ".join(f"'{word}'" for word in spellings(state))
    return f" AND o.billing_status IN ({listed})" if listed else ""


def narrowed(part: Part, year: int | None, zone: ZoneInfo, place: Place | None) -> Part:
    where, values = part
    if year is not None:
        where, values = f"{where} AND o.placed_at >= {{}} AND o.placed_at < {{}}", (*values, *ends_of(year, zone))
    if place:
        where = f"{where} AND o.placed_at <= {{}} AND (o.placed_at < {{}} OR o.id < {{}})"
        values = (*values, place.at, place.at, place.id)
    return Part(where, values)


async def page(parts: list[Part]) -> Found:
    rows = await listed(*union(parts, PAGE + 1))
    return Found(rows[:PAGE], place_of(rows[PAGE - 1]) if len(rows) > PAGE else None)


async def holding(parts: list[Part], words: str) -> Found:
    """Orders whose products hold the words, among the next WINDOW."""
    like = {"like": "LIKE {} ESCAPE '\\'", "ilike": "ILIKE {} ESCAPE '\\'", "glob": "GLOB {}"}[matching(words)]
    for reach in (SHORT_WINDOW, WINDOW):
        inner, values = union(parts, reach)
        rows = await listed(
            f"SELECT {COLUMNS} FROM ({inner}) AS o WHERE o.summary {like} ORDER BY {ORDERED} LIMIT {PAGE + 1}",
            (*values, patterns(words)[1]),
        )
        if len(rows) > PAGE:
            return Found(rows[:PAGE], place_of(rows[PAGE - 1]))
        further = await database.raw(
            f"SELECT o.placed_at, o.id FROM ({inner}) AS o ORDER BY {ORDERED} LIMIT 1 OFFSET {reach - 1}", *values
        )
        if not further:
            return Found(rows, None)
    return Found(rows, place_of(further[0]))


async def numbered(vendor_id: int, zone: ZoneInfo, wanted: Filter, place: Place | None) -> Found:
    """Orders whose number begins so: of the first WINDOW numbers, the newest first."""
    typed = wanted.words.lstrip("#")
    starts = list(dict.fromkeys((typed, typed.upper())))
    inner = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {COLUMNS} FROM orders o WHERE {OF_VENDOR} AND o.number{BYTES} >= {{}} "
        f"AND o.number{BYTES} < {{}} ORDER BY o.number{BYTES} LIMIT {WINDOW}) AS n{position}"
        for position, _ in enumerate(starts)
    )
    values = tuple(value for start in starts for value in (vendor_id, start, start + sought.AFTER))
    outer = narrowed(Part("o.vendor_id = {}" + in_state(wanted.state), (vendor_id,)), wanted.year, zone, place)
    rows = await listed(
        f"SELECT {COLUMNS} FROM ({inner}) AS o WHERE {outer.where} ORDER BY {ORDERED} LIMIT {PAGE + 1}",
        (*values, *outer.values),
    )
    return Found(rows[:PAGE], place_of(rows[PAGE - 1]) if len(rows) > PAGE else None)


async def of_address(vendor_id: int, zone: ZoneInfo, wanted: Filter, place: Place | None) -> Found:
    """The orders of customers whose address begins so."""
    start = sought.fold(wanted.words)
    found = await database.raw(
        "SELECT DISTINCT cw.word, cw.customer_id FROM customer_words cw WHERE cw.vendor_id = {} AND cw.word >= {} "
        f"AND cw.word < {{}} ORDER BY cw.word, cw.customer_id LIMIT {SEVERAL + 1}",
        vendor_id, start.lstrip("@"), start.lstrip("@") + sought.AFTER,
    )  # fmt: skip
    ids = list(dict.fromkeys(row["customer_id"] for row in found[:SEVERAL]))
    if not ids:
        return Found([], None)
    own = f"{OF_VENDOR} AND o.customer_id = {{}}{in_state(wanted.state)}"
    shown = await page([narrowed(Part(own, (vendor_id, one)), wanted.year, zone, place) for one in ids])
    return shown._replace(cut=len(found) > SEVERAL)


def union(parts: list[Part], limit: int) -> tuple[str, tuple[Any, ...]]:
    """The newest of several walks, each of which stops by itself."""
    each = [f"SELECT {COLUMNS} FROM orders o WHERE {part.where} ORDER BY {ORDERED} LIMIT {limit}" for part in parts]
    values = tuple(value for part in parts for value in part.values)
    if len(each) == 1:
        return each[0], values
    joined = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS p{position}" for position, sql in enumerate(each))
    return f"SELECT {COLUMNS} FROM ({joined}) AS o ORDER BY {ORDERED} LIMIT {limit}", values


async def listed(sql: str, values: tuple[Any, ...]) -> list[Row]:
    """The rows of such a statement with whoever bought it."""
    return await database.raw(
        f"SELECT {COLUMNS}, c.public_id AS customer, c.email, c.first_name, c.last_name FROM ({sql}) AS o "
        f"JOIN customers c ON c.vendor_id = o.vendor_id AND c.id = o.customer_id ORDER BY {ORDERED}", *values,
    )  # fmt: skip


def place_of(row: Row) -> Place:
    return Place(row["placed_at"], row["id"])


async def years(vendor_id: int) -> list[Row]:
    """The years there are orders in, for `order_list.years_in`."""
    return await database.raw(f"SELECT {years_of(OF_VENDOR)} AS years", vendor_id, vendor_id)
