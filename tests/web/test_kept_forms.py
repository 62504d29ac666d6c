"""A form whose session had ended: typed once, sent once, by whoever typed it."""

import pytest

from tables import Customer, KeptForm, Session
from tables.session import CUSTOMERS
from tests.client import forms, words
from tests.routes import mailed
from tests.world import dump

PROFILE = "/acme/account/profile"
TYPED = {"first_name": "Alicia", "last_name": "<b>Amaro</b>", "password": "hunter2 hunter2"}


@pytest.fixture
async def ended(world, clock, signed_in):
    """Alice's browser with a form open, whose session has ended; and the form as she sends it."""
    one = await signed_in(world.alice.customer)
    token = await one.token(PROFILE)
    clock.forward(seconds=CUSTOMERS.idle.total_seconds() + 1)
    return one, TYPED | {"_csrf": token}


async def sign_in(one, own, where):
    """By mail, from the sign-in page the browser was sent to."""
    page = await one.get(where)
    await one.submit(page, "/acme/sign-in", email=own.customer.email)
    return await one.get((await mailed(own))[0])


async def test_what_was_typed_survives_the_sign_in_and_is_sent_with_one_press(world, ended):
    one, form = ended
    answer = await one.post(PROFILE, form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/acme/sign-in?next=%2Fkept-forms%2F")
    assert "what you typed is kept" in words(await one.get(answer.headers["location"]))
    back = await sign_in(one, world.alice, answer.headers["location"])
    page = await one.get(back.headers["location"])
    assert "Nothing was changed, and nothing you typed is lost" in words(page)
    assert "hunter2" not in page.text
    assert {name: forms(page)[PROFILE].get(name) for name in TYPED} == TYPED | {"password": None}
    assert (await one.submit(page, PROFILE)).status_code == 303
    customer = await Customer.objects().get(Customer.id == world.alice.id)
    assert (customer.first_name, customer.last_name) == ("Alicia", "<b>Amaro</b>")


async def test_htmx_is_told_to_load_the_sign_in(ended):
    one, form = ended
    answer = await one.post(PROFILE, form, hx_request="true")
    assert answer.headers["hx-redirect"].startswith("/acme/sign-in?next=%2Fkept-forms%2F")


async def test_it_is_nobody_elses(world, ended, signed_in):
    one, form = ended
    answer = await one.post(PROFILE, form)
    name = answer.headers["location"].rpartition("%2F")[2]
    for customer, home in ((world.bob, "/acme"), (world.twin, "/globex")):
        page = await (await signed_in(customer)).get(f"{home}/kept-forms/{name}")
        assert page.status_code == 404


async def test_it_is_sealed_and_gone_after_an_hour(world, ended, clock, signed_in):
    one, form = ended
    answer = await one.post(PROFILE, form)
    kept = [row for row in (await dump())["kept_forms"] if row["path"] == "/account/profile"][-1]
    assert "Alicia" not in repr(kept)
    assert "hunter2" not in repr(kept)
    clock.forward(minutes=61)
    name = answer.headers["location"].rpartition("%2F")[2]
    assert (await (await signed_in(world.alice.customer)).get(f"/acme/kept-forms/{name}")).status_code == 404
    await KeptForm.sweep()
    assert await KeptForm.count() == 0


@pytest.mark.parametrize("wrong", ["another session's token", "no token", "another site", "no such session"])
async def test_a_form_that_cannot_be_told_whose_it_is_is_not_kept(world, ended, signed_in, wrong):
    one, form = ended
    headers = {}
    if wrong == "another session's token":
        form["_csrf"] = await (await signed_in(world.bob)).token(PROFILE)
    if wrong == "no token":
        del form["_csrf"]
    if wrong == "another site":
        headers = {"sec_fetch_site": "cross-site"}
    if wrong == "no such session":
        await Session.delete(force=True)
    before = await KeptForm.count()
    answer = await one.post(PROFILE, form, **headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/sign-in?next=%2Faccount%2Fprofile")
    assert await KeptForm.count() == before


async def test_no_more_than_twenty_an_hour_are_kept(world, ended):
    one, form = ended
    before = await KeptForm.count()
    for _ in range(22):
        assert (await one.post(PROFILE, form)).status_code == 303
    assert await KeptForm.count() == before + 20
