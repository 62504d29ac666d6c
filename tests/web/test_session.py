from datetime import timedelta

import pytest

import database
from tables import Customer, Device, Session
from tables.session import CUSTOMERS, TOUCH_AFTER
from tests.client import raw

ACCOUNT = "/acme/account"


async def status(one):
    return (await one.get(ACCOUNT)).status_code


async def row():
    (found,) = await Session.select()
    return found


async def test_a_session_says_who_is_asking(alice, signed_in):
    page = await (await signed_in(alice)).get(ACCOUNT)
    assert "Alice Ames" in page.text


@pytest.mark.parametrize("token", ["x", "", "A" * 43, "' OR 1=1 --"])
async def test_an_id_we_never_gave_out_is_nobody(application, acme, token):
    answer = await raw(application, "GET", ACCOUNT, [(b"cookie", f"center-acme={token}".encode())])
    assert (answer.status_code, await Session.count()) == (303, 0)


async def test_it_ends_after_two_idle_weeks(alice, clock, signed_in):
    one = await signed_in(alice)
    clock.forward(seconds=CUSTOMERS.idle.total_seconds() - 1)
    assert await status(one) == 200
    clock.forward(seconds=CUSTOMERS.idle.total_seconds() + 1)
    assert await status(one) == 303


async def test_it_ends_after_thirty_days_however_busy(alice, clock, signed_in):
    one = await signed_in(alice)
    for _ in range(29):
        clock.forward(days=1)
        assert await status(one) == 200
    clock.forward(days=1, seconds=1)
    assert timedelta(days=30) == CUSTOMERS.absolute
    assert await status(one) == 303


async def test_when_it_was_used_is_noted_every_five_minutes(alice, clock, signed_in):
    one = await signed_in(alice)
    started = (await row())["last_seen_at"]
    clock.forward(seconds=TOUCH_AFTER.total_seconds() - 1)
    await one.get(ACCOUNT)
    assert (await row())["last_seen_at"] == started
    clock.forward(seconds=2)
    await one.get(ACCOUNT)
    assert (await row())["last_seen_at"] == clock.now()


async def test_a_slow_request_does_not_bring_an_ended_session_back(alice, clock, signed_in):
    one = await signed_in(alice)
    before = await row()
    await Session.revoke(alice.vendor, one.cookies["center-acme"])
    clock.forward(minutes=6)
    await Session.touch(alice.vendor, before["id"])
    assert (await row())["last_seen_at"] == before["last_seen_at"]
    assert await status(one) == 303


async def test_a_disabled_customer_is_out_with_the_next_request(alice, signed_in):
    one = await signed_in(alice)
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    assert await status(one) == 303


async def test_being_ended_from_elsewhere_holds_with_the_next_request(alice, signed_in):
    one, other = await signed_in(alice), await signed_in(alice)
    await Session.revoke_all(alice.vendor, alice.id, but=one.cookies["center-acme"])
    assert [await status(one), await status(other)] == [200, 303]


async def test_the_cookie_of_a_device_is_no_session(alice, browser):
    one = browser()
    token = await Device.token_for(alice.vendor, None)
    await Device.remember(alice.vendor, alice.id, token, "")
    for name in ("device-acme", "center-acme"):
        one.cookies.set(name, token, domain="127.0.0.1", path="/")
    assert await status(one) == 303


async def test_cookies_that_browsers_mangle_are_nobodys_and_no_error(application, acme):
    for cookie in (b"device-acme=a; device-acme=b", b"\xa0device-acme=x", b"__host-device-acme=x",
                   b"device-acme=" + b"x" * 8000, b"device-acme=\xff", b"device-acme"):  # fmt: skip
        answer = await raw(application, "GET", "/acme/sign-in/password", [(b"cookie", cookie)])
        assert (answer.status_code, b"device-acme" in answer.body) == (200, False)


async def test_the_cookie_of_one_center_is_none_of_anothers(alice, globex, signed_in):
    one = await signed_in(alice)
    assert (await one.get("/globex/account")).status_code == 303
    assert await status(one) == 200


async def test_one_browser_may_be_signed_in_at_two_centers(alice, zoe, signed_in):
    one, two = await signed_in(alice), await signed_in(zoe)
    one.cookies.update(two.cookies)
    assert [(await one.get(f"/{slug}/account")).status_code for slug in ("acme", "globex")] == [200, 200]


async def test_only_the_hash_of_a_session_is_kept(alice, signed_in):
    one = await signed_in(alice)
    assert one.cookies["center-acme"] not in repr(await row())


async def test_pages_outside_a_center_know_nobody(alice, signed_in):
    one = await signed_in(alice)
    assert "Alice" not in (await one.get("/")).text


async def test_ended_sessions_are_forgotten_in_the_end(alice, clock, signed_in):
    await signed_in(alice)
    clock.forward(days=30)
    await Session.sweep()
    assert await Session.count() == 1
    clock.forward(days=15)
    await Session.sweep()
    assert await Session.count() == 0
