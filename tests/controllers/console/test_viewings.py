"""See as customer: nothing can be changed, it ends, and everybody concerned can know of it."""

import re
from urllib.parse import urlsplit

import jwt
import pytest

import database
import jobs.sweep
from jobs.stopping import Stopping
from tables import AuditEntry, Customer, Export, Mail, Member, Session, Vendor, Viewing
from tables.member import ADMIN, OWNER, STAFF
from tables.merging import absorb
from tests.client import forms, normal, words
from tests.routes import ROUTES, address, in_console, mailed, signed_in_for, values
from tests.world import differences, dump
from web import tenancy

QUIET = {"viewings", "audit_entries"}


@pytest.fixture
async def admin(world):
    return world.alice.people[ADMIN]


@pytest.fixture
async def desk(admin, at_desk):
    return await at_desk(admin)


@pytest.fixture
async def looking(world, desk):
    """The admin's browser, which sees acme as Alice."""
    return await look(desk, world.alice.customer)


async def ask(desk, customer, slug="acme"):
    """Press the button in the console; the answer."""
    where = f"/console/{slug}/customers/{customer.public_id}/viewing"
    return await desk.submit(await desk.get(where), where)


async def look(desk, customer):
    page = await ask(desk, customer)
    for _ in range(3):
        assert page.status_code == 303
        where = page.headers["location"]
        page = await desk.get(where)
    assert (await desk.submit(page, where)).status_code == 303
    return desk


async def seen(one, path="/acme/account"):
    page = await one.get(path)
    return page.status_code == 200 and "You see this center as" in page.text


# Asking for it


async def test_the_page_says_what_will_happen(world, desk):
    page = await desk.get(f"/console/acme/customers/{world.alice.public_id}/viewing")
    assert "See Acme Learning as Alice Ames" in words(page)
    for promise in ("every form is refused", "after 30 minutes", "log of changes", "for 90 days"):
        assert promise in words(page)


async def test_it_shows_the_center_with_the_customers_eyes(looking):
    page = await looking.get("/acme/account")
    assert "You see this center as Alice Ames . Nothing can be changed." in words(page)
    assert "alice@example.com" in page.text
    assert "Hive kit of A" in (await looking.get("/acme/account/orders")).text
    assert "Keeping bees with Alice" in (await looking.get("/acme/courses")).text


@pytest.mark.parametrize("role", [STAFF])
async def test_staff_may_not(world, at_desk, role):
    one = await at_desk(world.alice.people[role])
    where = f"/console/acme/customers/{world.alice.public_id}/viewing"
    assert (await one.get(where)).status_code == 403
    assert (await one.post(where, {"_csrf": await one.token("/console/account")})).status_code == 403


async def test_it_asks_for_a_fresh_sign_in(world, desk, clock):
    where = f"/console/acme/customers/{world.alice.public_id}/viewing"
    page = await desk.get(where)
    clock.forward(minutes=11)
    answer = await desk.submit(page, where)
    assert answer.headers["location"].startswith("/console/confirmation?next=%2Fkept-forms%2F")
    assert await Viewing.count() == 4  # those of the cast


@pytest.mark.parametrize("column", [Customer.disabled_at, Customer.closed_at])
async def test_where_nobody_may_come_in_there_is_nothing_to_see(world, desk, column):
    await Customer.update({column: database.now()}).where(Customer.id == world.alice.id)
    page = await ask(desk, world.alice.customer)
    assert page.status_code == 422
    assert "This account is closed or switched off" in words(page)


async def test_another_vendors_customer_is_unknown(world, desk):
    pages = [await desk.get(f"/console/acme/customers/{one}/viewing") for one in (world.zoe.public_id, "x" * 22)]
    assert {page.status_code for page in pages} == {404}
    assert len({normal(page) for page in pages}) == 1


# The way in


async def test_asking_shows_nothing_yet_and_is_told_to_nobody(world, desk):
    before = await dump()
    await ask(desk, world.alice.customer)
    assert differences(before, await dump()) == {"viewings"}
    assert not await seen(desk)
    assert len(await Viewing.of(world.acme.id, world.alice.id)) == 1  # the cast's


