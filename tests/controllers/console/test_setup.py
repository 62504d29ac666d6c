"""The first run: one token, one first owner."""

import asyncio

import pytest

import database
from tables import AuditEntry, Customer, Member, Session, Vendor, first_run
from tables.member import OWNER, STAFF, house
from tests.client import forms, words
from tests.world import differences, dump

SETUP = f"/console/setup/{first_run.token()}"
FAY = {"email": "fay@example.com", "first_name": "Fay", "last_name": "First"}
SHOP = {"name": "Fay's Bees", "slug": "fays-bees"}


async def settle(one, **fields):
    return await one.submit(await one.get(SETUP), SETUP, **fields)


async def owners():
    return await Member.select(Member.person_id, Member.role)


async def test_the_first_owner_makes_the_first_center(browser):
    one = browser()
    page = await settle(one, **FAY, **SHOP)
    assert (page.status_code, page.headers["location"]) == (303, "/console/")
    assert (await one.get("/console/")).headers["location"] == "/console/fays-bees"
    assert (await one.get("/console/fays-bees/staff")).status_code == 200
    assert [row["role"] for row in await owners()] == [OWNER]


async def test_centers_that_are_there_get_the_first_owner(acme, globex, browser):
    one = browser()
    page = await one.get(SETUP)
    assert "Acme Learning, Globex Pottery" in words(page)
    await one.submit(page, SETUP, **FAY)
    assert {row["action"] for row in await AuditEntry.select()} == {"staff.joined"}
    for slug in ("acme", "globex"):
        assert (await one.get(f"/console/{slug}/staff")).status_code == 200


@pytest.mark.parametrize(
    "token", ["x", first_run.token()[:-1], first_run.token() + "x", first_run.token().lower(), "%00", "%C3%A9"]
)
async def test_any_other_token_is_a_page_that_does_not_exist(browser, token):
    one = browser()
    before = await dump()
    assert (await one.get(f"/console/setup/{token}")).status_code == 404
    csrf = await one.token("/console/sign-in")
    assert (await one.post(f"/console/setup/{token}", FAY | SHOP | {"_csrf": csrf})).status_code == 404
    assert differences(before, await dump()) == set()


async def test_the_token_dies_with_the_first_owner(browser):
    late = browser()
    page = await late.get(SETUP)
    await settle(browser(), **FAY, **SHOP)
    before = await dump()
    assert (await late.submit(page, SETUP, email="late@example.com", name="Late", slug="late")).status_code == 404
    assert (await browser().get(SETUP)).status_code == 404
    assert differences(before, await dump()) == set()


async def test_of_two_at_once_one_wins(browser):
    pages = [(one, await one.get(SETUP)) for one in (browser(), browser(), browser())]
    answers = await asyncio.gather(*(
        one.post(SETUP, forms(page)[SETUP] | FAY | {"email": f"fay{n}@example.com", "name": f"Shop {n}", "slug": f"shop-{n}"})
        for n, (one, page) in enumerate(pages)
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers)[0] == 303
    assert {answer.status_code for answer in answers[:]} <= {303, 404, 410}
    assert [answer.status_code for answer in answers].count(303) == 1
    assert len(await owners()) == 1
    assert await Vendor.count().where(Vendor.slug != "console") == 1
    assert await Customer.count() == 1


async def test_staff_alone_do_not_close_the_first_run(acme, stan, browser):
    assert (await browser().get(SETUP)).status_code == 200
    await Member.add(acme.id, stan.id, OWNER)
    assert (await browser().get(SETUP)).status_code == 404


@pytest.mark.parametrize("wrong", [{"email": "nobody"}, {"slug": "console"}, {"slug": "Fay Bees"}, {"name": " "},
                                   {"slug": "dashboard"}, {"slug": "entry"}, {"email": "a@b.example\nBcc: x@y.zz"}])  # fmt: skip
async def test_a_wrong_form_comes_back_and_makes_nothing(browser, wrong):
    one = browser()
    before = await dump()
    page = await settle(one, **(FAY | SHOP | wrong))
    assert page.status_code == 422
    assert forms(page)[SETUP]["first_name"] == "Fay"
    assert differences(before, await dump()) == set()


async def test_the_role_and_the_center_are_not_the_forms_to_choose(acme, globex, browser):
    one = browser()
    await settle(one, **FAY, role=STAFF, vendor_id="1", slug="evil", name="Evil")
    assert not await Vendor.exists().where(Vendor.slug == "evil")
    assert {row["role"] for row in await owners()} == {OWNER}


async def test_somebody_who_was_switched_off_does_not_come_back_by_it(acme, browser):
    person = await Customer.open((await house()).id, FAY["email"])
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == person.id)
    one = browser()
    page = await settle(one, **FAY)
    assert page.status_code == 422
    assert not await Member.any_owner()
    assert await Session.count() == 0
