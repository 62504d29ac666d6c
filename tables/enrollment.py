"""A customer's place in a course, and the lessons they have completed."""

from __future__ import annotations

from datetime import datetime

from piccolo.columns import Boolean, ForeignKey, Varchar
from piccolo.table import Table

import database
from database import Bound
from tables.base import Owned, Remote, public_id, text
from tables.customer import Customer
from tables.timestamps import moment

PAGE = 100
SHORT_PAGE = 20


class Enrollment(Remote, Table, tablename="enrollments"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    course_clickfunnels_id = Varchar(length=64)
    order_clickfunnels_id = text(64)
    suspended = Boolean(default=False)
    suspension_reason = text(300)
    enrolled_at = moment()
    course_completed_at = moment()
    suspended_here_at = moment()
    reason_here = text(300)
    """What the vendor decided here; ClickFunnels' own `suspended` follows its events."""


class Completion(Owned, Table, tablename="completions"):
    """A lesson done by a customer. It hangs on the customer, not the enrollment, so enrolling anew loses nothing."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    lesson_clickfunnels_id = Varchar(length=64)
    completed_at = moment()

    @classmethod
    async def mark(cls, vendor_id: int, customer_id: int, lesson: str, at: datetime | None = None) -> None:
        """Note a lesson as done; doing it twice is doing it once."""
        await database.raw(
            "INSERT INTO completions (vendor_id, customer_id, lesson_clickfunnels_id, completed_at) "
            "VALUES ({}, {}, {}, {}) ON CONFLICT (vendor_id, customer_id, lesson_clickfunnels_id) DO NOTHING",
            vendor_id, customer_id, lesson, at or database.now(),
        )  # fmt: skip

    @classmethod
    async def undo(cls, vendor_id: int, customer_id: int, lesson: str) -> None:
        await cls.delete().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.lesson_clickfunnels_id == lesson
        )


SUSPENDED = "(e.suspended OR e.suspended_here_at IS NOT NULL)"
REASON = "CASE WHEN e.suspended_here_at IS NULL THEN e.suspension_reason ELSE e.reason_here END"
ENROLLED = f"""
SELECT e.id, {SUSPENDED} AS suspended, {REASON} AS suspension_reason, e.enrolled_at, e.course_completed_at,
  e.course_clickfunnels_id,
  c.public_id, c.title, c.description, c.picture_url, c.picture_alt, c.published_at, c.show_in_center, c.upgrade_url,
  c.root_section_clickfunnels_id,
  p.path AS picture_path, p.width AS picture_width, p.height AS picture_height,
  o.service_status, o.billing_status, o.paid_until, o.number AS order_number, o.order_type, o.resumes_at,
  b.public_id AS subscription
FROM enrollments e
LEFT JOIN courses c ON c.vendor_id = e.vendor_id AND c.clickfunnels_id = e.course_clickfunnels_id
LEFT JOIN pictures p ON p.vendor_id = c.vendor_id AND p.source_url = c.picture_url
LEFT JOIN orders o ON o.vendor_id = e.vendor_id AND o.clickfunnels_id = e.order_clickfunnels_id
  AND o.customer_id = e.customer_id
LEFT JOIN subscriptions b ON b.vendor_id = o.vendor_id AND b.order_id = o.id
WHERE e.vendor_id = {{}} AND e.customer_id = {{}} AND e.deleted_at IS NULL AND c.deleted_at IS NULL
"""

enrollments_of = Bound(
    lambda vendor, customer: Enrollment.raw(f"{ENROLLED} ORDER BY e.id DESC LIMIT {PAGE}", vendor, customer),
    "vendor", "customer",
)  # fmt: skip
enrollments_below = Bound(
    lambda vendor, customer, below: Enrollment.raw(
        f"{ENROLLED} AND e.id < {{}} ORDER BY e.id DESC LIMIT {SHORT_PAGE + 1}", vendor, customer, below
    ),
    "vendor", "customer", "below",
)  # fmt: skip
enrollment_in = Bound(
    lambda vendor, customer, course: Enrollment.raw(f"{ENROLLED} AND c.public_id = {{}}", vendor, customer, course),
    "vendor", "customer", "course",
)  # fmt: skip

OUTLINE = """
SELECT s.clickfunnels_id AS section, s.parent_clickfunnels_id AS parent, s.course_clickfunnels_id AS course,
  s.title AS section_title, s.description, s.position AS section_position, s.days_till_drip_access,
  s.blocker_section_clickfunnels_id AS blocker_section, s.blocker_lesson_clickfunnels_id AS blocker_lesson,
  s.hidden_from_non_members, s.upgrade_url, s.published_at AS section_published_at,
  l.clickfunnels_id AS lesson, l.public_id, l.title, l.position, l.published_at, d.completed_at
FROM enrollments e
JOIN sections s ON s.vendor_id = e.vendor_id AND s.course_clickfunnels_id = e.course_clickfunnels_id
  AND s.deleted_at IS NULL
LEFT JOIN lessons l ON l.vendor_id = s.vendor_id AND l.section_clickfunnels_id = s.clickfunnels_id
  AND l.deleted_at IS NULL
LEFT JOIN completions d ON d.vendor_id = l.vendor_id AND d.customer_id = e.customer_id
  AND d.lesson_clickfunnels_id = l.clickfunnels_id
WHERE e.vendor_id = {} AND e.customer_id = {} AND e.deleted_at IS NULL
"""

outlines_of = Bound(
    lambda vendor, customer: Enrollment.raw(OUTLINE, vendor, customer), "vendor", "customer"
)  # fmt: skip
outlines_between = Bound(
    lambda vendor, customer, first, last: Enrollment.raw(
        f"{OUTLINE} AND e.id BETWEEN {{}} AND {{}}", vendor, customer, first, last
    ),
    "vendor", "customer", "first", "last",
)  # fmt: skip
outline_of = Bound(
    lambda vendor, customer, enrollment: Enrollment.raw(f"{OUTLINE} AND e.id = {{}}", vendor, customer, enrollment),
    "vendor", "customer", "enrollment",
)  # fmt: skip
lesson_in = Bound(
    lambda vendor, lesson: Enrollment.raw(
        "SELECT CASE WHEN l.body = '' THEN l.own_body ELSE l.body END AS body, l.video_url, f.public_id AS file, f.name, "
        "f.media_type, f.size FROM lessons l LEFT JOIN lesson_files f ON f.vendor_id = l.vendor_id AND f.lesson_id = l.id "
        "WHERE l.vendor_id = {} AND l.public_id = {} AND l.deleted_at IS NULL ORDER BY f.position", vendor, lesson,
    ),
    "vendor", "lesson",
)  # fmt: skip


async def has_courses(vendor_id: int, customer_id: int) -> bool:
    return await Enrollment.exists().where(
        Enrollment.vendor == vendor_id, Enrollment.customer == customer_id, Enrollment.deleted_at.is_null()
    )
