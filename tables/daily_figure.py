"""What happened on a day at a vendor, counted once: a chart reads thirty rows, however long the history is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

import database
from database import Row
from tables.base import Owned
from tables.timestamps import moment

SIGN_INS, CUSTOMERS, LEARNERS, COMPLETIONS, FAILURES = (
    "sign_ins", "customers", "learners", "completions", "mail_failures",
)  # fmt: skip
LEARNERS_MONTH = "learners_30_days"
"""How many different people completed a lesson in the thirty days that end with this one."""
REFUSED = "refused_webhooks"
DAYS = 30
UNSETTLED = 3
"""How many days stay open: a mail is given up after two."""
KEPT = timedelta(days=400)

COUNTED = {
    SIGN_INS: "SELECT COUNT(*) AS count FROM sessions WHERE vendor_id = {} AND created_at >= {} AND created_at < {}",
    CUSTOMERS: "SELECT COUNT(*) AS count FROM customers WHERE vendor_id = {} AND created_at >= {} AND created_at < {}",
    LEARNERS: "SELECT COUNT(DISTINCT customer_id) AS count FROM completions WHERE vendor_id = {} "
    "AND completed_at >= {} AND completed_at < {}",
    COMPLETIONS: "SELECT COUNT(*) AS count FROM completions WHERE vendor_id = {} AND completed_at >= {} "
    "AND completed_at < {}",
    FAILURES: "SELECT COUNT(*) AS count FROM mails WHERE vendor_id = {} AND state = 'failed' AND created_at >= {} "
    "AND created_at < {}",
}
"""What is counted of a day, each by an index that is led by vendor and time."""


class DailyFigure(Owned, Table, tablename="daily_figures"):
    day = Varchar(length=10)
    kind = Varchar(length=30)
    count = BigInt(default=0)
    last_at = moment()

    @classmethod
    async def count_day(cls, vendor_id: int, day: date, zone: ZoneInfo) -> None:
        """Count a day of the vendor's own time zone and write it down, or put it right."""
        begins, ends = bounds(day, zone)
        for name, sql in COUNTED.items():
            await cls.put(vendor_id, day, name, sql, begins, ends)

    @classmethod
    async def count_learners(cls, vendor_id: int, day: date, zone: ZoneInfo) -> None:
        begins, ends = bounds(day - timedelta(days=DAYS - 1), zone)[0], bounds(day, zone)[1]
        await cls.put(vendor_id, day, LEARNERS_MONTH, COUNTED[LEARNERS], begins, ends)

    @classmethod
    async def put(cls, vendor_id: int, day: date, name: str, sql: str, begins: datetime, ends: datetime) -> None:
        """One statement, so that no other count comes between."""
        await database.raw(
            f"INSERT INTO daily_figures (vendor_id, day, kind, count) SELECT {{}}, {{}}, {{}}, counted.count "
            f"FROM ({sql}) AS counted WHERE true ON CONFLICT (vendor_id, day, kind) DO UPDATE SET count = excluded.count",
            vendor_id, day.isoformat(), name, vendor_id, begins, ends,
        )  # fmt: skip

    @classmethod
    async def counted_days(cls, vendor_id: int, since: date) -> set[str]:
        """The days from `since` on that have been counted."""
        rows = await cls.select(cls.day).where(
            cls.vendor == vendor_id, cls.day >= since.isoformat(), cls.kind == SIGN_INS
        )
        return {row["day"] for row in rows}

    @classmethod
    async def month(cls, vendor_id: int, today: date, zone: ZoneInfo) -> dict[str, dict[str, int]]:
        """Name → day → count of the thirty days that end today; the last two are counted at this moment."""
        since = today - timedelta(days=DAYS - 1)
        rows = await cls.select(cls.day, cls.kind, cls.count).where(
            cls.vendor == vendor_id, cls.day >= since.isoformat(), cls.day <= today.isoformat()
        )
        found: dict[str, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["kind"], {})[row["day"]] = row["count"]
        for day in (today - timedelta(days=1), today):
            for name, count in (await cls.at_this_moment(vendor_id, day, zone)).items():
                found.setdefault(name, {})[day.isoformat()] = count
        return found

    @classmethod
    async def at_this_moment(cls, vendor_id: int, day: date, zone: ZoneInfo) -> dict[str, int]:
        """A day's figures without writing them down."""
        begins, ends = bounds(day, zone)
        return {name: (await database.raw(sql, vendor_id, begins, ends))[0]["count"] for name, sql in COUNTED.items()}

    @classmethod
    async def add(cls, vendor_id: int, day: date, name: str, count: int) -> None:
        """Add to a figure that nothing else is kept of."""
        await database.raw(
            "INSERT INTO daily_figures (vendor_id, day, kind, count, last_at) VALUES ({}, {}, {}, {}, {}) "
            "ON CONFLICT (vendor_id, day, kind) DO UPDATE SET count = daily_figures.count + excluded.count, "
            "last_at = excluded.last_at",
            vendor_id, day.isoformat(), name, count, database.now(),
        )  # fmt: skip

    @classmethod
    async def of(cls, vendor_id: int, day: date, name: str) -> Row | None:
        return await cls.select().where(
            cls.vendor == vendor_id, cls.day == day.isoformat(), cls.kind == name
        ).first()  # fmt: skip

    @classmethod
    async def sweep(cls) -> None:
        """Forget what no chart shows any more."""
        await cls.delete().where(cls.day < (database.now() - KEPT).date().isoformat())


def today_in(zone: ZoneInfo) -> date:
    return database.now().astimezone(zone).date()


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a day begins and ends in a time zone, in UTC; one of a change of clocks has 23 or 25 hours."""
    begins, ends = (
        datetime.combine(one, clock_time.min, zone).astimezone(UTC) for one in (day, day + timedelta(days=1))
    )
    return begins, ends
