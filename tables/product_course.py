"""Which courses a product opens: whoever buys it is enrolled in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Self

from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, local_id
from tables.enrollment import Enrollment
from tables.order import Order
from tables.timestamps import moment

NOT_BOUGHT = frozenset({"draft", "pending", "abandoned", "voided", "failed"})
"""The billing states of an order that has not been one yet."""
BATCH = 200
LEASE = timedelta(minutes=2)


class ProductCourse(Owned, Table, tablename="product_courses"):
    """Products and courses name each other by ClickFunnels id, like everything around them."""

    product_clickfunnels_id = Varchar(length=64)
    course_clickfunnels_id = Varchar(length=64)
    reached = BigInt(default=0)
    """The order line up to which those who had bought before are enrolled, while `next_try_at` is set."""
    next_try_at = moment()
    created_at = moment()

    @classmethod
    async def replace(cls, vendor_id: int, product: str, courses: Iterable[str], *, catch_up: bool) -> list[str]:
        """Let a product open these courses and no others; returns the ones that are new.

        `catch_up` also enrolls those who have bought it before, by and by. Who is enrolled stays so.
        """
        wanted, now = list(dict.fromkeys(courses)), database.now()
        rows = await cls.objects().where(cls.vendor == vendor_id, cls.product_clickfunnels_id == product)
        before = {row.course_clickfunnels_id for row in rows}
        for row in rows:
            if row.course_clickfunnels_id not in wanted:
                await cls.delete().where(cls.vendor == vendor_id, cls.id == row.id)
            elif catch_up:
                await cls.update({cls.next_try_at: now, cls.reached: 0}).where(
                    cls.vendor == vendor_id, cls.id == row.id
                )
        for course in wanted:
            if course not in before:
                await cls(
                    vendor=vendor_id, product_clickfunnels_id=product, course_clickfunnels_id=course, created_at=now,
                    next_try_at=now if catch_up else None,
                ).save()  # fmt: skip
        return [course for course in wanted if course not in before]

    @classmethod
    async def of(cls, vendor_id: int, product: str) -> list[Self]:
        """What a product opens."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.product_clickfunnels_id == product)

    @classmethod
    async def counts(cls, vendor_id: int, products: Sequence[str]) -> dict[str, int]:
        """How many courses each of these products opens."""
        rows = await cls.select(cls.product_clickfunnels_id).where(
            cls.vendor == vendor_id, cls.product_clickfunnels_id.is_in([*products, ""])
        )
        return Counter(row["product_clickfunnels_id"] for row in rows)

    @classmethod
    async def forget(cls, vendor_id: int, course: str) -> None:
        """Nothing opens a course that is gone."""
        await cls.delete().where(cls.vendor == vendor_id, cls.course_clickfunnels_id == course)

    @classmethod
    async def lease(cls, limit: int) -> list[Any]:
        """Grants whose earlier buyers are still to enroll."""
        now = database.now()
        return await database.raw(
            f"{database.taking('product_courses', 'next_try_at <= {}', limit, 'next_try_at')} UPDATE product_courses "
            "SET next_try_at = {} FROM taken WHERE product_courses.id = taken.taken_id RETURNING *", now, now + LEASE,
        )  # fmt: skip

    @classmethod
    async def catch_up(cls, row: Any) -> int:
        """Enroll the next buyers from before, at most BATCH of them, oldest first; returns how many were looked at."""
        found = await database.raw(
            "SELECT ol.id AS line, o.id, o.customer_id, o.clickfunnels_id, o.placed_at, o.billing_status, c.id AS course "
            "FROM order_lines ol JOIN orders o ON o.vendor_id = ol.vendor_id AND o.id = ol.order_id "
            "AND o.deleted_at IS NULL LEFT JOIN courses c ON c.vendor_id = ol.vendor_id AND c.clickfunnels_id = {} "
            "WHERE ol.vendor_id = {} AND ol.product_clickfunnels_id = {} AND ol.id > {} "
            f"ORDER BY ol.id LIMIT {BATCH}",
            row["course_clickfunnels_id"], row["vendor_id"], row["product_clickfunnels_id"], row["reached"],
        )  # fmt: skip
        for line in found:
            if line["course"] is not None and line["billing_status"] not in NOT_BOUGHT:
                await enroll(row["vendor_id"], line, line["course"], row["course_clickfunnels_id"])
        going_on = len(found) == BATCH
        await cls.update(
            {cls.reached: found[-1]["line"] if found else row["reached"],
             cls.next_try_at: database.now() if going_on else None}
        ).where(cls.vendor == row["vendor_id"], cls.id == row["id"])  # fmt: skip
        return len(found)


async def grant(order: Order, products: Iterable[str | None], bought: bool) -> list[str]:
    """Enroll an order's buyer in what its products open; returns the titles of the courses that are new to the order.

    Doing it again changes nothing. From then on the order's service decides whether the course is open
    (`outline.access_of`), as with an enrollment from ClickFunnels. The caller holds the vendor's row.
    """
    wanted = [product for product in products if product]
    if not wanted or not bought:
        return []
    marks = ", ".join(["{}"] * len(wanted))
    courses = await database.raw(
        "SELECT DISTINCT c.id, c.clickfunnels_id, c.title FROM product_courses p JOIN courses c "
        "ON c.vendor_id = p.vendor_id AND c.clickfunnels_id = p.course_clickfunnels_id AND c.deleted_at IS NULL "
        f"WHERE p.vendor_id = {{}} AND p.product_clickfunnels_id IN ({marks}) ORDER BY c.id", order.vendor, *wanted,
    )  # fmt: skip
    facts = {"id": order.id, "customer_id": order.customer, "clickfunnels_id": order.clickfunnels_id,
             "placed_at": order.placed_at}  # fmt: skip
    return [
        course["title"] for course in courses
        if await enroll(order.vendor, facts, course["id"], course["clickfunnels_id"])
    ]  # fmt: skip


async def enroll(vendor_id: int, order: Any, course_id: int, course: str) -> bool:
    """The enrollment that belongs to an order and a course, made once, whatever became of it; whether it was new.

    An order that has changed hands takes it along.
    """
    key = local_id("order", order["id"], course_id)
    known = await Enrollment.known(vendor_id, key)
    if known is None:
        await Enrollment(
            vendor=vendor_id, clickfunnels_id=key, customer=order["customer_id"], course_clickfunnels_id=course,
            order_clickfunnels_id=order["clickfunnels_id"], enrolled_at=order["placed_at"] or database.now(),
        ).save()  # fmt: skip
        return True
    if known.customer != order["customer_id"]:
        await Enrollment.update({Enrollment.customer: order["customer_id"]}).where(
            Enrollment.vendor == vendor_id, Enrollment.id == known.id
        )
    return False
