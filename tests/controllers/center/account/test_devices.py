"""Devices: where one is signed in, and signing out elsewhere."""

import re

import pytest

import database
from tables import Customer, Device, Session
from tables.session import CUSTOMERS
from tests.client import forms, tree, words
from tests.controllers.center.test_sign_in import ask, is_signed_in, link_and_code, mails, press, settle

PATH = "/acme/account/devices"
EVERYWHERE = f"{PATH}/sign-out"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


@pytest.fixture
async def enter(alice, browser):
    """Signs Alice in by link in a new browser: `await enter(FIREFOX)`."""

    async def sign_in(user_agent, one=None):
        one = one or browser()
        one.client.headers["user-agent"] = user_agent
        await settle(one)
        await ask(one)
        await press_or_open(one)
        return one

    return sign_in


async def press_or_open(one):
    link, _code = await link_and_code()
    assert (await one.get(link)).status_code == 303


def listed(page):
    """Name and state of each device, in order."""
    rows = [
        row for row in tree(page).iter("li") if any((p.get("id") or "").startswith("device-") for p in row.iter("p"))
    ]
    return [" ".join(" ".join(row.itertext()).split()) for row in rows]


async def test_my_account_leads_here(alice, signed_in):
    page = await (await signed_in(alice)).get("/acme/account")
    assert [link.text for link in tree(page).iter("a") if link.get("href") == PATH] == ["Devices"]
    assert "Where you are signed in" in words(page)


async def test_each_browser_in_words_this_one_first(enter):
    one = await enter(FIREFOX)
    await enter(IPHONE)
    first, second = listed(await one.get(PATH))
    assert first.startswith("Firefox on Linux This device Active now Signed in by a mailed link on ")
    assert second.startswith("Safari on iPhone Active now")
    assert "This device" not in second
    assert "Mozilla" not in (await one.get(PATH)).text


@pytest.mark.parametrize(
    ("away", "says"),
    [({"minutes": 9}, "Active now"), ({"minutes": 11}, "Last used today"), ({"days": 3}, "Last used on ")],
)
async def test_when_it_was_last_used_in_round_words(enter, signed_in, alice, clock, away, says):
    clock.time = clock.time.replace(hour=9, minute=0)
    await enter(IPHONE)
    clock.forward(**away)
    one = await signed_in(alice)
    assert says in listed(await one.get(PATH))[1]


@pytest.mark.parametrize(
    ("method", "says"),
    [("link", "by a mailed link"), ("code", "by a mailed code"), ("password", "with a password"), ("sso", "another site"),
     ("unheard-of", "Signed in on")],
)  # fmt: skip
async def test_how_it_signed_in(alice, signed_in, method, says):
    one = await signed_in(alice)
    await Session.start(alice.vendor, alice.id, method, FIREFOX, "")
    assert says in listed(await one.get(PATH))[1]


async def test_one_device_is_signed_out_and_no_other(enter):
    one, phone, other = await enter(FIREFOX), await enter(IPHONE), await enter("w3m/0.5.3")
    page = await one.get(PATH)
    action = next(action for action in forms(page) if action.endswith("/sign-out") and row_of(page, action) == "w3m")
    answer = await one.submit(page, action)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?ended=one")
    assert [await is_signed_in(who) for who in (one, phone, other)] == [True, True, False]
    page = await one.get(f"{PATH}?ended=one")
    assert "That device was signed out." in words(page)
    assert len(listed(page)) == 2
    assert (await one.post(action, forms(page)[EVERYWHERE])).status_code == 404


def row_of(page, action):
    """The name of the device whose button goes to `action`."""
    for row in tree(page).iter("li"):
        if any(form.get("action") == action for form in row.iter("form")):
            names = [p.text for p in row.iter("p") if (p.get("id") or "").startswith("device-")]
            return names[0] if names else None
    return None


async def test_signing_out_this_one_is_the_usual_sign_out(enter):
    one = await enter(FIREFOX)
    page = await one.get(PATH)
    action = next(action for action in forms(page) if action.startswith(f"{PATH}/"))
    answer = await one.submit(page, action)
    assert (answer.status_code, answer.headers["location"]) == (303, "/acme/sign-in")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "center-acme" not in one.cookies
    assert "device-acme" in one.cookies


async def test_everywhere_else(enter, bob, signed_in):
    one, phone, other = await enter(FIREFOX), await enter(IPHONE), await signed_in(bob)
    answer = await one.submit(await one.get(PATH), EVERYWHERE)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?ended=others")
    assert [await is_signed_in(who) for who in (one, phone, other)] == [True, False, True]
    page = await one.get(f"{PATH}?ended=others")
    assert "You are signed out everywhere else." in words(page)
    assert EVERYWHERE not in forms(page)


async def test_a_device_that_was_signed_out_from_elsewhere_is_new_when_it_comes_back(enter):
    one, phone = await enter(FIREFOX), await enter(IPHONE)
    told = [row["kind"] for row in await mails()].count("new_device")
    await one.submit(await one.get(PATH), EVERYWHERE)
    await enter(IPHONE, phone)
    assert [row["kind"] for row in await mails()].count("new_device") == told + 1
    await one.submit(await one.get("/acme/account"), "/acme/sign-out")
    await enter(FIREFOX, one)
    assert [row["kind"] for row in await mails()].count("new_device") == told + 1


