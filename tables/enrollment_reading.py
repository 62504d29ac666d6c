"""What the rows of a list of people say, and what would become of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tables import enrolling
from tables.course import Course
from tables.customer import Customer
from tables.email_address import canonical_address

NEW = enrolling.NEW
BAD_ADDRESS, UNKNOWN_COURSE, TWICE, NEW_CUSTOMER = "bad_address", "unknown_course", "twice", "new_customer"
FIELDS = ("email", "first_name", "last_name", "course")


class Row(NamedTuple):
    """A row as it was read, with what would become of it."""

    email: str
    first_name: str
    last_name: str
    course_clickfunnels_id: str | None
    verdict: str
    detail: str = ""


class Courses:
    """The vendor's courses by everything a list may call them: title, id in our addresses, ClickFunnels id."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.names: dict[str, str | None] = {}
        for row in rows:
            for name in (row["clickfunnels_id"], row["public_id"]):
                self.names[name] = row["clickfunnels_id"]
        for row in rows:
            title = folded(row["title"])
            # Two courses of one title: the title alone names neither.
            self.names[title] = None if title in self.names else row["clickfunnels_id"]

    @classmethod
    async def of(cls, vendor_id: int) -> Courses:
        return cls(
            await Course.select(Course.clickfunnels_id, Course.public_id, Course.title)
            .where(Course.vendor == vendor_id, Course.deleted_at.is_null()).order_by(Course.id)
        )  # fmt: skip

    def read(self, cells: Sequence[str], columns: Mapping[str, int | None], course: str | None) -> Row:
        """A row by its columns; a row that names no course is for `course`."""
        value = {name: cell(cells, columns.get(name)) for name in FIELDS}
        names = value["first_name"][:120], value["last_name"][:120]
        named = value["course"]
        key = (self.names.get(named) or self.names.get(folded(named))) if named else course
        try:
            email = canonical_address(value["email"])
        except ValueError:
            return Row("", *names, key, BAD_ADDRESS, value["email"][:200])
        verdict = NEW if key else UNKNOWN_COURSE
        return Row(email, *names, key, verdict, "" if key else named[:200])


def cell(cells: Sequence[str], place: int | None) -> str:
    return " ".join(cells[place].split())[:300] if place is not None and place < len(cells) else ""


def folded(title: str) -> str:
    return " ".join(title.casefold().split())


async def foresee(vendor_id: int, rows: list[Row], seen: set[tuple[str, str]]) -> None:
    """Tell new people from known ones, and those who are in already; two queries for however many rows."""
    emails = list({row.email for row in rows if row.verdict == NEW})
    people = await Customer.objects().where(
        Customer.vendor == vendor_id, Customer.email.is_in([*emails, ""]))  # fmt: skip
    known = {customer.email: customer for customer in people}
    standing = await enrolling.standings(vendor_id, [customer.id for customer in people])
    for place, row in enumerate(rows):
        if row.verdict == NEW:
            rows[place] = row._replace(verdict=verdict_of(row, known.get(row.email), standing, seen))
            seen.add((row.email, row.course_clickfunnels_id or ""))


def verdict_of(row: Row, customer: Customer | None, standing: Mapping[Any, str], seen: set[tuple[str, str]]) -> str:
    if (row.email, row.course_clickfunnels_id or "") in seen:
        return TWICE
    if customer is None:
        return NEW_CUSTOMER
    if not customer.may_enter:
        return enrolling.CLOSED
    return standing.get((customer.id, row.course_clickfunnels_id), NEW)
