"""The account of the console's people: what opens other people's data is not moved by a browser left open."""

import pytest

from tables import Mail, MailedLink

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
