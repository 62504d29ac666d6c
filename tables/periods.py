"""Calendar arithmetic for what is charged every so often."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

MONTHS = {"months": 1, "quarters": 3, "years": 12}
DAYS = {"days": 1, "weeks": 7}
MOST = 1000


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def periods_later(start: datetime, interval: str, count: int, times: int) -> datetime:
    """A moment some periods later; `interval` in ClickFunnels' plural words."""
    if interval in DAYS:
        return start + timedelta(days=DAYS[interval] * count * times)
    day = months_later(start.date(), MONTHS.get(interval, 1) * count * times)
    return start.replace(year=day.year, month=day.month, day=day.day)


def first_after(start: datetime, interval: str, count: int, moment: datetime) -> datetime:
    """The first of the regular days from `start` on that does not come before a moment."""
    return next(
        (at for times in range(MOST) if (at := periods_later(start, interval, count or 1, times)) >= moment), moment
    )
