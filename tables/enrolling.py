"""People and courses as the vendor puts them together: enroll by hand, suspend, lift, take out, and look it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import database
from database import Bound
from tables.base import is_local, local_id
from tables.course import Course
from tables.customer import Customer
from tables.enrollment import REASON, SUSPENDED, Enrollment, enrollment_in
from tables.outline import access_of, one_for_each_course

PAGE = 50
LIKE_SIGNS = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})

NEW, ALREADY, SUSPENDED_ALREADY, CLOSED = "new", "already", "suspended", "closed"


class Enrolled(NamedTuple):
    """What came of it: `new`, `already`, `suspended` (there, but suspended) or `closed` (the account takes nobody in)."""

    verdict: str
    customer: Customer
    enrollment: Enrollment | None = None


async def enroll(course: Course, email: str, first_name: str = "", last_name: str = "") -> Enrolled:
    """Enroll the person with this canonical address, whose account is opened if there is none.

    Whoever can open the course already stays as they are; whoever has lost it with an order gets a place that depends
    on no order. The caller holds the vendor's row, in a transaction.
    """
    customer = await Customer.open(course.vendor, email, first_name=first_name, last_name=last_name)
    if not customer.may_enter:
        return Enrolled(CLOSED, customer)
    standing = await standing_of(course, customer)
    if standing:
        return Enrolled(standing, customer)
    key = local_id("hand", customer.id, course.id)
    values: dict[Any, Any] = {
        Enrollment.customer: customer.id, Enrollment.course_clickfunnels_id: course.clickfunnels_id,
        Enrollment.enrolled_at: database.now(), Enrollment.deleted_at: None, Enrollment.suspended_here_at: None,
    }  # fmt: skip
    enrollment, _ = await Enrollment.record(course.vendor, key, "", values)
    return Enrolled(NEW, customer, enrollment)


async def standing_of(course: Course, customer: Customer) -> str | None:
    """`already` or `suspended` for somebody with a place in the course that counts, else None."""
    rows = await enrollment_in(vendor=course.vendor, customer=customer.id, course=course.public_id)
    return judged(rows)


STANDING = f"""
SELECT e.customer_id, e.course_clickfunnels_id, {SUSPENDED} AS suspended, '' AS suspension_reason,
  c.public_id, c.published_at, o.service_status, o.billing_status, o.paid_until, o.number AS order_number
FROM enrollments e
LEFT JOIN courses c ON c.vendor_id = e.vendor_id AND c.clickfunnels_id = e.course_clickfunnels_id
LEFT JOIN orders o ON o.vendor_id = e.vendor_id AND o.clickfunnels_id = e.order_clickfunnels_id
  AND o.customer_id = e.customer_id
WHERE e.vendor_id = {{}} AND e.deleted_at IS NULL AND c.deleted_at IS NULL
"""
"""No more than `access_of` asks for: ten thousand people are looked up at once."""


async def standings(vendor_id: int, customers: Sequence[int]) -> dict[tuple[int, str | None], str]:
    """The same for many people, by person and course; one query."""
    if not customers:
        return {}
    marks = ", ".join(["{}"] * len(customers))
    rows: dict[tuple[int, str | None], list[Any]] = {}
    for row in await database.raw(f"{STANDING} AND e.customer_id IN ({marks})", vendor_id, *customers):
        rows.setdefault((row["customer_id"], row["course_clickfunnels_id"]), []).append(row)
    return {key: verdict for key, places in rows.items() if (verdict := judged(places))}


def judged(rows: Sequence[Any]) -> str | None:
    """What somebody's places in one course come to: a place lost with its order does not count."""
    now = database.now()
    best = one_for_each_course(rows, now)
    lock = access_of(best[0], now).lock if best else None
    if best and (lock is None or lock.reason in ("unpublished", "pending")):
        return ALREADY
    return SUSPENDED_ALREADY if any(row["suspended"] for row in rows) else None


async def suspend(vendor_id: int, enrollment_id: int, reason: str) -> None:
    """Close the course to one person, with a reason that they are shown."""
    await Enrollment.update(
        {Enrollment.suspended_here_at: database.now(), Enrollment.reason_here: reason or None}
    ).where(Enrollment.vendor == vendor_id, Enrollment.id == enrollment_id)


async def lift(vendor_id: int, enrollment_id: int) -> None:
    """Open it again; what ClickFunnels has suspended stays so."""
    await Enrollment.update({Enrollment.suspended_here_at: None, Enrollment.reason_here: None}).where(
        Enrollment.vendor == vendor_id, Enrollment.id == enrollment_id
    )


async def take_out(enrollment: Enrollment) -> None:
    """End an enrollment that was made here; what was completed stays. ClickFunnels' own are suspended instead."""
    if not is_local(enrollment.clickfunnels_id):
        raise ValueError("ClickFunnels keeps this enrollment")
    await Enrollment.update({Enrollment.deleted_at: database.now()}).where(
        Enrollment.vendor == enrollment.vendor, Enrollment.id == enrollment.id
    )


async def find(vendor_id: int, course: str, public_id: str) -> Enrollment | None:
    """An enrollment in this very course."""
    return await Enrollment.objects().where(
        Enrollment.vendor == vendor_id, Enrollment.course_clickfunnels_id == course,
        Enrollment.public_id == public_id, Enrollment.deleted_at.is_null(),
    ).first()  # fmt: skip


LISTED = f"""
SELECT e.id, e.public_id, e.clickfunnels_id, e.enrolled_at, e.suspended_here_at, e.suspended AS suspended_there,
  {SUSPENDED} AS suspended, {REASON} AS suspension_reason, cu.email, cu.first_name, cu.last_name,
  cu.public_id AS customer, o.number AS order_number, o.service_status, o.billing_status, o.paid_until
FROM enrollments e JOIN customers cu ON cu.vendor_id = e.vendor_id AND cu.id = e.customer_id
LEFT JOIN orders o ON o.vendor_id = e.vendor_id AND o.clickfunnels_id = e.order_clickfunnels_id
  AND o.customer_id = e.customer_id
WHERE e.vendor_id = {{}} AND e.course_clickfunnels_id = {{}} AND e.deleted_at IS NULL
"""

enrolled_in = Bound(
    lambda vendor, course, below: Enrollment.raw(
        f"{LISTED} AND e.id < {{}} ORDER BY e.id DESC LIMIT {PAGE + 1}", vendor, course, below
    ),
    "vendor", "course", "below",
)  # fmt: skip
"""The people in a course, the newest first: a page and one more."""
enrolled_like = Bound(
    lambda vendor, course, below, like: Enrollment.raw(
        f"{LISTED} AND e.id < {{}} AND cu.email LIKE {{}} ESCAPE '\\' ORDER BY e.id DESC LIMIT {PAGE + 1}",
        vendor, course, below, like,
    ),
    "vendor", "course", "below", "like",
)  # fmt: skip
"""Of those the ones whose address begins like this (`beginning`)."""


def beginning(typed: str) -> str:
    """A LIKE pattern for what begins with a text."""
    return typed.strip().lower().translate(LIKE_SIGNS) + "%"
