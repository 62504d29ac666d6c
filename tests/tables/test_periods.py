"""Calendar arithmetic for what is charged every so often."""

from datetime import UTC, date, datetime

import pytest

from tables.periods import first_after, months_later, periods_later


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2027, 12, 31), 2, date(2028, 2, 29)),
     (date(2026, 11, 23), 3, date(2027, 2, 23)), (date(2026, 3, 31), -1, date(2026, 2, 28))],
)  # fmt: skip
def test_the_same_day_of_a_later_month_or_its_last(day, months, later):
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("interval", "count", "later"),
    [("days", 10, date(2026, 2, 20)), ("weeks", 2, date(2026, 2, 28)), ("months", 1, date(2026, 3, 31)),
     ("quarters", 1, date(2026, 7, 31)), ("years", 1, date(2028, 1, 31))],
)  # fmt: skip
def test_two_periods_later(interval, count, later):
    assert periods_later(datetime(2026, 1, 31, 9, tzinfo=UTC), interval, count, 2).date() == later


def test_the_usual_day_comes_back_after_a_short_month():
    start = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert first_after(start, "months", 1, datetime(2026, 3, 5, tzinfo=UTC)) == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert first_after(start, "months", 1, start) == start
    never = datetime(2999, 1, 1, tzinfo=UTC)
    assert first_after(start, "days", 1, never) == never
