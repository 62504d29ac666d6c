"""The account of the console's people: what opens other people's data is not moved by a browser left open."""

import pytest

from tables import Mail, MailedLink, Member

HERE = "/console/account/email"


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


async def test_a_new_address_asks_for_a_fresh_sign_in(desk, olga, clock):
    page = await desk.get(HERE)
    assert page.status_code == 200
    clock.forward(minutes=11)
    sent = await desk.submit(page, HERE, email="thief@example.com")
    assert sent.headers["location"].startswith("/console/confirmation?next=%2Fkept-forms%2F")
    assert (await desk.get(HERE)).headers["location"] == "/console/confirmation?next=%2Faccount%2Femail"
    assert await MailedLink.count() == await Mail.count() == 0


async def test_with_one_it_is_mailed(desk, olga):
    sent = await desk.submit(await desk.get(HERE), HERE, email="olga.new@example.com")
    assert sent.headers["location"] == "/console/account/email/check-email"
    assert [row["recipient"] for row in await Mail.select()] == ["olga.new@example.com"]


async def test_customers_are_not_asked(alice, signed_in, clock):
    one = await signed_in(alice)
    clock.forward(minutes=11)
    assert (await one.get("/acme/account/email")).status_code == 200


async def test_nobody_is_asked_to_become_one_with_a_colleague(desk, olga, globex, gus):
    """One press in Gus's mailbox would give Olga, with her session and password, whatever Gus may do at globex."""
    sent = await desk.submit(await desk.get(HERE), HERE, email=gus.email)
    assert sent.headers["location"] == "/console/account/email/check-email"
    assert (await desk.get("/console/account/email/check-email")).status_code == 200
    assert await Mail.count() == 0


async def test_nor_does_an_earlier_link_make_two_people_one(desk, olga, globex):
    from tables.mail import opened
    from tests.conftest import employed

    await desk.submit(await desk.get(HERE), HERE, email="late@example.com")
    path = "/console/email/" + opened((await Mail.select())[0], "body_text").split("/console/email/", 1)[1].split()[0]
    late = await employed("late@example.com", globex, "owner")
    await desk.submit(await desk.get(path), path, merge="1")
    assert await Member.role_of(globex.id, late.id) == "owner"
    assert await Member.role_of(globex.id, olga.id) is None