async def test_a_code_opens_one_look_in_one_browser(world, desk, browser):
    page = await ask(desk, world.alice.customer)
    for _ in range(2):
        page = await desk.get(page.headers["location"])
    where = page.headers["location"]
    other = browser()
    await other.get("/acme/sign-in")
    assert (await other.get(where)).status_code == 410
    assert (await other.post(where, {"_csrf": await other.token("/acme/sign-in")})).status_code == 410
    page = await desk.get(where)
    fields = forms(page)[where]
    assert (await desk.post(where, fields)).status_code == 303
    fields = {"_csrf": await desk.token("/acme/account")}
    assert (await desk.post(where, fields)).status_code == 410


async def test_a_look_that_was_asked_for_long_ago_does_not_begin(world, desk, clock):
    page = await ask(desk, world.alice.customer)
    page = await desk.get(page.headers["location"])
    clock.forward(minutes=2)
    assert (await desk.get(page.headers["location"])).status_code == 404


async def test_somebody_elses_look_is_unknown(world, desk, at_desk):
    page = await ask(desk, world.alice.customer)
    viewing = page.headers["location"].rpartition("=")[2]
    for who in (world.alice.people[OWNER], world.zoe.people[OWNER]):
        for slug in ("acme", "globex"):
            one = await at_desk(who)
            assert (await one.get(f"/console/{slug}/viewings/{viewing}?mark=x")).status_code == 404


async def test_a_look_does_not_begin_after_a_demotion(world, desk, admin):
    page = await ask(desk, world.alice.customer)
    for _ in range(3):
        where = page.headers["location"]
        page = await desk.get(where)
    await Member.update({Member.role: STAFF}).where(Member.person_id == admin.id)
    await desk.submit(page, where)
    assert not await seen(desk)


async def test_a_center_on_its_own_host_is_reached_across_hosts(world, desk, browser):
    await Vendor.update({Vendor.domain: "learn.acme.example"}).where(Vendor.id == world.acme.id)
    tenancy.kept.clear()
    page = await ask(desk, world.alice.customer)
    assert page.headers["location"].startswith("http://learn.acme.example:8000/entry?viewing=")
    there = browser("http://learn.acme.example:8000")
    page = await there.get(page.headers["location"])
    page = await desk.get(page.headers["location"])
    where = urlsplit(page.headers["location"]).path
    page = await there.submit(await there.get(where), where)
    assert page.headers["location"] == "/"
    assert await seen(there, "/account")
    page = await there.submit(await there.get("/account"), "/view/end")
    assert page.headers["location"] == f"http://127.0.0.1:8000/console/acme/customers/{world.alice.public_id}"


# While it lasts


async def test_every_page_carries_the_banner(world, looking):
    wrong = []
    for path, route in ROUTES.items():
        if in_console(path) or "/dev/" in path or not route.shows or path in ("/", "/media/{name:str}"):
            continue
        if route.sees == "arrival":
            continue
        page = await looking.get(address(path, "/acme", values(path, world.alice)))
        if page.status_code == 303:
            continue
        if "You see this center as" not in page.text or "/acme/view/end" not in forms(page):
            wrong.append((path, page.status_code))
    assert wrong == []
    assert "You see this center as" in (await looking.get("/acme/nowhere")).text


async def test_every_form_is_refused_with_a_plain_page(world, looking):
    before, wrong = await dump(), []
    for path, route in ROUTES.items():
        if route.form is None or in_console(path) or route.sees in ("viewer", "arrival"):
            continue
        token = await looking.token("/acme/account")
        page = await looking.post(address(path, "/acme", values(path, world.alice)), {"_csrf": token, "done": "1"})
        if page.status_code != 403 or "You are only looking" not in page.text:
            wrong.append((path, page.status_code))
    assert wrong == []
    assert differences(before, await dump()) == set()


