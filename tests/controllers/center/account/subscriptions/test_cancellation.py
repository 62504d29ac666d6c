"""Cancelling: two pages from the link in a mail, said to be done only when it is."""

import asyncio
from datetime import timedelta

import pytest

import database
from integrations.billing import Refused
from jobs.carry_out import carry_out
from jobs.stopping import Stopping
from tests.client import forms, tree, words

from .conftest import canceled_as_done

WHERE = "/cancellation"


async def test_a_deep_link_survives_the_sign_in_and_the_whole_way_is_two_pages(sub, world, browser):
    from tests.routes import mailed

    one = browser()
    answer = await one.get(sub.home + WHERE)
    page = await one.get(answer.headers["location"])
    await one.submit(page, "/acme/sign-in", email=world.alice.customer.email)
    opened = await one.get((await mailed(world.alice))[0])
    assert opened.headers["location"] == sub.home + WHERE
    first = await one.get(opened.headers["location"])
    answer = await one.submit(first, sub.home + WHERE)
    second = await one.get(answer.headers["location"])
    assert "We received your request" in words(second)
    assert (await sub.wish()).kind == "cancel"


async def test_until_when_access_lasts_is_said_before_and_after(sub):
    await sub.becomes(paid_until=database.now() + timedelta(days=20))
    day = sub_day(await sub.order())
    first = await sub.get(WHERE)
    assert f"If you cancel now, you keep access until {day}" in words(first)
    second = await sub.follow(await sub.send(WHERE, page=first))
    assert f"You keep access until {day}" in words(second)
    assert "It is not done yet." in words(second)
    await sub.becomes(service_status="canceled")
    assert f"you keep access until {day}" in words(await sub.get(WHERE))
    [told] = await sub.mails("change_confirmed")
    assert "Your subscription is canceled" in told
    assert f"Access until: {day}" in told


def sub_day(order) -> str:
    from datetime import UTC

    from theming.formats import day

    return day(order.paid_until, UTC).text


async def test_nothing_is_said_to_be_done_before_it_is_confirmed(sub):
    pages = [await sub.follow(await sub.send(WHERE)), await sub.get(WHERE), await sub.get(),
             await sub.one.get("/acme/account/subscriptions")]  # fmt: skip
    [receipt] = await sub.mails("change_requested")
    for said in [*(" ".join(tree(page).find(".//main").itertext()) for page in pages), receipt]:
        assert not canceled_as_done(said)
    assert "We received your request: Cancellation" in receipt
    assert "It is not done yet. We write to you again as soon as it is confirmed." in receipt
    assert await sub.mails("change_confirmed") == []
    await sub.becomes(service_status="canceled")
    assert canceled_as_done((await sub.mails("change_confirmed"))[0])


async def test_ten_presses_are_one_request_and_one_receipt(sub):
    page = await sub.get(WHERE)
    answers = await asyncio.gather(*(sub.send(WHERE, page=page) for _ in range(10)))
    assert {answer.headers["location"] for answer in answers} == {sub.home + WHERE}
    assert (await sub.wish()).kind == "cancel"
    assert len(await sub.mails("change_requested")) == 1


async def test_the_receipt_is_in_the_transaction_of_the_request(sub, monkeypatch):
    from emails import change_requested

    async def broken(*args) -> None:
        raise RuntimeError("no receipt")

    monkeypatch.setattr(change_requested, "queue", broken)
    assert (await sub.send(WHERE)).status_code == 500
    assert await sub.wishes() == []


async def test_why_is_passed_on_in_words_and_in_the_processors(sub):
    await sub.send(WHERE, reason="too_expensive", comment="  Honey got\ndear ")
    wish = (await sub.wish()).wish
    assert (wish["reason"], wish["comment"]) == ("too_expensive", "Honey got dear")
    [theirs] = await sub.mails("console/request_waiting")
    assert "Reason: It costs too much" in theirs
    assert "Comment: Honey got dear" in theirs


async def test_the_vendors_own_reasons_take_the_place_of_ours(sub):
    await sub.vendor_is(cancel_reasons='["No more bees", ["unused", "Too busy"]]')
    page = await sub.get(WHERE)
    assert "No more bees" in words(page)
    assert "It costs too much" not in words(page)
    await sub.send(WHERE, page=page, reason="2")
    wish = (await sub.wish()).wish
    assert (wish["reason"], wish["reason_text"]) == ("unused", "Too busy")


async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(sub):
    page = await sub.send(WHERE, reason="because", comment="x" * 501)
    assert page.status_code == 422
    assert "Choose one of these reasons, or none." in words(page)
    assert forms(page)[sub.home + WHERE]["comment"] == "x" * 501
    assert await sub.wishes() == []


