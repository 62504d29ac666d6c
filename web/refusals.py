"""Counts the webhooks that were refused, so that a vendor who pasted the wrong secret sees it."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

import database
from tables.daily_figure import REFUSED, DailyFigure, today_in
from tables.vendor import Vendor

AT_MOST_EVERY = timedelta(minutes=1)
"""How often a vendor's count is written: whoever sends rubbish makes one row a day, and one write a minute."""

log = structlog.get_logger("webhooks")

waiting: dict[int, int] = {}
"""Vendor → refusals of this process that no write has counted yet. Only vendors that exist are in it."""
written: dict[int, datetime] = {}


async def note(vendor: Vendor | None) -> None:
    """Count one; what comes within a minute of a write is counted with the next, so the figure is a least one."""
    if vendor is None:
        return
    waiting[vendor.id] = waiting.get(vendor.id, 0) + 1
    if (before := written.get(vendor.id)) and database.now() - before < AT_MOST_EVERY:
        return
    written[vendor.id] = database.now()
    try:
        await DailyFigure.add(vendor.id, today_in(vendor.zone), REFUSED, waiting.pop(vendor.id))
    except database.Unavailable:
        log.warning("not counted", vendor=vendor.slug)
