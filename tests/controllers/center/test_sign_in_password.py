"""Signing in with a password: one answer for everybody, and nobody locked out."""

import asyncio

import pytest
from litestar._parsers import parse_url_encoded_form_data

import database
from tables import Customer, Device, Mail, RateLimit, Session, hashing
from tables.customer import PASSWORD_TRIES
from tables.hashing import passwords
from tables.mail import opened
from tests.client import forms, normal, tree, words
from tests.controllers.center.test_sign_in import ask, give, link_and_code, wrong
from tests.controllers.center.test_sign_in import is_signed_in as signed_in_now

PATH = "/acme/sign-in/password"
GOOD = "orchard tram kettle nine"
HASH = passwords.hash(GOOD)
REFUSED = "do not belong together"
TOO_MANY = "Too many tries. Use a link by mail instead."


async def give_password(customer, hashed=HASH):
    await Customer.set_password(customer.vendor, customer.id, hashed)


@pytest.fixture
async def alice(alice):
    await give_password(alice)
    return alice


async def enter(one, password=GOOD, email="alice@example.com", home="/acme", **fields):
    path = f"{home}/sign-in/password"
    return await one.submit(await one.get(path), path, email=email, password=password, **fields)


async def failures():
    return [row["password_failures"] for row in await Customer.select().order_by(Customer.id)]


@pytest.fixture
def hashed(monkeypatch):
    """The parameters of each hash that is verified."""
    seen, real = [], hashing.matches
    monkeypatch.setattr(
        hashing, "matches",
        lambda hasher, kept, given: seen.append(kept.rsplit("$", 2)[0]) or real(hasher, kept, given),
    )  # fmt: skip
    return seen


# The way in


async def test_the_email_step_leads_here_and_back_with_where_one_wanted_to_go(alice, browser):
    one = browser()
    page = await one.get("/acme/sign-in?next=/account/orders")
    (there,) = [link for link in tree(page).iter("a") if link.text == "Sign in with Password"]
    page = await one.get(there.get("href"))
    assert forms(page)[PATH]["next"] == "/account/orders"
    back = [link.get("href") for link in tree(page).iter("a") if link.text == "Sign in with a link by mail instead"]
    assert forms(await one.get(back[0]))["/acme/sign-in"]["next"] == "/account/orders"


async def test_the_form_is_one_that_password_managers_know(alice, browser):
    page = await browser().get(PATH)
    kinds = {field.get("name"): field.get("autocomplete") for field in tree(page).iter("input")}
    assert (kinds["email"], kinds["password"]) == ("username", "current-password")
    assert "Set a New Password" in words(page)


async def test_the_right_password_signs_in(alice, browser):
    one = browser()
    page = await enter(one)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/")
    assert await signed_in_now(one)
    assert [row["auth_method"] for row in await Session.select()] == ["password"]


async def test_it_goes_on_to_where_one_wanted(alice, browser):
    one = browser()
    page = await one.get(
        (await one.get("/acme/account/orders")).headers["location"].replace("sign-in", "sign-in/password")
    )
    page = await one.submit(page, PATH, email="alice@example.com", password=GOOD)
    assert page.headers["location"] == "/acme/account/orders"


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-out", "/password/x",
             "%2f%2fevil.example", "/%0d%0aSet-Cookie:x=1 y", "http:evil.example"],
)  # fmt: skip
async def test_it_goes_nowhere_else(alice, browser, evil):
    location = (await enter(browser(), next=evil)).headers["location"]
    assert location.startswith("/acme/")
    assert location == "/acme/" or "evil" not in location


async def test_htmx_is_told_to_load_the_whole_page(alice, browser):
    one = browser()
    page = await one.submit(await one.get(PATH), PATH, htmx=True, email="alice@example.com", password=GOOD)
    assert (page.status_code, page.headers["hx-redirect"]) == (200, "/acme/")


async def test_a_signed_in_customer_is_sent_on(alice, signed_in):
    page = await (await signed_in(alice)).get(f"{PATH}?next=/account/orders")
    assert (page.status_code, page.headers["location"]) == (303, "/acme/account/orders")


@pytest.mark.parametrize("typed", ["Alice@Example.com ", "ＡＬＩＣＥ@example.com"])
async def test_one_mailbox_has_one_spelling(alice, browser, typed):
    assert (await enter(browser(), email=typed)).status_code == 303


async def test_one_password_is_one_on_every_keyboard(alice, browser):
    await give_password(alice, passwords.hash("café au lait 🐝 ﬁn".replace("ﬁ", "fi")))
    assert (await enter(browser(), "cafe\u0301 au lait 🐝 ﬁn")).status_code == 303