async def test_the_vendors_offer_is_made_once_and_stands_in_nobodys_way(sub):
    await sub.vendor_is(cancel_offer="Half price for <b>three</b> months", cancel_offer_url="https://acme.example/stay")
    page = await sub.get(WHERE)
    assert page.text.count("Half price for &lt;b&gt;three&lt;/b&gt; months") == 1
    assert 'href="https://acme.example/stay"' in page.text
    answer = await sub.send(WHERE, page=page)
    assert "Half price" not in (await sub.follow(answer)).text
    await sub.one.submit(await sub.get(WHERE), f"{sub.home}/requests/{(await sub.wish()).public_id}/withdrawal")
    assert "Half price" not in (await sub.get(WHERE)).text


async def test_a_pause_is_offered_where_it_is_allowed(sub):
    assert "Pause it instead" in (await sub.get(WHERE)).text
    await sub.vendor_is(subscription_pause=False)
    assert "Pause it instead" not in (await sub.get(WHERE)).text


async def test_it_can_be_undone_while_it_runs(sub):
    await sub.send(WHERE)
    after = await sub.follow(await sub.one.submit(await sub.get(WHERE), f"{sub.home}/requests/"
                                                  f"{(await sub.wish()).public_id}/withdrawal"))  # fmt: skip
    assert "You took your request back." in words(after)
    await sub.send(WHERE)
    await sub.becomes(service_status="canceled", paid_until=database.now() + timedelta(days=9))
    after = await sub.follow(await sub.one.submit(await sub.get(WHERE), f"{sub.home}/renewal"))
    assert "Keeping the subscription requested on" in words(after)
    await sub.becomes(service_status="active")
    assert [wish.status for wish in await sub.wishes()] == ["withdrawn", "confirmed", "confirmed"]
    assert "Your subscription goes on" in (await sub.mails("change_confirmed"))[-1]


async def test_keeping_it_takes_a_request_back_that_nobody_has_carried_out(sub):
    await sub.send(WHERE)
    token = await sub.one.token("/acme/account")
    await sub.one.post(f"{sub.home}/renewal", {"_csrf": token})
    assert (await sub.wish()).status == "withdrawn"


async def test_a_refusal_is_told_with_its_reason_and_what_holds(sub, held):
    held.perform = refusing
    await sub.send(WHERE)
    await carry_out(Stopping())
    said = words(await sub.get())
    assert "Cancellation refused on" in said
    assert "Twelve months were agreed." in said
    [told] = await sub.mails("change_refused")
    assert "Reason: Twelve months were agreed." in told
    assert "Nothing was changed. Your subscription goes on and renews as before." in told
    assert "Why do you want to cancel?" in (await sub.get(WHERE)).text


async def test_the_holders_answer_confirms_it_within_the_worker(sub, held):
    async def perform(vendor, command):
        return lambda: sub.mirror(service_status="canceled")

    held.perform = perform
    await sub.send(WHERE)
    assert (await sub.wish()).status == "requested"
    assert await sub.mails("console/request_waiting") == []
    await carry_out(Stopping())
    assert (await sub.wish()).status == "confirmed"
    assert "Keep my subscription" in words(await sub.get(WHERE))
    assert len(await sub.mails("change_confirmed")) == 1
    await sub.becomes(service_status="canceled")
    assert len(await sub.mails("change_confirmed")) == 1


async def test_a_page_that_the_holder_names_can_be_opened(sub, held):
    async def perform(vendor, command):
        raise Refused('Approve this payment yourself on https://bank.example/in_1?a=1&b="><b>')

    held.perform = perform
    await sub.becomes(billing_status="past_due")
    await sub.send("/payment")
    await carry_out(Stopping())
    assert (
        '<a href="https://bank.example/in_1?a=1&amp;b=" rel="noreferrer">Open that page</a>' in (await sub.get()).text
    )


async def refusing(vendor, command):
    raise Refused("Twelve months were agreed.")


@pytest.mark.parametrize("status", ["canceled", "churned", "trial_ended", "voided"])
async def test_what_is_over_offers_no_cancelling(sub, status):
    await sub.becomes(service_status=status, paid_until=database.now() + timedelta(days=2))
    assert "Cancel subscription</a>" not in (await sub.get()).text
    said = await sub.get(WHERE)
    assert "Why do you want to cancel?" not in said.text
    assert ("you keep access" in said.text) == (status == "canceled")
    assert ("has ended already" in said.text) == (status != "canceled")
    await sub.one.post(sub.home + WHERE, {"_csrf": await sub.one.token("/acme/account")})
    assert await sub.wishes() == []


async def test_what_was_paid_for_may_be_over_already(sub):
    await sub.becomes(billing_status="past-due", paid_until=database.now() - timedelta(days=2))
    assert "your access ends as soon as the cancellation is confirmed" in words(await sub.get(WHERE))
