"""The figures of a day are what a plain count of its rows says, whatever the zone and whoever else has rows."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import database
from jobs import count_days
from jobs.stopping import Stopping
from tables import Completion, Customer, DailyFigure, Mail, Session, Vendor
from tables.base import public_id
from tables.daily_figure import (
    COMPLETIONS,
    COUNTED,
    CUSTOMERS,
    DAYS,
    FAILURES,
    LEARNERS,
    LEARNERS_MONTH,
    REFUSED,
    SIGN_INS,
    bounds,
    today_in,
)

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
async def history(acme, globex, zoe, clock):
    """Rows at every fifth hour of the last forty days, of seven customers, with the same at another vendor.

    It is the afternoon in New York, whatever the time here: an hour later it is still the same day.
    """
    clock.time = clock.time.replace(hour=20, minute=0)
    for vendor in (acme, globex):
        await Vendor.update({Vendor.time_zone: "America/New_York"}).where(Vendor.id == vendor.id)
        for place in range(40 * 24 // 5):
            at = clock.now() - timedelta(hours=5 * place)
            made = Customer(vendor=vendor.id, email=f"{place}@example.com", created_at=at)
            await made.save()
            if place % 3 == 0:
                await Session(
                    vendor=vendor.id, customer=made.id, token_hash=public_id() * 2, auth_method="x", created_at=at
                ).save()
            if place % 2 == 0:
                for lesson in range(1 + place % 4):
                    await Completion(
                        vendor=vendor.id, customer=made.id, lesson_clickfunnels_id=str(lesson), completed_at=at
                    ).save()
            if place % 4 == 0:
                await Mail(
                    vendor=vendor.id, public_id=public_id(), kind="welcome", dedupe_key=f"x{place}", message_id="<x>",
                    recipient="a@example.com", sender="b@example.com", subject="", body_text="", body_html="",
                    state="failed" if place % 8 else "sent", created_at=at,
                ).save()  # fmt: skip
    return await Vendor.objects().get(Vendor.id == acme.id)


async def plainly(vendor, day):
    """Everything read and counted here, without an index or a range."""

    def on_day(at):
        return at.astimezone(NEW_YORK).date() == day

    done = [
        row for row in await Completion.select().where(Completion.vendor == vendor.id) if on_day(row["completed_at"])
    ]
    return {
        SIGN_INS: sum(on_day(row["created_at"]) for row in await Session.select().where(Session.vendor == vendor.id)),
        CUSTOMERS: sum(on_day(row["created_at"]) for row in await Customer.select().where(Customer.vendor == vendor.id)),
        COMPLETIONS: len(done), LEARNERS: len({row["customer_id"] for row in done}),
        FAILURES: sum(
            on_day(row["created_at"]) and row["state"] == "failed"
            for row in await Mail.select().where(Mail.vendor == vendor.id)
        ),
    }  # fmt: skip


async def test_figures_equal_a_plain_count(history):
    await count_days.count_days(Stopping())
    today = today_in(NEW_YORK)
    month = await DailyFigure.month(history.id, today, NEW_YORK)
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        assert {name: month[name][day.isoformat()] for name in COUNTED} == await plainly(history, day), ago


async def test_learners_of_a_month_are_different_people(history):
    await count_days.count_days(Stopping())
    today = today_in(NEW_YORK)
    begins = bounds(today - timedelta(days=DAYS - 1), NEW_YORK)[0]
    rows = await Completion.select().where(Completion.vendor == history.id, Completion.completed_at >= begins)
    month = await DailyFigure.month(history.id, today, NEW_YORK)
    assert month[LEARNERS_MONTH][today.isoformat()] == len({row["customer_id"] for row in rows})


async def test_the_last_two_days_are_counted_at_this_moment(acme, alice):
    today = today_in(acme.zone)
    assert (await DailyFigure.month(acme.id, today, acme.zone))[CUSTOMERS][today.isoformat()] == 1
    await Customer.open(acme.id, "new@example.com")
    assert (await DailyFigure.month(acme.id, today, acme.zone))[CUSTOMERS][today.isoformat()] == 2
    assert not await DailyFigure.exists().where(DailyFigure.vendor == acme.id)


async def test_a_mail_that_fails_two_days_later_is_still_counted(history, clock):
    await count_days.count_days(Stopping())
    day = (clock.now() - timedelta(days=2)).astimezone(NEW_YORK).date()
    begins, ends = bounds(day, NEW_YORK)
    await Mail.update({Mail.state: "failed"}).where(
        Mail.vendor == history.id, Mail.created_at >= begins, Mail.created_at < ends
    )
    clock.forward(minutes=61)
    await count_days.count_days(Stopping())
    row = await DailyFigure.of(history.id, day, FAILURES)
    assert row["count"] == (await plainly(history, day))[FAILURES] > 0


async def test_settled_days_are_not_counted_again(history, clock):
    await count_days.count_days(Stopping())
    await Session.delete().where(Session.vendor == history.id, Session.created_at < clock.now() - timedelta(days=5))
    before = await DailyFigure.select().where(DailyFigure.vendor == history.id).order_by(DailyFigure.id)
    clock.forward(minutes=30)
    seen = []
    database.statements.append(seen.append)
    await count_days.count_days(Stopping())
    database.statements.remove(seen.append)
    assert not [sql for sql in seen if "daily_figures" in sql]  # Somebody counted within the hour.
    clock.forward(minutes=31)
    await count_days.count(history)
    assert await DailyFigure.select().where(DailyFigure.vendor == history.id).order_by(DailyFigure.id) == before


async def test_a_worker_that_stops_leaves_the_rest(history):
    stopping = Stopping()
    stopping.asked = True
    await count_days.count_days(stopping)
    assert not await DailyFigure.exists().where(DailyFigure.vendor == history.id)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 7, 1), 24)])
def test_a_day_is_as_long_as_its_clocks_say(day, hours):
    begins, ends = bounds(day, NEW_YORK)
    assert (ends - begins) == timedelta(hours=hours)
    assert begins.tzinfo is UTC


async def test_what_is_only_added_adds_up(acme):
    for count in (1, 5):
        await DailyFigure.add(acme.id, date(2026, 1, 1), REFUSED, count)
    row = await DailyFigure.of(acme.id, date(2026, 1, 1), REFUSED)
    assert row["count"] == 6
    assert isinstance(row["last_at"], datetime)


async def test_old_figures_are_forgotten(acme, clock):
    await DailyFigure.add(acme.id, today_in(acme.zone), REFUSED, 1)
    await DailyFigure.sweep()
    assert await DailyFigure.exists().where(DailyFigure.vendor == acme.id)
    clock.forward(days=402)
    await DailyFigure.sweep()
    assert not await DailyFigure.exists().where(DailyFigure.vendor == acme.id)