async def test_a_session_is_always_a_fresh_one_and_the_one_before_ends(alice, browser):
    one, stolen = browser(), browser()
    one.cookies.set("center-acme", "ATTACKER-CHOSEN", domain="127.0.0.1", path="/")
    await enter(one)
    old = one.cookies["center-acme"]
    assert old != "ATTACKER-CHOSEN"
    form = forms(await one.get("/acme/account"))["/acme/sign-out"]
    await one.post(PATH, form | {"email": "alice@example.com", "password": GOOD})
    assert one.cookies["center-acme"] != old
    stolen.cookies.set("center-acme", old, domain="127.0.0.1", path="/")
    assert not await signed_in_now(stolen)


async def test_an_outdated_hash_is_made_anew_when_it_is_used(alice, browser):
    from argon2 import PasswordHasher

    await give_password(alice, PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))
    assert (await enter(browser())).status_code == 303
    (row,) = await Customer.select(Customer.password_hash)
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await enter(browser())).status_code == 303


async def test_signing_in_ends_what_was_mailed(alice, browser):
    await ask(browser())
    link, _code = await link_and_code()
    await enter(browser())
    assert (await browser().get(link)).status_code == 410


async def test_no_body_of_a_form_stays_in_memory(alice, browser):
    """Litestar's own parser would keep the last 1,024 of them, passwords included."""
    await enter(browser())
    assert parse_url_encoded_form_data.cache_info().currsize == 0


# One answer for everybody


async def usual(acme, zoe):
    return "alice@example.com", "wrong"


async def unknown(acme, zoe):
    return "nobody@example.com", GOOD


async def disabled(acme, zoe):
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    return "alice@example.com", GOOD


async def closed(acme, zoe):
    await Customer.update({Customer.closed_at: database.now()}, force=True)
    return "alice@example.com", GOOD


async def elsewhere(acme, zoe):
    await give_password(zoe)
    return "zoe@example.com", GOOD


async def without(acme, zoe):
    await Customer.update({Customer.password_hash: None}, force=True)
    return "alice@example.com", GOOD


async def switched_off(acme, zoe):
    await Customer.update({Customer.password_failures: PASSWORD_TRIES}, force=True)
    return "alice@example.com", GOOD


CASES = [unknown, disabled, closed, elsewhere, without, switched_off]


async def answer(one, email, password):
    page = await enter(one, password, email)
    plain = {name: value for name, value in page.headers.items() if name not in ("x-request-id", "set-cookie")}
    plain["content-length"] = ""
    return page.status_code, plain, normal(page).replace(email, "…"), "set-cookie" in page.headers


@pytest.mark.parametrize("case", CASES)
async def test_the_answer_is_the_same_whatever_is_wrong(alice, zoe, acme, browser, case, hashed):
    """Status, headers and bytes; and one hash of the same price in each case."""
    first = await answer(browser(), *await usual(acme, zoe))
    second = await answer(browser(ip="203.0.113.5"), *await case(acme, zoe))
    assert first == second
    assert REFUSED in first[2]
    assert hashed == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2
    assert await Session.count() == 0


@pytest.mark.parametrize("case", CASES)
async def test_the_answer_is_the_same_when_tried_too_often(alice, zoe, acme, browser, case, hashed):
    seen = []
    for which, ip in ((usual, "203.0.113.5"), (case, "203.0.113.6")):
        email, password = await which(acme, zoe)
        for _ in range(5):
            await enter(browser(ip=ip), "wrong", email)
        hashed.clear()
        seen.append(await answer(browser(ip=ip), email, password))
        assert hashed == []
    assert seen[0] == seen[1]
    assert TOO_MANY in words_of(seen[0][2])


def words_of(html):
    return " ".join(" ".join(tree(html).itertext()).split())


async def test_a_password_is_never_sent_back_and_the_address_is(alice, browser):
    page = await enter(browser(), "wrong secret words")
    assert page.status_code == 422
    assert "wrong secret words" not in page.text
    assert forms(page)[PATH] == {"_csrf": forms(page)[PATH]["_csrf"], "email": "alice@example.com", "password": ""}


async def test_what_is_missing_is_said_at_its_field_and_costs_nothing(alice, browser, hashed):
    page = await enter(browser(), "", "alice")
    assert "Enter your password." in words(page)
    assert "name@example.com" in words(page)
    assert (hashed, len(await RateLimit.select())) == ([], 0)


@pytest.mark.parametrize("password", ["x" * 129, "x" * 30_000, "🐝" * 129])
async def test_what_is_too_long_is_not_hashed(alice, browser, hashed, password):
    page = await enter(browser(), password)
    assert REFUSED in words(page)
    assert hashed == []


async def test_a_disabled_customer_with_the_right_password_stays_out(alice, browser):
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    one = browser()
    await enter(one)
    assert not await signed_in_now(one)


