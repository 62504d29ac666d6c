"""A vendor's customers as a list: newest first, by name, in one state, or found by what somebody types.

Every page reads a page's worth of an index. What an index cannot tell (a second word, a state among those found) is
looked for among the next WINDOW rows of it, and the page says where to go on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import database
from database import Row
from tables import sought
from tables.base import NEWEST
from tables.dialing import digits_of, e164

PAGE = 20
SHORT_WINDOW, WINDOW = 100, 2000
SEVERAL = 50
"""How many are shown that a number finds; more digits find fewer."""

STATES = {
    "signed-in": "c.first_signed_in_at IS NOT NULL", "never": "c.first_signed_in_at IS NULL",
    "disabled": "c.disabled_at IS NOT NULL", "closing": "c.closes_at IS NOT NULL",
}  # fmt: skip
HERE = "c.merged_into IS NULL AND c.closed_at IS NULL"
LISTED = (
    "c.id, c.public_id, c.email, c.first_name, c.last_name, c.sought_name, c.created_at, c.first_signed_in_at, "
    "c.disabled_at, c.closes_at"
)
BYTES = "" if database.engine.engine_type == "sqlite" else ' COLLATE "C"'
"""Numbers are compared byte by byte, as their index has them."""
NUMBERED = re.compile(r"#?[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*|[+(]?[0-9][0-9 ()./-]*")
LEAST_DIGITS = 3


class Place(NamedTuple):
    """Where a page begins: behind this row of the list."""

    id: int
    text: str = ""


class Found(NamedTuple):
    rows: list[Row]
    next: Place | None
    """Where the next page begins, if there may be more."""
    cut: bool = False
    """Whether there are more that no page shows."""


async def newest(vendor_id: int, state: str = "", place: Place | None = None) -> Found:
    """The customers, newest first; `state` one of STATES or empty."""
    narrowed = f" AND {STATES[state]}" if state else ""
    rows = await database.raw(
        f"SELECT {LISTED} FROM customers c WHERE c.vendor_id = {{}} AND {HERE}{narrowed} AND c.id < {{}} "
        f"ORDER BY c.id DESC LIMIT {PAGE + 1}", vendor_id, place.id if place else NEWEST,
    )  # fmt: skip
    return Found(rows[:PAGE], Place(rows[PAGE - 1]["id"]) if len(rows) > PAGE else None)


async def by_name(vendor_id: int, place: Place | None = None) -> Found:
    """The customers by last name; who has no name stands where their address would."""
    rows = await database.raw(
        f"SELECT {LISTED} FROM customers c WHERE c.vendor_id = {{}} AND {HERE} AND (c.sought_name, c.id) > ({{}}, {{}}) "
        f"ORDER BY c.sought_name, c.id LIMIT {PAGE + 1}",
        vendor_id, place.text if place else "", place.id if place else -1,
    )  # fmt: skip
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Found(rows[:PAGE], Place(last["id"], last["sought_name"]) if last else None)


async def search(
    vendor_id: int, typed: str, state: str = "", place: Place | None = None, region: str | None = None
) -> Found:
    """Those of whom a word of the name or address, the phone number or an order's number begins with what was typed.

    `region` is the country of phone numbers typed without a country code.
    """
    if NUMBERED.fullmatch(typed):
        return await by_number(vendor_id, typed.lstrip("#"), state, region)
    words = sought.looked_for(typed)
    return await by_words(vendor_id, words, state, place) if words else Found([], None)


async def by_words(vendor_id: int, words: list[str], state: str, place: Place | None) -> Found:
    """All the words, in the order of the first; each customer once, at the first of their words that fits."""
    first, *others = words
    start, after = (place.text, place.id) if place else (first, 0)
    window, values = WORDS, [vendor_id, start, first + sought.AFTER, start, after]
    asked = "".join(f" AND EXISTS ({ONE_WORD})" for _word in others)
    given = [value for word in others for value in (vendor_id, word, word + sought.AFTER)]
    ask = (
        f"SELECT {LISTED}, w.word FROM ({window} LIMIT %d) w JOIN customers c "
        f"ON c.vendor_id = {{}} AND c.id = w.customer_id WHERE c.vendor_id = {{}} AND {HERE}"
        f"{f' AND {STATES[state]}' if state else ''} AND NOT EXISTS ({EARLIER}){asked} "
        f"ORDER BY w.word, w.customer_id LIMIT {PAGE + 1}"
    )
    for reach in (SHORT_WINDOW, WINDOW):
        rows = await database.raw(ask % reach, *values, vendor_id, vendor_id, vendor_id, first, *given)
        if len(rows) > PAGE:
            return Found(rows[:PAGE], Place(rows[PAGE - 1]["id"], rows[PAGE - 1]["word"]))
        further = await database.raw(f"{window} LIMIT 1 OFFSET {reach - 1}", *values)
        if not further:
            return Found(rows, None)
    return Found(rows, Place(further[0]["customer_id"], further[0]["word"]))


WORDS = (
    "SELECT cw.word, cw.customer_id FROM customer_words cw WHERE cw.vendor_id = {} AND cw.word >= {} AND cw.word < {} "
    "AND (cw.word > {} OR cw.customer_id > {}) ORDER BY cw.word, cw.customer_id"
)
EARLIER = (
    "SELECT 1 FROM customer_words ew WHERE ew.vendor_id = {} AND ew.customer_id = w.customer_id AND ew.word >= {} "
    "AND ew.word < w.word"
)
ONE_WORD = (
    "SELECT 1 FROM customer_words ow WHERE ow.vendor_id = {} AND ow.customer_id = w.customer_id AND ow.word >= {} "
    "AND ow.word < {}"
)


async def by_number(vendor_id: int, typed: str, state: str, region: str | None) -> Found:
    """Whom a number belongs to: of their phone, of an order, or in their name or address; newest first, no second page."""
    ids: set[int] = set()
    for sql, beginnings in (
        (BY_WORD, [sought.fold(typed)]), (BY_ORDER, list(dict.fromkeys((typed, typed.upper())))),
        (BY_PHONE, phones(typed, region)),
    ):  # fmt: skip
        for beginning in beginnings:
            rows = await database.raw(sql, vendor_id, beginning, beginning + sought.AFTER)
            ids |= {row["customer_id"] for row in rows}
    if not ids:
        return Found([], None)
    newest_ids = sorted(ids, reverse=True)
    rows = await database.raw(
        f"SELECT {LISTED} FROM customers c WHERE c.vendor_id = {{}} AND c.id IN ({', '.join(['{}'] * len(newest_ids))}) "
        f"AND {HERE}{f' AND {STATES[state]}' if state else ''} ORDER BY c.id DESC LIMIT {SEVERAL + 1}",
        vendor_id, *newest_ids,
    )  # fmt: skip
    return Found(rows[:SEVERAL], None, cut=len(rows) > SEVERAL)


BY_WORD = (
    "SELECT customer_id FROM customer_words WHERE vendor_id = {} AND word >= {} AND word < {} "
    f"ORDER BY word LIMIT {SEVERAL + 1}"
)
BY_ORDER = (
    f"SELECT customer_id FROM orders WHERE vendor_id = {{}} AND number{BYTES} >= {{}} AND number{BYTES} < {{}} "
    f"ORDER BY number{BYTES} LIMIT {SEVERAL + 1}"
)
BY_PHONE = (
    f"SELECT customer_id FROM phone_numbers WHERE vendor_id = {{}} AND digits{BYTES} >= {{}} AND digits{BYTES} < {{}} "
    f"ORDER BY digits{BYTES} LIMIT {SEVERAL + 1}"
)


def phones(typed: str, region: str | None) -> list[str]:
    """The beginnings of a phone number's digits: as they stand, and with the country's code."""
    digits = digits_of(typed)
    if len(digits) < LEAST_DIGITS or re.search(r"[A-Za-z_]", typed):
        return []
    return list(dict.fromkeys((digits, digits_of(e164(typed, region) or digits))))
