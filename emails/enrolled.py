"""Sent to somebody whom the vendor has enrolled by hand or from a list, where the vendor wants it."""

from __future__ import annotations

import emails
from tables.course import Course
from tables.customer import Customer
from tables.enrollment import Enrollment
from theming.center import Center


async def queue(center: Center, customer: Customer, course: Course, enrollment: Enrollment) -> None:
    """Once for each time somebody is enrolled."""
    path = f"/courses/{course.public_id}"
    variables = {"first_name": customer.first_name, "course": course.title, "link": center.link(path)}
    when = int(enrollment.enrolled_at.timestamp()) if enrollment.enrolled_at else 0
    await emails.queue(
        center.speaking(customer.language), "enrolled", f"enrolled:{enrollment.id}:{when}", customer.email, variables,
        customer=customer.id,
    )  # fmt: skip