async def test_the_password_of_one_center_is_worth_nothing_at_another(alice, globex, browser):
    twin = await Customer.open(globex.id, "alice@example.com")
    await give_password(twin, passwords.hash("another tram kettle nine"))
    assert (await enter(browser(), home="/globex")).status_code == 422
    assert (await enter(browser(), "another tram kettle nine", home="/globex")).status_code == 303


async def test_a_password_changed_while_we_were_hashing_opens_nothing(alice, browser, monkeypatch):
    """The right old password was verified; before its session is opened, another one is set."""
    from controllers.center import sign_in_password

    real = sign_in_password.verify_password

    async def slow(kept, password):
        found = await real(kept, password)
        await give_password(alice, passwords.hash("another tram kettle nine"))
        return found

    monkeypatch.setattr(sign_in_password, "verify_password", slow)
    page = await enter(browser())
    assert (page.status_code, REFUSED in words(page)) == (422, True)
    assert await Session.count() == 0


# Limits


async def test_five_tries_in_a_quarter_of_an_hour_from_one_network(alice, browser, clock):
    one = browser()
    for _ in range(5):
        assert REFUSED in words(await enter(one, "wrong"))
    page = await enter(one)
    assert (page.status_code, TOO_MANY in words(page)) == (422, True)
    assert (await enter(browser(ip="203.0.113.9"))).status_code == 303
    clock.forward(minutes=15, seconds=1)
    assert (await enter(one)).status_code == 303


async def test_a_right_one_forgives_the_wrong_ones_before(alice, browser):
    one = browser()
    for _ in range(3):
        for _ in range(4):
            await enter(one, "wrong")
        assert (await enter(one)).status_code == 303
        await one.submit(await one.get("/acme/account"), "/acme/sign-out")
        one.cookies.delete("device-acme")
    assert await failures() == [0]


async def test_thirty_tries_in_a_quarter_of_an_hour_from_one_network_for_all_addresses(alice, browser):
    one = browser()
    answers = [(await enter(one, "wrong", f"p{number}@example.com")).status_code for number in range(31)]
    assert answers == [422] * 30 + [429]


async def test_a_made_up_forwarded_address_changes_no_limit(alice, browser):
    one = browser()
    form = forms(await one.get(PATH))[PATH] | {"email": "alice@example.com", "password": "wrong"}
    pages = [await one.post(PATH, form, x_forwarded_for=f"203.0.113.{number}") for number in range(6)]
    assert TOO_MANY in words(pages[-1])


async def test_one_ipv6_network_counts_once(alice, browser):
    pages = [await enter(browser(ip=f"2001:db8:0:1::{number:x}"), "wrong") for number in range(1, 7)]
    assert TOO_MANY in words(pages[-1])


async def test_without_a_visitors_address_the_count_of_the_address_holds_alone(alice, browser):
    """Behind a socket everybody would be one pair, and five tries of anybody would close the way to all."""
    one = browser(ip="")
    pages = [await enter(one, "wrong") for _ in range(31)]
    assert [TOO_MANY in words(page) for page in pages] == [False] * 30 + [True]


async def test_thirty_tries_an_hour_close_the_password_to_strangers_but_to_no_known_device(
    alice, browser, clock, hashed
):
    known = browser()
    await enter(known)
    hashed.clear()
    for number in range(40):
        await enter(browser(ip=f"203.0.113.{number}"), "wrong")
    assert len(hashed) <= 30
    assert TOO_MANY in words(await enter(browser(ip="203.0.113.200")))
    await known.submit(await known.get("/acme/account"), "/acme/sign-out")
    assert (await enter(known)).status_code == 303
    clock.forward(hours=1, seconds=1)
    assert (await enter(browser(ip="203.0.113.200"))).status_code == 303


async def test_a_known_device_has_five_tries_of_its_own(alice, browser, clock):
    known = browser()
    await enter(known)
    await known.submit(await known.get("/acme/account"), "/acme/sign-out")
    for _ in range(5):
        assert REFUSED in words(await enter(known, "wrong"))
    assert TOO_MANY in words(await enter(known))
    clock.forward(minutes=15, seconds=1)
    assert (await enter(known)).status_code == 303


async def test_a_device_of_somebody_else_is_no_known_device(alice, bob, browser):
    await give_password(bob)
    one = browser()
    await enter(one, email="bob@example.com")
    await one.submit(await one.get("/acme/account"), "/acme/sign-out")
    for _ in range(5):
        await enter(one, "wrong")
    assert TOO_MANY in words(await enter(one))


async def test_fifty_tries_at_once_are_five_looks(alice, browser, hashed):
    one = browser()
    form = forms(await one.get(PATH))[PATH] | {"email": "alice@example.com", "password": "wrong"}
    pages = await asyncio.gather(*(one.post(PATH, form) for _ in range(50)))
    assert {page.status_code for page in pages} <= {422, 429}
    assert len(hashed) <= 5
    assert await failures() == [len(hashed)]


