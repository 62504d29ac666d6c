"""Invitations: each works once, for whoever holds it, at the vendor that sent it."""

import asyncio

import pytest

import database
from tables import Customer, Invitation, Mail, Member, Session
from tables.mail import opened
from tables.member import ADMIN, OWNER, STAFF, house
from tests.client import forms, words
from tests.world import differences, dump

NEW = "ned@example.com"


@pytest.fixture
async def owner(olga, at_desk):
    return await at_desk(olga)


async def invite(owner, email=NEW, role=STAFF):
    """Send it; the path of its link."""
    await owner.submit(await owner.get("/console/acme/staff"), "/console/acme/staff", email=email, role=role)
    row = (await Mail.select().where(Mail.kind == "invitation").order_by(Mail.id, ascending=False))[0]
    text = opened(row, "body_text")
    return "/console/invitation/acme/" + text.split("/console/invitation/acme/", 1)[1].split()[0]


async def role_of(acme, email=NEW):
    person = await Customer.by_email((await house()).id, email)
    return await Member.role_of(acme.id, person.id) if person else None


async def test_the_button_makes_the_person_and_signs_them_in(acme, owner, browser):
    where, one = await invite(owner, role=ADMIN), browser()
    page = await one.get(where)
    assert "n•••@example.com" in page.text
    assert "<script" not in page.text
    assert await role_of(acme) is None
    page = await one.submit(page, where)
    assert (page.status_code, page.headers["location"]) == (303, "/console/acme")
    assert await role_of(acme) == ADMIN
    assert (await one.get("/console/acme/staff")).status_code == 200


async def dead(one, where):
    """Neither the page nor the form of a link that does not work does anything."""
    before = await dump()
    assert (await one.get(where)).status_code == 410
    assert (await one.post(where, {"_csrf": await one.token("/console/sign-in")})).status_code == 410
    assert differences(before, await dump()) == set()
    return True


async def test_a_used_one_is_dead(acme, owner, browser):
    where, one = await invite(owner), browser()
    await one.submit(await one.get(where), where)
    assert await dead(browser(), where)


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7, False)])
async def test_it_works_for_a_week(acme, owner, browser, clock, days, works):
    where, one = await invite(owner), browser()
    clock.forward(days=days)
    if works:
        assert (await one.submit(await one.get(where), where)).status_code == 303
    else:
        assert await dead(one, where)


async def test_a_withdrawn_one_is_dead(acme, owner, browser):
    where, one = await invite(owner), browser()
    page = await one.get(where)
    made = (await Invitation.objects())[0]
    withdrawal = f"/console/acme/staff/invitations/{made.public_id}/withdrawal"
    assert (await owner.submit(await owner.get("/console/acme/staff"), withdrawal)).status_code == 303
    assert (await one.submit(page, where)).status_code == 410
    assert await dead(browser(), where)
    assert await role_of(acme) is None


async def test_a_newer_one_to_the_same_address_ends_it(acme, owner, browser):
    first = await invite(owner, role=ADMIN)
    second = await invite(owner, role=STAFF)
    assert await dead(browser(), first)
    one = browser()
    await one.submit(await one.get(second), second)
    assert await role_of(acme) == STAFF


async def test_of_two_at_once_one_wins(acme, owner, browser):
    where = await invite(owner)
    pages = [(one, await one.get(where)) for one in (browser(), browser(), browser())]
    answers = await asyncio.gather(*(one.post(where, forms(page)[where]) for one, page in pages))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410]
    assert await Member.count().where(Member.vendor == acme.id) == 2


async def test_at_another_vendor_it_is_unknown(acme, globex, owner, browser):
    where = await invite(owner)
    for slug in ("globex", "nobody", "console"):
        assert await dead(browser(), where.replace("/acme/", f"/{slug}/"))
    assert (await browser().get(where)).status_code == 200


async def test_whoever_was_signed_in_in_that_browser_is_signed_out_of_it(acme, owner, stan, at_desk, browser):
    where, one = await invite(owner), await at_desk(stan)
    before = one.cookies["console"]
    page = await one.submit(await one.get(where), where)
    assert page.status_code == 303
    assert NEW in (await one.get("/console/account")).text
    old = browser()
    old.cookies.set("console", before, domain="127.0.0.1", path="/")
    assert (await old.get("/console/acme")).status_code == 303
    assert await role_of(acme, "stan@example.com") == STAFF


