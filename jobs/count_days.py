"""Counts what happened at each vendor, day by day, for the charts of their console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from jobs.apart import apart
from jobs.stopping import Stopping
from tables.daily_figure import DAYS, UNSETTLED, DailyFigure, today_in
from tables.lease import Lease
from tables.vendor import Vendor

EVERY = timedelta(hours=1)


async def count_days(stopping: Stopping) -> int:
    """Once an hour in whichever worker comes first: the days still open, and any of the last thirty not counted yet."""
    if await Lease.take("count days", EVERY):
        for vendor in await Vendor.sellers():
            if stopping.asked:
                break
            await apart(count(vendor), vendor=vendor.slug)
    return 0


async def count(vendor: Any) -> None:
    """Bring a vendor's figures up to date."""
    today = today_in(vendor.zone)
    known = await DailyFigure.counted_days(vendor.id, today - timedelta(days=DAYS - 1))
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        if ago <= UNSETTLED or day.isoformat() not in known:
            await DailyFigure.count_day(vendor.id, day, vendor.zone)
    await DailyFigure.count_learners(vendor.id, today, vendor.zone)
