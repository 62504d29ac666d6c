import asyncio
from datetime import timedelta

import pytest

import database
from tables import Customer, Mail, MailedLink, Session, closing
from tests.client import forms, tree, words
from web.cookies import PRESESSION

HOURS = timedelta(hours=24)


@pytest.fixture
async def link(bob):
    _link, token = await MailedLink.make(bob.vendor, bob.id, "deletion", bob.email, HOURS)
    return f"/acme/deletion/{token}"


async def closes_at(customer):
    return (await Customer.objects().get((Customer.vendor == customer.vendor) & (Customer.id == customer.id))).closes_at


async def live(customer):
    return await Session.count().where(Session.customer == customer.id, Session.revoked_at.is_null())


async def test_reading_the_link_spends_nothing(bob, link, browser):
    for _ in range(3):
        page = await browser().get(link)
        assert page.status_code == 200
        await browser().head(link)
    assert "b•••@example.com" in words(page)
    assert bob.email not in page.text
    assert await closes_at(bob) is None


async def test_the_page_loads_no_script_and_links_to_nothing_outside(acme, link, browser):
    page = await browser().get(link)
    assert not list(tree(page).iter("script"))
    assert all(anchor.get("href").startswith(("#", "/acme/", "mailto:")) for anchor in tree(page).iter("a"))
    assert "Delete my account" in words(page)


async def test_the_button_sets_the_date_and_says_so_by_mail(bob, link, browser, clock):
    one = browser()
    answer = await one.submit(await one.get(link), link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/deletion/scheduled")
    assert await closes_at(bob) == clock.now() + timedelta(days=14)
    (mail,) = await Mail.select().where(Mail.kind == "deletion_scheduled")
    when = clock.now() + timedelta(days=14)
    assert f"{when:%B} {when.day}, {when.year}" in mail["body_text"]
    assert "/acme/account/data/deletion" in mail["body_text"]
    assert "14 days" in words(await one.get(answer.headers["location"]))


async def test_everybody_else_is_signed_out_but_not_this_browser(bob, link, signed_in):
    here, elsewhere = await signed_in(bob), await signed_in(bob)
    answer = await here.submit(await here.get(link), link)
    assert answer.headers["location"] == "/acme/account/data/deletion"
    assert (await here.get("/acme/account")).status_code == 200
    assert (await elsewhere.get("/acme/account")).status_code == 303


async def test_a_browser_of_somebody_else_signs_all_of_them_out(alice, bob, link, signed_in):
    theirs, other = await signed_in(bob), await signed_in(alice)
    answer = await other.submit(await other.get(link), link)
    assert answer.headers["location"] == "/acme/deletion/scheduled"
    assert (await live(bob), await live(alice)) == (0, 1)
    assert (await theirs.get("/acme/account")).status_code == 303
    assert await closes_at(alice) is None


async def test_the_link_works_once_however_fast_one_presses(bob, link, browser):
    one = browser()
    form = forms(await one.get(link))[link]
    answers = await asyncio.gather(*(one.post(link, form) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410, 410]
    assert await Mail.count().where(Mail.kind == "deletion_scheduled") == 1
    page = await one.get(link)
    assert (page.status_code, "already used" in words(page)) == (410, True)


async def test_a_link_ends_after_a_day(bob, link, browser, clock):
    one = browser()
    form = forms(await one.get(link))[link]
    clock.forward(hours=24, seconds=1)
    for page in (await one.get(link), await one.post(link, form)):
        assert page.status_code == 410
        assert "too old" in words(page)
        assert "/acme/account/data/deletion" in page.text
    assert await closes_at(bob) is None


async def test_a_link_for_something_else_deletes_nothing(bob, browser):
    _link, token = await MailedLink.make(bob.vendor, bob.id, "password", bob.email, HOURS)
    assert (await browser().get(f"/acme/deletion/{token}")).status_code == 410


async def test_a_link_sent_to_a_former_address_deletes_nothing(bob, link, browser):
    await Customer.update({Customer.email: "robert@example.com"}).where(Customer.id == bob.id)
    one = browser()
    page = await one.get(link)
    assert (page.status_code, "does not work" in words(page)) == (410, True)
    assert (await one.post(link, {"_csrf": await one.token("/acme/sign-in")})).status_code == 410
    assert await closes_at(bob) is None


async def test_a_second_link_moves_no_date(bob, link, browser, clock):
    await closing.schedule(bob.vendor, bob.id)
    before = await closes_at(bob)
    clock.forward(hours=1)
    one = browser()
    assert (await one.submit(await one.get(link), link)).status_code == 303
    assert await closes_at(bob) == before
    assert await Mail.count().where(Mail.kind == "deletion_scheduled") == 0


async def test_one_can_still_sign_in_while_it_is_scheduled(bob, browser):
    await closing.schedule(bob.vendor, bob.id)
    one = browser()
    await one.submit(await one.get("/acme/sign-in"), "/acme/sign-in", email=bob.email)
    assert await Mail.count().where(Mail.kind == "sign_in", Mail.customer == bob.id) == 1
    assert PRESESSION in one.cookies


async def test_the_page_after_it_tells_nothing_about_anybody(acme, browser):
    text = words(await browser().get("/acme/deletion/scheduled"))
    assert "@" not in text.replace("help@acme.example", "")


async def test_the_date_is_in_the_database_time(bob, link, browser):
    one = browser()
    await one.submit(await one.get(link), link)
    assert abs(await closes_at(bob) - database.now() - timedelta(days=14)) < timedelta(minutes=1)
