"""The rows the pages are measured on: customers with ten of everything, with a little over a page, and with very many."""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import database
from commands.migrations import migrate
from tables import (
    Address,
    Completion,
    Course,
    CreditMemo,
    Customer,
    Device,
    Enrollment,
    Lesson,
    Mail,
    Order,
    PaymentMethod,
    PhoneNumber,
    Section,
    Session,
    Subscription,
    Vendor,
)
from tables.base import public_id

SIZES = {
    "few": {"orders": 10, "messages": 10, "subscriptions": 5, "others": 10, "courses": 1},
    "page": {"orders": 40, "messages": 40, "subscriptions": 30, "others": 40, "courses": 30},
    "many": {"orders": 10_000, "messages": 5_000, "subscriptions": 1_000, "others": 200, "courses": 60},
}
BATCH = 500
LESSONS = 30


async def seed() -> dict[str, str]:
    """Fill an empty, migrated database; returns a session token for each customer."""
    vendor = await Vendor.add("acme", "Acme Learning", headline="Keep bees, calmly", support_email="help@acme.example")
    await courses(vendor)
    return {name: await customer(vendor, name, sizes) for name, sizes in SIZES.items()}


async def customer(vendor: Vendor, name: str, sizes: dict[str, int]) -> str:
    person = await Customer.open(vendor.id, f"{name}@example.com", first_name="Alice", last_name="Ames")
    now, owner = database.now(), {"vendor": vendor.id, "customer": person.id}
    await orders(owner, name, sizes, now)
    await insert(Mail, [
        {**owner, "public_id": public_id(), "kind": "welcome", "dedupe_key": f"{name}-{place}", "message_id": f"<{place}>",
         "recipient": person.email, "sender": "Acme <a@acme.example>", "subject": f"Message no. {place}", "state": "sent",
         "body_text": "Hello", "body_html": "<p>Hello</p>", "created_at": now, "next_try_at": now, "sent_at": now}
        for place in range(sizes["messages"])
    ])  # fmt: skip
    others = range(sizes["others"])
    await insert(Address, [{**owner, "fingerprint": f"{place:064}", "street_one": f"{1000 + place} Orchard Lane",
                            "city": "Hudson", "country": "US", "created_at": now} for place in others])  # fmt: skip
    await insert(PhoneNumber, [{**owner, "number": f"+1212555{place:04}", "digits": f"1212555{place:04}",
                                "created_at": now} for place in others])  # fmt: skip
    await insert(PaymentMethod, [{**owner, "processor": "stripe", "reference": f"pm_{place:04}"} for place in others])
    await insert(Device, [{**owner, "token_hash": f"{name}{place:060}", "name": "Firefox on Linux", "created_at": now,
                           "last_used_at": now} for place in others])  # fmt: skip
    for _ in others:
        await Session.start(vendor.id, person.id, "link", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "")
    await insert(Enrollment, [{**owner, "clickfunnels_id": f"{name}-{place}", "course_clickfunnels_id": str(1 + place),
                               "enrolled_at": now - timedelta(days=30)}
                              for place in range(sizes["courses"])])  # fmt: skip
    for lesson in range(10):
        await Completion.mark(vendor.id, person.id, str(lesson))
    return await Session.start(vendor.id, person.id, "link", "bench", "")


async def orders(owner: dict[str, Any], name: str, sizes: dict[str, int], now: datetime) -> None:
    ids = await insert(Order, [
        {**owner, "clickfunnels_id": f"{name}-{place}", "number": f"{name}-{place}", "currency": "USD",
         "placed_at": now - timedelta(hours=place), "total": 1000 + place % 9000, "billing_status": "paid",
         "service_status": "completed", "summary": f"Frame grip no. {place:05}"}
        for place in range(sizes["orders"])
    ])  # fmt: skip
    await insert(CreditMemo, [
        {**owner, "order": order, "number": f"{name}-C{place:05}", "issued_at": now, "currency": "USD", "amount": 900}
        for place, order in enumerate(ids[: sizes["subscriptions"]])
    ])  # fmt: skip
    await insert(Subscription, [{**owner, "order": order} for order in ids[: sizes["subscriptions"]]])


async def insert(table: Any, rows: list[dict[str, Any]]) -> list[int]:
    ids = []
    for start in range(0, len(rows), BATCH):
        made = await table.insert(*(table(**row) for row in rows[start : start + BATCH]))
        ids += [next(iter(row.values())) for row in made]
    return ids


async def courses(vendor: Vendor) -> None:
    """One course with thirty lessons, and many without any."""
    published = database.now() - timedelta(days=60)
    owner = {"vendor": vendor.id, "published_at": published}
    titles = ["Intro to Beekeeping", *(f"Course no. {place:05}" for place in range(2, 61))]
    await insert(
        Course, [{**owner, "clickfunnels_id": str(key), "title": title} for key, title in enumerate(titles, 1)]
    )
    await insert(Section, [{**owner, "clickfunnels_id": str(place), "course_clickfunnels_id": "1", "position": place,
                            "title": f"Part {place + 1}"} for place in range(5)])  # fmt: skip
    await insert(Lesson, [{**owner, "clickfunnels_id": str(place), "section_clickfunnels_id": str(place % 5), "body": "Text.",
                           "position": place, "title": f"Lesson {place + 1}"} for place in range(LESSONS)])  # fmt: skip


async def main() -> None:
    await database.engine.start()
    tokens = await seed()
    # What PostgreSQL's autovacuum does by itself after a while: without figures the planner guesses wrong.
    await database.engine.run_ddl("ANALYZE")
    await database.engine.stop()
    Path(sys.argv[1]).write_text(json.dumps(tokens))


if __name__ == "__main__":
    migrate.callback()
    asyncio.run(main())
