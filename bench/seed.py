"""The rows the pages are measured on: a customer with 10 orders, one with 10,000, and a course."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import database
from commands.migrations import migrate
from tables import Completion, Course, Customer, Enrollment, Lesson, Order, Section, Session, Vendor

SIZES = {"few": 10, "many": 10_000}
BATCH = 500
LESSONS = 30


async def seed() -> dict[str, str]:
    """Fill an empty, migrated database; returns a session token for each customer."""
    vendor = await Vendor.add("acme", "Acme Learning", headline="Keep bees, calmly", support_email="help@acme.example")
    await courses(vendor)
    return {name: await customer(vendor, name, count) for name, count in SIZES.items()}


async def customer(vendor: Vendor, name: str, count: int) -> str:
    person = await Customer.open(vendor.id, f"{name}@example.com", first_name="Alice", last_name="Ames")
    now = database.now()
    rows = [
        Order(vendor=vendor.id, customer=person.id, clickfunnels_id=f"{name}-{place}", number=f"{name}-{place}",
              placed_at=now - timedelta(hours=place), currency="USD", total=900 + place % 9000, billing_status="paid",
              service_status="completed", summary=f"Frame grip no. {place}")
        for place in range(count)
    ]  # fmt: skip
    for start in range(0, count, BATCH):
        await Order.insert(*rows[start : start + BATCH])
    await Enrollment(vendor=vendor.id, customer=person.id, clickfunnels_id=name, course_clickfunnels_id="1",
                     enrolled_at=now - timedelta(days=30)).save()  # fmt: skip
    for lesson in range(10):
        await Completion.mark(vendor.id, person.id, str(lesson))
    return await Session.start(vendor.id, person.id, "link", "bench", "")


async def courses(vendor: Vendor) -> None:
    published = database.now() - timedelta(days=60)
    await Course(vendor=vendor.id, clickfunnels_id="1", title="Intro to Beekeeping", published_at=published).save()
    for section in range(5):
        await Section(vendor=vendor.id, clickfunnels_id=str(section), course_clickfunnels_id="1", position=section,
                      title=f"Part {section + 1}", published_at=published).save()  # fmt: skip
    for lesson in range(LESSONS):
        await Lesson(vendor=vendor.id, clickfunnels_id=str(lesson), section_clickfunnels_id=str(lesson % 5),
                     position=lesson, title=f"Lesson {lesson + 1}", body="Text.", published_at=published).save()  # fmt: skip


async def main() -> None:
    await database.engine.start()
    tokens = await seed()
    await database.engine.stop()
    Path(sys.argv[1]).write_text(json.dumps(tokens))


if __name__ == "__main__":
    migrate.callback()
    asyncio.run(main())