async def test_looking_at_every_page_changes_nothing(world, looking, clock):
    clock.forward(minutes=6)
    before = await dump()
    for path, route in ROUTES.items():
        if signed_in_for(path) and not in_console(path) and route.sees == "customer":
            await looking.get(address(path, "/acme", values(path, world.alice)))
    assert differences(before, await dump()) == set()


async def test_ways_in_by_get_are_refused_too(world, looking):
    """A mailed link for the browser that asked, and single sign-on, would both open a session here."""
    before = await dump()
    page = await looking.get(f"/acme/sign-in/link/{world.alice.link}")
    assert page.status_code == 200
    assert differences(before, await dump()) == set()
    assert "center-acme" not in looking.cookies


async def test_a_mailed_link_for_this_browser_is_neither_followed_nor_spent(world, desk):
    await desk.submit(await desk.get("/acme/sign-in"), "/acme/sign-in", email="alice@example.com")
    link, _code = await mailed(world.alice)
    await look(desk, world.bob)
    before = await dump()
    page = await desk.get(link)
    assert page.status_code == 403
    assert "You are only looking" in page.text
    assert differences(before, await dump()) == set()
    await desk.submit(await desk.get("/acme/account"), "/acme/view/end")
    assert (await desk.get(link)).headers["location"] == "/acme/"


async def test_single_sign_on_waits_too(world, looking):
    secret, now = "the secret of acme's own web site, long enough", int(database.now().timestamp())
    await Vendor.rotate_secret(world.acme.id, secret, "sso")
    claims = {"sub": "bob@example.com:127.0.0.1:8000", "iat": now, "nbf": now, "exp": now + 3600}
    token = jwt.encode(claims, secret, algorithm="HS256")
    where, before = f"/acme/sso?identifier=bob@example.com&strategy=email&token={token}", await dump()
    assert (await looking.get(where)).status_code == 403
    assert differences(before, await dump()) == set()
    await looking.submit(await looking.get("/acme/account"), "/acme/view/end")
    assert (await looking.get(where)).headers["location"] == "/acme/"  # it was not spent


async def test_its_cookie_is_kept_from_scripts_and_ends_with_it(world, desk):
    page = await ask(desk, world.alice.customer)
    for _ in range(3):
        where = page.headers["location"]
        page = await desk.get(where)
    answer = await desk.submit(page, where)
    (cookie,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith("view-acme=")]
    assert cookie.split("; ", 1)[1] == "Max-Age=1800; Path=/; HttpOnly; SameSite=Lax"


async def test_copies_of_their_data_are_not_to_be_had(world, looking):
    page = await looking.get(f"/acme/account/data/exports/{world.alice.export}")
    assert page.status_code == 403
    assert world.alice.export not in (await looking.get("/acme/account/data")).text
    assert (await looking.get(f"/acme/kept-forms/{world.alice.kept_form}")).status_code == 403
    assert await Export.exists().where(Export.public_id == world.alice.export)


async def test_it_is_no_sign_in_of_the_customers(world, desk):
    await Customer.update({Customer.first_signed_in_at: None}).where(Customer.id == world.alice.id)
    before = await dump()
    await look(desk, world.alice.customer)
    await desk.get("/acme/courses")
    assert differences(before, await dump()) <= QUIET | {"viewings.ended_at"}
    assert not await Mail.exists().where(Mail.kind == "new_device")
    assert "device-acme" not in desk.cookies


async def test_the_viewers_own_session_there_is_left_alone(world, desk, signed_in):
    own = await signed_in(world.bob)
    desk.cookies.update(own.cookies)
    await look(desk, world.alice.customer)
    assert "alice@example.com" in (await desk.get("/acme/account")).text
    page = await desk.submit(await desk.get("/acme/account"), "/acme/view/end")
    assert page.headers["location"] == f"/console/acme/customers/{world.alice.public_id}"
    page = await desk.get("/acme/account")
    assert "bob@example.com" in page.text
    assert "You see this center as" not in page.text