async def test_ended_sessions_are_not_listed(alice, signed_in, clock):
    one = await signed_in(alice)
    await Session.start(alice.vendor, alice.id, "link", IPHONE, "")
    await Session.revoke(alice.vendor, await Session.start(alice.vendor, alice.id, "link", "w3m", ""))
    assert len(listed(await one.get(PATH))) == 2
    clock.forward(days=10)
    await one.get(PATH)
    clock.forward(seconds=CUSTOMERS.idle.total_seconds() - 9 * 86400)
    assert len(listed(await one.get(PATH))) == 1


async def test_no_session_of_anybody_else_is_listed_or_ended(alice, bob, zoe, signed_in):
    one = await signed_in(alice)
    for customer in (bob, zoe):
        await Session.start(customer.vendor, customer.id, "link", IPHONE, "")
    page = await one.get(PATH)
    assert len(listed(page)) == 1
    for row in await Session.select(Session.public_id).where(Session.customer != alice.id):
        where = f"{PATH}/{row['public_id']}/sign-out"
        assert (await one.get(where)).status_code == 404
        assert (await one.post(where, forms(page)["/acme/sign-out"])).status_code == 404
    assert await Session.count().where(Session.revoked_at.is_not_null()) == 0


async def test_ids_in_the_page_are_no_secrets(enter):
    one = await enter(FIREFOX)
    page = await one.get(PATH)
    rows = await Session.select()
    ids = re.findall(rf"{PATH}/([\w-]{{22}})/sign-out", page.text)
    assert ids
    assert set(ids) == {row["public_id"] for row in rows if row["revoked_at"] is None}
    assert one.cookies["center-acme"] not in page.text
    assert one.cookies["device-acme"] not in page.text


async def test_twenty_on_a_page(alice, signed_in):
    one = await signed_in(alice)
    for _ in range(25):
        await Session.start(alice.vendor, alice.id, "link", IPHONE, "")
    page = await one.get(PATH)
    assert len(listed(page)) == 21
    (older,) = [link.get("href") for link in tree(page).iter("a") if link.get("rel") == "next"]
    page = await one.get(older)
    assert len(listed(page)) == 5
    assert "This device" not in words(page)


# Mail about a new one


async def test_a_new_device_is_told_by_mail(enter, alice):
    await enter(FIREFOX)
    assert [row["kind"] for row in await mails()] == ["sign_in"]
    await enter(IPHONE)
    (row,) = [row for row in await mails() if row["kind"] == "new_device"]
    assert (row["recipient"], row["customer_id"]) == ("alice@example.com", alice.id)
    assert row["subject"] == "New sign-in to Acme Learning"
    for body in (row["body_text"], row["body_html"]):
        assert "Safari on iPhone" in body
        assert "http://127.0.0.1:8000/acme/account/devices" in body
        assert "http://127.0.0.1:8000/acme/password" in body
        assert f"{database.now():%-I:%M}" in body or f"{database.now():%H:%M}" in body
        assert "Mozilla" not in body
        assert "198.51.100" not in body


async def test_the_same_device_is_told_once(enter):
    await enter(FIREFOX)
    phone = await enter(IPHONE)
    await phone.submit(await phone.get("/acme/account"), "/acme/sign-out")
    await enter(IPHONE, phone)
    assert [row["kind"] for row in await mails()].count("new_device") == 1


async def test_a_device_of_another_customer_is_new_to_this_one(enter, alice, bob, browser):
    await Customer.update({Customer.first_signed_in_at: database.now()}, force=True)
    one = browser()
    await ask(one, "bob@example.com")
    await press_or_open(one)
    token = one.cookies["device-acme"]
    await one.submit(await one.get("/acme/account"), "/acme/sign-out")
    await enter(FIREFOX, one)
    assert one.cookies["device-acme"] == token
    told = [row["recipient"] for row in await mails() if row["kind"] == "new_device"]
    assert told == ["bob@example.com", "alice@example.com"]
    assert await Device.count() == 2


@pytest.mark.parametrize("planted", ["ATTACKER-CHOSEN", "A" * 43])
async def test_a_planted_device_is_never_adopted(enter, browser, planted):
    one = browser()
    one.cookies.set("device-acme", planted, domain="127.0.0.1", path="/")
    await enter(FIREFOX, one)
    assert planted not in [cookie.value for cookie in one.cookies.jar]


@pytest.mark.parametrize("way", ["link", "button", "code"])
async def test_every_way_in_leaves_the_same_two_cookies(alice, browser, way):
    from tests.controllers.center.test_sign_in import give

    one, asking = browser(), browser()
    await ask(asking)
    link, code = await link_and_code()
    if way == "button":
        answer = await press(one, link)
    else:
        answer = await (asking.get(link) if way == "link" else give(asking, code))
    names = [cookie.partition("=")[0] for cookie in answer.headers.get_list("set-cookie")]
    assert names == ["center-acme", "device-acme"]


async def test_each_center_knows_the_browser_by_another_name(alice, zoe, browser):
    """The cookie of one vendor is unknown to the next: nothing links the two."""
    one = browser()
    await ask(one)
    await press_or_open(one)
    await ask(one, "zoe@example.com", home="/globex")
    await press_or_open(one)
    assert one.cookies["device-acme"] != one.cookies["device-globex"]