async def test_it_never_takes_a_role_away(acme, owner, olga, browser):
    where, one = await invite(owner, olga.email, STAFF), browser()
    await one.submit(await one.get(where), where)
    assert await role_of(acme, olga.email) == OWNER


async def test_it_is_for_the_address_it_was_sent_to_even_if_its_person_has_moved(acme, owner, stan, browser):
    """Stan was invited to be an admin and has changed his address since: whoever reads the old mailbox is not Stan."""
    where = await invite(owner, stan.email, ADMIN)
    await stan.move_to("stan.new@example.com")
    one = browser()
    await one.submit(await one.get(where), where)
    assert await role_of(acme, "stan.new@example.com") == STAFF
    assert await role_of(acme, "stan@example.com") == ADMIN
    assert "stan.new" not in (await one.get("/console/account")).text


async def test_somebody_who_was_switched_off_does_not_come_back_by_it(acme, owner, stan, browser):
    where, one = await invite(owner, stan.email, ADMIN), browser()
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == stan.id)
    page = await one.submit(await one.get(where), where)
    assert page.status_code == 410
    assert await role_of(acme, stan.email) == STAFF
    assert not await Session.exists().where(Session.customer == stan.id)


async def test_somebody_who_loses_their_rights_leaves_no_door_open(acme, owner, olga, at_desk, browser):
    """An owner about to be removed invites a second self: the invitation goes with the right to send it."""
    from tests.conftest import employed

    rex = await employed("rex@example.com", acme, OWNER)
    crook = await at_desk(rex)
    where = await invite(crook, "rex.again@example.com", OWNER)
    member = await Member.by_person(acme.id, rex.id)
    removal = f"/console/acme/staff/{member.public_id}/removal"
    assert (await owner.submit(await owner.get(removal), removal)).status_code == 303
    assert await dead(browser(), where)
    assert "rex.again@example.com" not in words(await owner.get("/console/acme/staff"))


async def test_it_signs_nobody_in_who_has_been_here_before(acme, owner, globex, gus, browser):
    """It waits in a mailbox for a week: it must not open the other centers somebody works for meanwhile."""
    await Customer.note_sign_in(gus.vendor, gus.id)
    where, one = await invite(owner, gus.email), browser()
    page = await one.submit(await one.get(where), where)
    assert (page.status_code, page.headers["location"]) == (303, "/console/sign-in?next=/acme")
    assert await role_of(acme, gus.email) == STAFF
    assert not await Session.exists().where(Session.customer == gus.id)
    assert (await one.get("/console/globex")).headers["location"].startswith("/console/sign-in")


async def test_whoever_is_signed_in_goes_on_with_their_own(acme, owner, globex, gus, stan, at_desk):
    await Customer.note_sign_in(gus.vendor, gus.id)
    where, one = await invite(owner, gus.email), await at_desk(gus)
    page = await one.submit(await one.get(where), where)
    assert page.headers["location"] == "/console/acme"
    assert (await one.get("/console/acme")).status_code == 200
    where, other = await invite(owner, gus.email), await at_desk(stan)
    page = await other.submit(await other.get(where), where)
    assert page.headers["location"] == "/console/sign-in?next=/acme"
    assert (await other.get("/console/acme")).status_code == 303


async def test_the_door_closes_as_well_behind_somebody_who_became_one_with_another_account(
    acme, owner, at_desk, browser
):
    from tables.merging import absorb
    from tests.conftest import employed

    rex = await employed("rex@example.com", acme, OWNER)
    where = await invite(await at_desk(rex), "rex.again@example.com", OWNER)
    other = await Customer.open(rex.vendor, "rex.two@example.com")
    await database.transaction(lambda: absorb(other, rex))
    member = await Member.by_person(acme.id, other.id)
    removal = f"/console/acme/staff/{member.public_id}/removal"
    assert (await owner.submit(await owner.get(removal), removal)).status_code == 303
    assert await dead(browser(), where)
