"""Another plan: what it comes to is shown first, and exactly that is asked for."""

from datetime import timedelta

import pytest

import database
from integrations.billing import Preview, Refused, Unreachable
from tables import Price, PriceTarget
from tests.client import forms, words


async def test_the_plans_the_vendor_listed_are_shown_with_when_they_begin(sub):
    said = words(await sub.get("/plan"))
    assert "Plan today: $9.00 every month" in said
    assert said.index("Postcard $4.00 every month Begins on") < said.index(
        "Letter and seeds $19.00 every month Begins at once."
    )


async def test_where_there_is_none_the_page_says_so(sub, world):
    await PriceTarget.delete().where(PriceTarget.vendor == world.acme.id)
    assert "There is no other plan for this subscription." in words(await sub.get("/plan"))


@pytest.mark.parametrize(("flag", "gone", "stays"), [("self_upgrade", "701", "702"), ("self_downgrade", "702", "701")])
async def test_a_price_may_forbid_one_direction(sub, world, flag, gone, stays):
    await Price.update({getattr(Price, flag): False}).where(
        Price.vendor == world.acme.id, Price.clickfunnels_id == "700"
    )
    assert (await sub.get(f"/plan/{gone}")).status_code == 404
    assert (await sub.get(f"/plan/{stays}")).status_code == 200


async def test_a_price_that_is_not_offered_is_unknown(sub):
    assert (await sub.get("/plan/700")).status_code == 404
    assert (await sub.get("/plan/nothing")).status_code == 404


async def test_a_dearer_plan_begins_at_once_with_the_amount_on_the_button(sub):
    page = await sub.get("/plan/701")
    said = words(page)
    assert "Begins At once" in said
    assert "Due today $19.00" in said
    assert "Pay $19.00 and change plan" in said
    assert "Acme Learning has the last word" in said
    after = await sub.follow(await sub.send("/plan/701", page=page))
    assert "Change of plan requested on" in words(after)
    wish = (await sub.wish()).wish
    assert {name: wish[name] for name in ("price", "due_now", "next_amount", "at_period_end", "currency", "exact")} == {
        "price": "701", "due_now": 1900, "next_amount": 1900, "at_period_end": False, "currency": "USD", "exact": False,
    }  # fmt: skip
    [receipt] = await sub.mails("change_requested")
    assert "Plan before: Letter of A, $9.00 every month" in receipt
    assert "New plan: Letter and seeds, $19.00 every month" in receipt
    assert "Due at once: $19.00" in receipt
    [theirs] = await sub.mails("console/request_waiting")
    assert "New plan: Letter and seeds, $19.00 every month" in theirs


async def test_a_cheaper_plan_begins_when_the_period_ends(sub):
    await sub.becomes(renewal_at=database.now() + timedelta(days=20))
    page = await sub.get("/plan/702")
    said = words(page)
    assert "Due today Nothing" in said
    assert "You keep today’s plan and everything in it until then." in said
    assert "Change to $4.00 every month on" in said
    await sub.send("/plan/702", page=page)
    assert (await sub.wish()).wish["at_period_end"] is True
    [receipt] = await sub.mails("change_requested")
    assert "Next payment: $4.00 on" in receipt
    assert "Due at once" not in receipt


async def test_the_holders_own_reckoning_is_shown_without_reserve(sub, held):
    said = words(await sub.get("/plan/701"))
    assert "Pay $12.50 and change plan" in said
    assert "has the last word" not in said


@pytest.mark.parametrize(
    ("preview", "said"),
    [(Preview(-300, 1900, None, "USD", at_period_end=False), "Nothing; $3.00 is credited to you"),
     (Preview(None, None, None, "USD", at_period_end=False), "Worked out by the payment system")],
)  # fmt: skip
async def test_what_comes_back_or_is_not_known_yet_is_said_so(sub, held, preview, said):
    held.preview_is = preview
    assert said in words(await sub.get("/plan/701"))
    assert "Change to $19.00 every month" in words(await sub.get("/plan/701"))


async def test_amounts_that_have_changed_since_are_shown_again_instead(sub, held):
    page = await sub.get("/plan/701")
    held.preview_is = Preview(1300, 1900, None, "USD", at_period_end=False)
    again = await sub.send("/plan/701", page=page)
    assert again.status_code == 422
    assert "The amounts have changed since you looked." in words(again)
    assert "Pay $13.00 and change plan" in words(again)
    assert await sub.wishes() == []
    await sub.send("/plan/701", page=again)
    assert (await sub.wish()).wish["due_now"] == 1300


@pytest.mark.parametrize(
    ("now", "passes"),
    [({"due_now": 1249}, True), ({"due_now": 1238}, True), ({"due_now": 1237}, False), ({"due_now": 1251}, False),
     ({"due_now": None}, False), ({"next_amount": 1899}, False), ({"currency": "EUR"}, False),
     ({"at_period_end": True}, False)],
)  # fmt: skip
async def test_only_a_little_less_than_was_shown_is_no_surprise(sub, held, now, passes):
    page = await sub.get("/plan/701")
    held.preview_is = held.preview_is._replace(**now)
    assert (await sub.send("/plan/701", page=page)).status_code == (303 if passes else 422)
    assert len(await sub.wishes()) == passes


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", "7", "null", '"x"', '{"a": 1}', '["1250", 1900, "USD", false]'])
async def test_what_was_seen_has_to_be_what_was_shown(sub, held, seen):
    assert (await sub.send("/plan/701", seen=seen)).status_code == 422
    assert await sub.wishes() == []


async def test_nothing_is_asked_for_that_was_not_seen(sub):
    token = forms(await sub.get("/plan/701"))[f"{sub.home}/plan/701"]["_csrf"]
    page = await sub.one.post(f"{sub.home}/plan/701", {"_csrf": token})
    assert page.status_code == 422
    assert await sub.wishes() == []


@pytest.mark.parametrize("part", ["/plan", "/plan/701"])
async def test_a_holder_out_of_reach_loses_nothing(sub, held, part):
    held.raises = Unreachable("no answer")
    page = await sub.get(part)
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "Nothing was changed and nothing was charged." in words(page)
    assert f'href="{sub.home}{part}"' in page.text
    held.raises = Refused("This plan is sold out.")
    page = await sub.get(part)
    assert page.status_code == 409
    assert "The payment system said: This plan is sold out." in words(page)


async def test_pressing_twice_asks_once(sub):
    page = await sub.get("/plan/701")
    for _ in range(2):
        answer = await sub.send("/plan/701", page=page)
        assert answer.headers["location"] == sub.home
    assert (await sub.wish()).kind == "change_plan"