async def test_the_next_look_takes_the_place_of_the_last(world, looking):
    await look(looking, world.bob)
    assert "bob@example.com" in (await looking.get("/acme/account")).text
    live = await Viewing.count().where(Viewing.person_id == world.alice.people[ADMIN].id, Viewing.ended_at.is_null())
    assert live == 1


async def test_the_console_is_not_in_the_way(looking):
    page = await looking.get("/console/acme")
    assert page.status_code == 200
    assert "You see this center as" not in page.text


async def test_at_another_center_it_is_worth_nothing(world, looking):
    token = looking.cookies["view-acme"]
    for name in ("view-globex", "center-globex", "center-acme", "console"):
        looking.cookies.set(name, token, domain="127.0.0.1", path="/")
    assert (await looking.get("/globex/account")).status_code == 303
    assert (await looking.get("/console/acme")).headers["location"].startswith("/console/sign-in")
    looking.cookies.delete("view-acme")
    assert (await looking.get("/acme/account")).status_code == 303


async def test_only_its_hash_is_kept(looking):
    assert looking.cookies["view-acme"] not in repr(await dump())


# Its end


async def test_it_ends_with_its_button(looking):
    page = await looking.submit(await looking.get("/acme/courses"), "/acme/view/end")
    assert page.status_code == 303
    assert "view-acme" not in looking.cookies
    assert not await seen(looking)


async def test_its_token_is_dead_afterwards(looking):
    token = looking.cookies["view-acme"]
    await looking.submit(await looking.get("/acme/account"), "/acme/view/end")
    looking.cookies.set("view-acme", token, domain="127.0.0.1", path="/")
    assert not await seen(looking)


@pytest.mark.parametrize(("minutes", "goes_on"), [(29, True), (30, False)])
async def test_it_ends_after_half_an_hour(looking, clock, minutes, goes_on):
    clock.forward(minutes=minutes)
    assert await seen(looking) is goes_on


async def demote(world, admin):
    await Member.update({Member.role: STAFF}).where(Member.vendor == world.acme.id, Member.person_id == admin.id)


async def remove(world, admin):
    await Member.delete().where(Member.vendor == world.acme.id, Member.person_id == admin.id)


async def sign_out(world, admin):
    await Session.revoke_all(admin.vendor, admin.id)


async def switch_off(world, admin):
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == admin.id)


async def close(world, admin):
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == world.alice.id)


async def merge(world, admin):
    await database.transaction(lambda: absorb(world.bob, world.alice.customer))


@pytest.mark.parametrize("what", [demote, remove, sign_out, switch_off, close, merge])
async def test_it_ends_with_the_next_click_when(world, looking, admin, what):
    assert await seen(looking)
    await what(world, admin)
    assert not await seen(looking)


# Who is told


async def test_it_stands_in_the_log_of_changes(world, looking, admin):
    row = (await AuditEntry.select().where(AuditEntry.action == "customer.viewed"))[0]
    assert (row["person_id"], row["subject"]) == (admin.id, "alice@example.com")
    assert "Looked at the center as" in words(await looking.get("/console/acme/audit"))


async def test_the_customer_sees_it_for_ninety_days(world, looking, signed_in, clock):
    one = await signed_in(world.alice.customer)
    page = await one.get("/acme/account/devices")
    assert len(re.findall("The staff of Acme Learning looked at your account on", page.text)) == 2  # and the cast's
    assert "admin@acme.example" not in page.text
    clock.forward(days=90, minutes=31)
    await jobs.sweep.sweep(Stopping())
    assert await Viewing.count() == 0


async def test_nobody_else_does(world, looking, signed_in):
    for customer, home in ((world.bob, "/acme"), (world.twin, "/globex")):
        page = await (await signed_in(customer)).get(f"{home}/account/devices")
        assert "looked at your account" not in page.text


async def test_their_own_devices_are_what_the_viewer_sees(world, looking):
    page = await looking.get("/acme/account/devices")
    assert "This device" not in page.text
