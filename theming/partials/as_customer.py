"""What a slot shows to one customer of the vendor: for previews, from what they really have."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import database
from tables.customer import Customer
from tables.names import full_name
from tables.order import newest_orders
from tables.outline import courses_of
from theming.center import Center
from theming.course_words import CourseWords
from theming.order_words import OrderWords
from theming.partials.copies import published
from theming.partials.kept import Showing, around
from theming.partials.kinds import samples
from theming.slots import Slot

Values = dict[str, Any]


class Reader(NamedTuple):
    """The customer as pages know them."""

    first_name: str
    name: str


async def values_of(slot: Slot, center: Center, customer: Customer) -> tuple[Values, bool]:
    """Plain values for `trying.tried`, and whether all of them are the customer's: what they lack is the sample's."""
    reader = Reader(customer.first_name, full_name(customer.first_name, customer.last_name, customer.email))
    mine = around(Showing(center, reader, {})) | {"first_name": customer.first_name}
    own = await OWN[slot.name](center, customer) if slot.name in OWN else {}
    values = samples(slot.variables) | {name: value for name, value in mine.items() if name in slot.published.parts}
    return published(slot.published, values | (own or {})), own is not None


async def courses(center: Center, customer: Customer) -> list[tuple[Any, Any, Any]]:
    found = await courses_of(customer.vendor, customer.id, database.now())
    return [course for course in found if course[0]["public_id"] is None or course[0]["show_in_center"]]


async def hub(center: Center, customer: Customer) -> Values:
    words, mine = CourseWords(center), await courses(center, customer)
    begun = [(row, outline) for row, _access, outline in mine if outline.done and outline.carry_on]
    row, outline = begun[0] if begun else (None, None)
    following = words.carry_on(row, outline, outline.carry_on) if outline else None
    return {"courses": [words.card(*course) for course in mine], "carry_on": following}


async def card(center: Center, customer: Customer) -> Values | None:
    mine = await courses(center, customer)
    return {"course": CourseWords(center).card(*mine[0])} if mine else None


async def lesson(center: Center, customer: Customer) -> Values | None:
    words, mine = CourseWords(center), await courses(center, customer)
    for row, _access, outline in mine:
        lessons = [view for view in outline.lessons if not view.lock]
        if row["public_id"] and lessons:
            after = lessons[1] if len(lessons) > 1 else None
            return {
                "course": {"title": row["title"], "href": center.url(f"/courses/{row['public_id']}")},
                "lesson": {"title": lessons[0].title, "done": lessons[0].done_at is not None},
                "following": {"title": after.title, "href": words.lesson_url(row, after.public_id)} if after else None,
            }
    return None


async def order(center: Center, customer: Customer) -> Values | None:
    rows = await newest_orders(vendor=customer.vendor, customer=customer.id)
    return {"order": OrderWords(center).row(rows[0])} if rows else None


OWN: dict[str, Callable[[Center, Customer], Awaitable[Values | None]]] = {
    "hub_intro": hub, "course_card": card, "lesson_foot": lesson, "order_row": order,
}  # fmt: skip
