"""A pause with dates, and its end."""

import re
from datetime import date, datetime, timedelta

import pytest

import database
from tables.periods import months_later
from tests.client import forms, words

WHERE = "/pause"


async def test_a_pause_says_until_when_and_what_follows(sub):
    await sub.becomes(renewal_at=database.now() + timedelta(days=20))
    page = await sub.get(WHERE)
    assert "nothing is charged, and what belongs to this subscription is closed" in words(page)
    assert "$9.00 is charged on the first of your usual days after it" in words(page)
    assert re.search(r"2 months, until [^.]+\. Next payment on \w+ \d+, \d{4}", words(page))
    await sub.send(WHERE, page=page, length="2")
    wish, today = (await sub.wish()).wish, database.now().date()
    assert datetime.fromisoformat(wish["until"]).date() == months_later(today, 2)
    assert wish["next_at"] >= wish["until"]
    [receipt] = await sub.mails("change_requested")
    assert "Paused from:" in receipt
    assert "Paused until:" in receipt
    assert "Next payment: $9.00 on" in receipt


async def test_it_begins_and_ends_with_the_day_of_the_center(sub):
    await sub.vendor_is(time_zone="America/New_York")
    day = date.today() + timedelta(days=40)
    await sub.send(WHERE, length="date", until=day.isoformat())
    until = datetime.fromisoformat((await sub.wish()).wish["until"])
    assert (until.hour in (4, 5), until.date()) == (True, day)


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"length": "date", "until": "next summer"}, "Enter the date as year, month and day"),
     ({"length": "date", "until": "2020-01-01"}, "Choose a day after today"),
     ({"length": "date", "until": "2999-01-01"}, "Choose a day after today"), ({"length": "9"}, "Choose how long")],
)  # fmt: skip
async def test_a_day_that_cannot_be_is_said_so_and_what_was_typed_stays(sub, typed, said):
    page = await sub.send(WHERE, **typed)
    assert page.status_code == 422
    assert said in words(page)
    assert forms(page)[sub.home + WHERE]["until"] == typed.get("until", "")
    assert await sub.wishes() == []


async def test_a_paused_one_goes_on_when_it_is_confirmed(sub):
    await sub.becomes(service_status="paused", renewal_at=database.now() + timedelta(days=5))
    assert "and so is what belongs to it" in words(await sub.get())
    assert "Next payment" not in words(await sub.get())
    await sub.becomes(resumes_at=database.now() + timedelta(days=9))
    assert "Next payment $9.00 on" in words(await sub.get())
    page = await sub.get("/resumption")
    assert "Next payment: $9.00, on" in words(page)
    after = await sub.follow(await sub.send("/resumption", page=page))
    assert "End of the pause requested on" in words(after)
    await sub.becomes(service_status="active")
    assert (await sub.wish()).status == "confirmed"
    assert "Your subscription goes on" in (await sub.mails("change_confirmed"))[0]


async def test_the_next_payment_after_a_pause_is_on_a_usual_day(sub):
    paid = database.now() - timedelta(days=3)
    await sub.becomes(service_status="paused", renewal_at=None, next_charge_at=None, paid_until=paid)
    await sub.send("/resumption")
    following = datetime.fromisoformat((await sub.wish()).wish["next_at"])
    assert following.date() == months_later(paid.date(), 1)


@pytest.mark.parametrize(("part", "state"), [("/pause", "paused"), ("/resumption", "active"), ("/plan", "churned"),
                                             ("/reactivation", "active"), ("/payment-method", "churned"),
                                             ("/payment", "active")])  # fmt: skip
async def test_what_makes_no_sense_now_leads_to_the_page_that_says_how_things_stand(sub, part, state):
    await sub.becomes(service_status=state)
    assert (await sub.get(part)).headers["location"] == sub.home
    token = await sub.one.token("/acme/account")
    answer = await sub.one.post(sub.home + part, {"_csrf": token, "length": "1", "method": sub.own.card})
    assert answer.headers["location"] == sub.home
    assert await sub.wishes() == []
