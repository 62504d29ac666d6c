"""What a vendor's people should look after: a few counts with a bound, so that they cost the same in a large center."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import database
from tables import mail_log, request_list
from tables.course import Course
from tables.enrollment import Enrollment
from tables.vendor import Vendor
from tables.webhook_event import FAILED, PARKED, WebhookEvent

MOST = 100
"""Beyond this nobody cares how many more there are."""
PATIENCE = timedelta(days=1)
"""How long an event may wait for its record before somebody should look."""


class Upkeep(NamedTuple):
    """Counts go up to MOST."""

    failed_events: int
    waiting_events: int
    failed_mails: int
    has_events: bool
    has_course: bool
    has_enrollment: bool
    waiting_requests: int = 0


async def upkeep_of(vendor: Vendor) -> Upkeep:
    return Upkeep(
        failed_events=await events(vendor.id, FAILED),
        waiting_events=await events(vendor.id, PARKED, waited=True),
        failed_mails=await mail_log.failed_lately(vendor.id),
        has_events=await WebhookEvent.any_of(vendor.id),
        has_course=await Course.exists().where(
            Course.vendor == vendor.id, Course.published_at <= database.now(), Course.deleted_at.is_null()
        ),
        has_enrollment=await Enrollment.exists().where(
            Enrollment.vendor == vendor.id, Enrollment.deleted_at.is_null()
        ),
        waiting_requests=await request_list.waiting(vendor.id),
    )  # fmt: skip


async def events(vendor_id: int, status: str, *, waited: bool = False) -> int:
    rows = await database.raw(
        "SELECT COUNT(*) AS count FROM (SELECT id FROM webhook_events WHERE vendor_id = {} AND (status, id) > ({}, 0) "
        f"AND status <= {{}} AND received_at <= {{}} ORDER BY status, id LIMIT {MOST}) AS found",
        vendor_id, status, status, database.now() - (PATIENCE if waited else timedelta()),
    )  # fmt: skip
    return int(rows[0]["count"])
