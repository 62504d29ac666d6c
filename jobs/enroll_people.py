"""Enrolls people from lists, and those who had bought a product before it opened a course."""

from __future__ import annotations

from typing import Any

import structlog

import database
from emails import enrolled
from jobs.apart import apart
from jobs.stopping import Stopping
from tables.enrollment_import import EnrollmentImport, carry_out
from tables.product_course import ProductCourse
from tables.vendor import Vendor
from theming.center import center_of

LISTS = 5

log = structlog.get_logger("enrolling")


async def enroll_people(stopping: Stopping) -> int:
    """One batch of each list that is due; returns how many lists were taken."""
    rows = await EnrollmentImport.lease(LISTS)
    for row in rows:
        if not stopping.asked:
            await apart(enroll_batch(row["vendor_id"], row["id"], row["send_mail"]), list=row["public_id"])
    return len(rows)


async def enroll_batch(vendor_id: int, import_id: int, send_mail: bool) -> bool:
    """The next rows of a list with the mails about them, in one transaction; whether it was the last batch."""
    center = center_of(await Vendor.objects().get(Vendor.id == vendor_id))

    async def work() -> bool:
        await Vendor.hold(vendor_id)
        people, ended = await carry_out(vendor_id, import_id)
        for one, course in people if send_mail else ():
            await enrolled.queue(center, one.customer, course, one.enrollment)
        await EnrollmentImport.settle(vendor_id, import_id, ended=ended)
        return ended

    ended = await database.transaction(work)
    log.info("enrolled", vendor=center.slug, list=import_id, ended=ended)
    return ended


async def enroll_buyers(stopping: Stopping) -> int:
    """One batch of each product's earlier buyers; returns how many products and courses were taken."""
    rows = await ProductCourse.lease(LISTS)
    for row in rows:
        if stopping.asked:
            break

        await apart(catch_up(row), vendor=row["vendor_id"], product=row["product_clickfunnels_id"])
    return len(rows)


async def catch_up(row: Any) -> None:
    async def work() -> None:
        await Vendor.hold(row["vendor_id"])
        await ProductCourse.catch_up(row)

    await database.transaction(work)