@pytest.mark.one_engine
async def test_a_hundred_misses_in_a_row_switch_the_password_off_until_it_is_set_anew(alice, browser, clock):
    for number in range(PASSWORD_TRIES):
        clock.forward(minutes=3)
        await enter(browser(ip=f"203.0.{number}.1"), "wrong")
    assert await failures() == [PASSWORD_TRIES]
    clock.forward(hours=2)
    page = await enter(browser())
    assert REFUSED in words(page)
    one = browser()
    await ask(one)
    assert (await one.get((await link_and_code())[0])).status_code == 303
    await give_password(alice)
    assert (await enter(browser(ip="203.0.113.77"))).status_code == 303


async def test_ninety_nine_misses_and_a_right_one(alice, browser):
    await Customer.update({Customer.password_failures: PASSWORD_TRIES - 1}, force=True)
    assert (await enter(browser())).status_code == 303
    assert await failures() == [0]


@pytest.mark.one_engine
async def test_the_owner_gets_in_while_thirty_networks_guess(alice, browser, clock):
    """500 wrong passwords, 100 requests for mail and 100 wrong codes, none of which may keep Alice out."""
    known, new = browser(ip="192.0.2.1"), browser(ip="192.0.2.2")
    await enter(known)
    await known.submit(await known.get("/acme/account"), "/acme/sign-out")
    attackers = [browser(ip=f"203.0.113.{number}") for number in range(30)]
    for turn in range(500):
        one = attackers[turn % 30]
        await one.post(PATH, {"_csrf": await token_of(one), "email": "alice@example.com", "password": "wrong"})
    for turn in range(100):
        one, path = attackers[turn % 30], "/acme/password" if turn // 30 == 1 else "/acme/sign-in"
        await one.post(path, {"_csrf": await token_of(one), "email": "alice@example.com"})
    for turn in range(100):
        await give(attackers[turn % 30], wrong((await link_and_code())[1]))
    assert (await enter(known)).status_code == 303
    clock.forward(seconds=31)
    await ask(new)
    assert (await new.get((await link_and_code())[0])).status_code == 303
    assert await signed_in_now(new)


async def token_of(one):
    if not hasattr(one, "kept_token"):
        one.kept_token = await one.token(PATH)
    return one.kept_token


async def test_strangers_cannot_use_up_the_mails_of_a_known_device(alice, browser, clock):
    known = browser(ip="192.0.2.1")
    await enter(known)
    await known.submit(await known.get("/acme/account"), "/acme/sign-out")
    for turn in range(30):
        clock.forward(minutes=10)
        await ask(browser(ip=f"203.0.113.{turn}"))
    before = await Mail.count().where(Mail.kind == "sign_in")
    assert before <= 10
    await ask(known)
    assert await Mail.count().where(Mail.kind == "sign_in") == before + 1


async def test_counters_hold_no_address(alice, browser):
    await enter(browser(), "wrong")
    rows = await RateLimit.select()
    assert rows
    assert "alice" not in repr(rows)


# Overload


async def test_a_full_queue_is_said_so_and_costs_no_try(alice, browser):
    one = browser()
    form = forms(await one.get(PATH))[PATH] | {"email": "alice@example.com", "password": GOOD}
    taken = 0
    while hashing.places.acquire(blocking=False):
        taken += 1
    try:
        page = await one.post(PATH, form)
    finally:
        for _ in range(taken):
            hashing.places.release()
    assert (page.status_code, page.headers["retry-after"]) == (503, "2")
    assert "<h1>" in page.text
    assert "set-cookie" not in page.headers
    assert (len(await RateLimit.select()), await failures()) == (0, [0])
    assert (await one.post(PATH, form)).status_code == 303


# At rest


async def test_neither_password_nor_device_nor_session_stands_in_the_database_or_the_log(alice, browser, log_lines):
    from tests.world import dump

    one = browser()
    await enter(one, "wrong secret words")
    await enter(one)
    kept = repr(await dump()) + repr(log_lines())
    for secret in (GOOD, "wrong secret words", one.cookies["center-acme"], one.cookies["device-acme"]):
        assert secret not in kept


async def test_a_new_device_is_told_by_mail_and_a_known_one_is_not(alice, browser):
    one = browser()
    await enter(one)
    assert await Mail.count() == 0
    await one.submit(await one.get("/acme/account"), "/acme/sign-out")
    await enter(one)
    assert await Mail.count() == 0
    await enter(browser())
    (row,) = await Mail.select()
    assert (row["kind"], row["recipient"]) == ("new_device", "alice@example.com")
    assert await Device.count() == 2
    assert opened(row, "body_text")
