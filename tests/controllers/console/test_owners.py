"""A center always keeps an owner, whatever its people do at the same time."""

import asyncio

import pytest

import database
from jobs.close_accounts import close_accounts
from jobs.stopping import Stopping
from tables import Customer, Mail, MailedLink, Member, closing
from tables.mail import opened
from tables.member import ADMIN, OWNER, STAFF, LastOwner, house
from tables.merging import absorb
from tests.client import forms, words
from tests.conftest import employed


@pytest.fixture
async def owner(olga, at_desk):
    return await at_desk(olga)


@pytest.fixture
async def second(acme):
    return await employed("second@example.com", acme, OWNER)


async def place(acme, person, what=""):
    member = await Member.by_person(acme.id, person.id)
    return f"/console/acme/staff/{member.public_id}{what}"


async def owners(acme):
    return await Member.count().where(Member.vendor == acme.id, Member.role == OWNER)


@pytest.mark.parametrize("what", ["", "/removal"])
async def test_the_last_owner_stays_one(acme, olga, stan, owner, what):
    where = await place(acme, olga, what)
    page = await owner.submit(await owner.get(where), where, **({} if what else {"role": STAFF}))
    assert page.status_code == 422
    assert "Every center needs an owner" in words(page)
    assert await owners(acme) == 1


@pytest.mark.parametrize("what", ["", "/removal"])
async def test_with_another_owner_one_may_go(acme, olga, second, owner, what):
    where = await place(acme, olga, what)
    page = await owner.submit(await owner.get(where), where, **({} if what else {"role": STAFF}))
    assert page.status_code == 303
    assert await owners(acme) == 1


@pytest.mark.parametrize("what", ["", "/removal"])
async def test_when_all_owners_go_at_once_one_stays(acme, olga, second, at_desk, what):
    third = await employed("third@example.com", acme, OWNER)
    leaving = []
    for person in (olga, second, third):
        one, where = await at_desk(person), await place(acme, person, what)
        leaving.append((one, where, forms(await one.get(where))[where] | ({} if what else {"role": ADMIN})))
    answers = await asyncio.gather(*(one.post(where, fields) for one, where, fields in leaving))
    assert sorted(answer.status_code for answer in answers) == [303, 303, 422]
    assert await owners(acme) == 1


async def test_when_two_remove_each_other_one_stays(acme, olga, second, at_desk):
    moves = []
    for person, other in ((olga, second), (second, olga)):
        one, where = await at_desk(person), await place(acme, other, "/removal")
        moves.append((one, where, forms(await one.get(where))[where]))
    await asyncio.gather(*(one.post(where, fields) for one, where, fields in moves))
    assert await owners(acme) == 1


@pytest.mark.parametrize("change", [{Customer.disabled_at: database.now()}, {Customer.closes_at: database.now()}])
async def test_whoever_is_switched_off_or_about_to_go_is_no_other_owner(acme, olga, second, owner, change):
    await Customer.update(change).where(Customer.id == second.id)
    where = await place(acme, olga, "/removal")
    assert (await owner.submit(await owner.get(where), where)).status_code == 422


# Deleting one's account


async def deletion(one, person):
    """Ask for it and open the mailed link; its path."""
    await one.submit(await one.get("/console/account/data/deletion"), "/console/account/data/deletion")
    row = (await Mail.select().where(Mail.vendor == person.vendor, Mail.kind == "delete_account"))[0]
    return "/console/deletion/" + opened(row, "body_text").split("/console/deletion/", 1)[1].split()[0]


async def test_the_last_owner_is_refused_with_words(acme, olga, owner):
    where = "/console/account/data/deletion"
    page = await owner.submit(await owner.get(where), where)
    assert page.status_code == 422
    assert "You are the only owner of a center." in words(page)
    assert not await MailedLink.exists().where(MailedLink.customer == olga.id)


async def test_whoever_becomes_the_last_owner_meanwhile_is_refused_too(acme, olga, second, owner):
    where = await deletion(owner, olga)
    await Member.delete().where(Member.person_id == second.id)
    page = await owner.submit(await owner.get(where), where)
    assert page.status_code == 409
    assert "You are the only owner of a center." in words(page)
    assert (await Customer.objects().get(Customer.id == olga.id)).closes_at is None
    await Member.add(acme.id, second.id, OWNER)
    assert (await owner.submit(await owner.get(where), where)).status_code == 303  # the link was not spent


async def test_of_two_owners_who_close_their_accounts_at_once_one_stays(acme, olga, second):
    async def close(person):
        try:
            await database.transaction(lambda: closing.schedule(person.vendor, person.id))
        except LastOwner:
            return "stays"
        return "goes"

    assert sorted(await asyncio.gather(close(olga), close(second))) == ["goes", "stays"]


async def test_a_closed_account_works_nowhere_any_more(acme, globex, olga, second, gus, owner, clock):
    await Member.add(globex.id, olga.id, STAFF)
    where = await deletion(owner, olga)
    await owner.submit(await owner.get(where), where)
    assert (await owner.get("/console/acme")).status_code == 200  # two weeks to change one's mind
    clock.forward(days=15)
    assert await close_accounts(Stopping()) == 1
    assert not await Member.exists().where(Member.person_id == olga.id)
    assert (await owner.get("/console/acme")).status_code == 303
    assert await owners(acme) == 1


async def test_the_last_owner_at_the_end_of_the_two_weeks_stays(acme, olga, second, clock):
    await database.transaction(lambda: closing.schedule(olga.vendor, olga.id))
    await Member.delete().where(Member.person_id == second.id)
    clock.forward(days=15)
    await close_accounts(Stopping())
    kept = await Customer.objects().get(Customer.id == olga.id)
    assert (kept.email, kept.closed_at, kept.closes_at) == ("olga@example.com", None, None)
    assert await owners(acme) == 1


# Two accounts of one person


async def test_a_merged_person_keeps_every_place_with_the_higher_role(acme, globex, olga, stan):
    await Member.add(globex.id, olga.id, STAFF)
    survivor = await Customer.open((await house()).id, "one@example.com")
    await Member.add(acme.id, survivor.id, STAFF)
    await database.transaction(lambda: absorb(survivor, olga))
    rows = await Member.select(Member.vendor, Member.role).where(Member.person_id == survivor.id)
    assert {row["vendor_id"]: row["role"] for row in rows} == {acme.id: OWNER, globex.id: STAFF}
    assert not await Member.exists().where(Member.person_id == olga.id)
