"""The dashboard: what the console's people have bought themselves, and the way into each center."""

import re
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

import database
from settings import settings
from tables import Customer, Mail, Member, Session, SpentToken, Vendor
from tables.member import STAFF, house
from tables.session import token_hash
from tests.client import forms, normal, words
from web import entry as codes
from web import tenancy


@pytest.fixture
async def alice_at_work(world):
    """Alice, who has bought at acme and at globex, also works for globex."""
    person = await Customer.open((await house()).id, "alice@example.com", first_name="Alice")
    await Member.add(world.globex.id, person.id, STAFF)
    return person


@pytest.fixture
async def desk(alice_at_work, at_desk):
    return await at_desk(alice_at_work)


@pytest.fixture
def house_vendor(monkeypatch):
    """Makes a center the house's own."""

    def choose(slug):
        import controllers.console.dashboard as dashboard

        monkeypatch.setattr(dashboard, "settings", msgspec.structs.replace(settings, house_vendor=slug))

    return choose


async def arrive(one, where="/acme/entry?to=%2Fcourses"):
    """Follow the way from a card of the dashboard to the page with the button; its answer and its address."""
    page = await one.get(where)
    for _ in range(2):
        assert page.status_code == 303
        where = page.headers["location"]
        page = await one.get(where)
    return page, where


async def entered(one, slug="acme"):
    return (await one.get(f"/{slug}/account")).status_code == 200


async def give_domain(vendor, domain):
    await Vendor.update({Vendor.domain: domain}).where(Vendor.id == vendor.id)
    tenancy.kept.clear()


# The page


async def test_it_shows_the_courses_of_every_center_the_address_is_a_customer_of(desk):
    page = await desk.get("/dashboard")
    assert page.status_code == 200
    assert "<h1>Dashboard</h1>" in page.text
    assert re.findall(r'<h2 id="center-\w+">([^<]+)', page.text) == ["Acme Learning", "Globex Pottery"]
    assert "Keeping bees with Alice" in words(page)
    assert "1 of 4 lessons done" in words(page)
    assert "No courses here yet." in words(page)  # Alice at globex has none


async def test_somebody_elses_courses_are_not_there(desk):
    assert "Keeping bees with Zoe" not in (await desk.get("/dashboard")).text


async def test_carrying_on_leads_through_the_door_of_its_center(world, desk):
    page = await desk.get("/dashboard")
    carry_on = re.search(r'<a class="btn" href="([^"]+)"', page.text)[1]
    assert urlsplit(carry_on).path == "/acme/entry"
    (to,) = parse_qs(urlsplit(carry_on.replace("&amp;", "&")).query)["to"]
    assert to.startswith(f"/courses/{world.alice.course}/lessons/")


async def test_the_house_comes_first_and_is_there_for_strangers_too(desk, house_vendor, world):
    house_vendor("globex")
    page = await desk.get("/dashboard")
    assert re.findall(r'<h2 id="center-(\w+)">', page.text) == ["globex", "acme"]
    await Customer.update({Customer.email: "elsewhere@example.com"}).where(Customer.id == world.twin.id)
    page = await desk.get("/dashboard")
    assert re.findall(r'<h2 id="center-(\w+)">', page.text) == ["globex", "acme"]
    assert "You have bought nothing here yet." in words(page)


@pytest.mark.parametrize("slug", ["nobody", "console", None])
async def test_a_house_that_is_none_is_left_out(desk, house_vendor, slug):
    house_vendor(slug)
    page = await desk.get("/dashboard")
    assert re.findall(r'<h2 id="center-(\w+)">', page.text) == ["acme", "globex"]


async def test_without_any_purchase_it_says_what_would_be_here(stan, at_desk):
    page = await (await at_desk(stan)).get("/dashboard")
    assert "No courses yet" in words(page)
    assert forms(page).keys() == {"/console/sign-out"}


@pytest.mark.parametrize("column", [Customer.disabled_at, Customer.closed_at])
async def test_an_account_that_is_switched_off_or_closed_is_not_there(world, desk, column):
    await Customer.update({column: database.now()}).where(Customer.id == world.alice.id)
    page = await desk.get("/dashboard")
    assert re.findall(r'<h2 id="center-(\w+)">', page.text) == ["globex"]
    assert (await desk.get("/dashboard/acme?mark=x")).status_code == 404


async def test_the_menu_of_the_console_leads_there(desk):
    page = await desk.get("/console/account")
    assert '<a href="/dashboard">Affiliate Center</a>' in page.text


async def test_it_has_one_address(desk, browser):
    for path in ("/console/dashboard", "/dashboard/", "/console/dashboard/"):
        page = await desk.get(path)
        assert (page.status_code, page.headers["location"]) == (308, "/dashboard")
    page = await browser().get("/dashboard")
    assert page.headers["location"] == "/console/sign-in?next=%2Fdashboard"
    page = await desk.get("/console/dashboard/acme?to=%2Fcourses")
    assert page.headers["location"] == "/dashboard/acme?to=%2Fcourses"


async def test_on_a_vendors_own_host_there_is_none(world, browser):
    await give_domain(world.acme, "learn.acme.example")
    page = await browser("http://learn.acme.example:8000").get("/dashboard")
    assert page.status_code == 404


async def test_signing_in_at_the_console_leads_to_it(alice_at_work, browser):
    one = browser()
    page = await one.get("/console/sign-in?next=/dashboard")
    await one.submit(page, "/console/sign-in", email="alice@example.com")
    row = (await Mail.select().where(Mail.vendor == alice_at_work.vendor, Mail.kind == "sign_in"))[0]
    assert row["recipient"] == "alice@example.com"
    from tables.mail import opened

    link = re.search(r"/console/sign-in/link/[\w-]+", opened(row, "body_text"))[0]
    page = await one.get(link)
    assert page.headers["location"] == "/console/dashboard"
    page = await one.get((await one.get(page.headers["location"])).headers["location"])
    assert "Keeping bees with Alice" in words(page)


# A proven address


@pytest.mark.parametrize("method", ["setup", "sso", "test", ""])
async def test_an_address_that_was_only_typed_opens_nothing(world, alice_at_work, desk, method):
    await Session.update({Session.auth_method: method}).where(Session.token_hash == token_hash(desk.cookies["console"]))
    for path in ("/dashboard", "/dashboard/acme?mark=x&to=/"):
        page = await desk.get(path)
        assert (page.status_code, page.headers["location"]) == (303, "/console/confirmation?next=/dashboard")


async def test_after_the_first_run_the_address_is_proven_by_mail_first(world, browser):
    """Whoever holds the printed token may type any address as theirs, Alice's say."""
    from tables import first_run

    for vendor in (world.acme, world.globex):
        await Member.delete().where(Member.vendor == vendor.id)
    one, setup = browser(), f"/console/setup/{first_run.token()}"
    await one.submit(await one.get(setup), setup, email="alice@example.com", first_name="Mallory")
    page = await one.get("/dashboard")
    assert page.headers["location"] == "/console/confirmation?next=/dashboard"
    page = await one.get(page.headers["location"])
    assert "once we know that it is yours" in words(page)
    page = await one.submit(page, "/console/confirmation")
    assert page.headers["location"] == "/console/sign-in/check-email"
    assert (await one.get("/dashboard")).status_code == 303


# The door


async def test_one_card_and_one_button_open_the_course(world, desk):
    page = await desk.get("/dashboard")
    card = re.search(r'<h3><a href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    page, where = await arrive(desk, card)
    assert page.status_code == 200
    assert "Sign in to Acme Learning" in words(page)
    assert "a•••@example.com" in page.text
    assert "<script" not in page.text
    assert not await entered(desk)
    page = await desk.submit(page, where)
    assert (page.status_code, page.headers["location"]) == (303, f"/acme/courses/{world.alice.course}")
    assert await entered(desk)
    row = await Session.select().where(Session.token_hash == token_hash(desk.cookies["center-acme"])).first()
    assert (row["auth_method"], row["customer_id"]) == ("dashboard", world.alice.id)


async def test_a_new_browser_is_told_of_by_mail_as_always(world, desk):
    await Customer.update({Customer.first_signed_in_at: database.now()}).where(Customer.id == world.alice.id)
    page, where = await arrive(desk)
    await desk.submit(page, where)
    assert await Mail.exists().where(Mail.vendor == world.acme.id, Mail.kind == "new_device")


async def test_the_gets_write_nothing(desk, world):
    from tests.world import differences, dump

    before = await dump()
    _page, where = await arrive(desk)
    await desk.head(where)
    assert differences(before, await dump()) == set()


async def test_whoever_is_signed_in_there_already_goes_straight_on(world, desk, signed_in):
    there = await signed_in(world.alice.customer)
    desk.cookies.update(there.cookies)
    page, _where = await arrive(desk)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/courses")
    assert await SpentToken.count() == 2  # those of the cast


async def test_another_customers_session_there_is_ended_by_the_button_only(world, desk, signed_in):
    there = await signed_in(world.bob)
    desk.cookies.update(there.cookies)
    page, where = await arrive(desk)
    assert page.status_code == 200
    assert await entered(there)
    await desk.submit(page, where)
    assert not await entered(there)
    assert "alice@example.com" in (await desk.get("/acme/account")).text


async def test_a_code_works_once(desk, browser):
    page, where = await arrive(desk)
    again = forms(page)[where]
    assert (await desk.post(where, again)).status_code == 303
    desk.cookies.delete("center-acme")
    assert (await desk.get(where)).status_code == 410
    assert (await desk.post(where, {"_csrf": await desk.token("/acme/sign-in")})).status_code == 410
    assert not await entered(desk)


async def test_of_two_presses_at_once_one_opens(desk):
    import asyncio

    page, where = await arrive(desk)
    fields = forms(page)[where]
    answers = await asyncio.gather(*(desk.post(where, fields) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410]


@pytest.mark.parametrize(("seconds", "status"), [(59, 200), (60, 410)])
async def test_a_code_works_for_a_minute(desk, clock, seconds, status):
    page, where = await arrive(desk)
    clock.forward(seconds=seconds)
    assert (await desk.get(where)).status_code == status
    assert (await desk.submit(page, where)).status_code == (303 if status == 200 else 410)


async def test_another_browser_cannot_use_it(desk, browser):
    _page, where = await arrive(desk)
    other = browser()
    await other.get("/acme/sign-in")
    assert (await other.get(where)).status_code == 410
    assert (await other.post(where, {"_csrf": await other.token("/acme/sign-in")})).status_code == 410
    assert not await entered(other)
    assert (await browser().get(where)).status_code == 410  # nor one without any mark


async def test_another_center_does_not_take_it(world, desk):
    _page, where = await arrive(desk)
    elsewhere = where.replace("/acme/", "/globex/")
    assert (await desk.get(elsewhere)).status_code == 410
    assert (await desk.post(elsewhere, {"_csrf": await desk.token("/globex/sign-in")})).status_code == 410
    assert not await entered(desk, "globex")


async def test_a_code_that_was_touched_or_made_elsewhere_is_none(desk, world):
    from tables.sealed import seal

    _page, where = await arrive(desk)
    code = where.rpartition("/")[2]
    for bad in (code[:-2], code[:40] + ("A" if code[40] != "A" else "B") + code[41:], "x", "é", "%00", "A" * 400,
                seal('{"vendor_id": 1}').rstrip("=")):  # fmt: skip
        assert (await desk.get(f"/acme/entry/{bad}")).status_code in (404, 410), bad


@pytest.mark.parametrize(
    "change",
    [{Customer.disabled_at: database.now()}, {Customer.closed_at: database.now()}, {Customer.merged_into: 1},
     {Customer.email: "moved@example.com"}],
)  # fmt: skip
async def test_what_changes_meanwhile_counts(world, desk, change):
    page, where = await arrive(desk)
    await Customer.update(change).where(Customer.id == world.alice.id)
    answer = await desk.submit(page, where)
    assert answer.status_code == 410
    assert "center-acme" not in desk.cookies


async def test_signing_out_of_the_console_ends_its_codes(desk, alice_at_work):
    page, where = await arrive(desk)
    await Session.revoke_all(alice_at_work.vendor, alice_at_work.id)
    assert (await desk.submit(page, where)).status_code == 410


async def test_a_person_who_is_switched_off_comes_nowhere(desk, alice_at_work):
    page, where = await arrive(desk)
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice_at_work.id)
    assert (await desk.submit(page, where)).status_code == 410
    assert (await desk.get("/dashboard")).headers["location"].startswith("/console/sign-in")


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-out", "/entry?to=/", "/view/end", "evil",
           "/%0d%0aSet-Cookie:x", "javascript:alert(1)"],
)  # fmt: skip
async def test_it_leads_nowhere_else(desk, to):
    from urllib.parse import quote

    page, where = await arrive(desk, f"/acme/entry?to={quote(to, safe='')}")
    page = await desk.submit(page, where)
    assert page.status_code == 303
    assert page.headers["location"].startswith("/acme/")
    assert "evil" not in page.headers["location"] or page.headers["location"].startswith("/acme/%")


async def test_a_center_where_one_is_no_customer_is_as_unknown_as_none(world, gus, at_desk):
    one = await at_desk(gus)
    pages = [await one.get(f"/dashboard/{slug}?mark=x&to=/") for slug in ("acme", "nobody", "console", "sign-in")]
    assert {page.status_code for page in pages} == {404}
    assert len({normal(page) for page in pages}) == 1


async def test_without_a_mark_one_goes_back_to_the_door(desk):
    page = await desk.get("/dashboard/acme?to=%2Fcourses")
    assert (page.status_code, page.headers["location"]) == (303, "/acme/entry?to=%2Fcourses")


async def test_a_mark_of_another_browser_is_worth_nothing_here(desk, world, browser):
    """Somebody lures Alice to the base host with the mark of their own browser: the code fits neither."""
    evil = browser()
    sent = (await evil.get("/acme/entry?to=/")).headers["location"]
    page = await desk.get(sent)
    assert (await desk.get(page.headers["location"])).status_code == 410


async def test_the_door_tells_a_stranger_nothing(world, browser):
    one = browser()
    page = await one.get("/acme/entry?to=/courses")
    assert page.headers["location"].startswith("/dashboard/acme?mark=")
    assert one.cookies["presession"] not in page.headers["location"]
    page = await one.get(page.headers["location"])
    assert page.headers["location"].startswith("/console/sign-in?next=")


async def test_a_center_on_its_own_host_is_reached_across_hosts(world, desk, browser):
    await give_domain(world.acme, "learn.acme.example")
    page = await desk.get("/dashboard")
    card = re.search(r'<h3><a href="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert card.startswith("http://learn.acme.example:8000/entry?to=")
    there = browser("http://learn.acme.example:8000")
    page = await there.get(card)
    assert page.headers["location"].startswith("http://127.0.0.1:8000/dashboard/acme?mark=")
    page = await desk.get(page.headers["location"])
    assert page.headers["location"].startswith("http://learn.acme.example:8000/entry/")
    where = urlsplit(page.headers["location"]).path
    page = await there.get(where)
    assert list(forms(page)) == [where]
    assert "form-action 'self'" in page.headers["content-security-policy"]
    page = await there.submit(page, where)
    assert (page.status_code, page.headers["location"]) == (303, f"/courses/{world.alice.course}")
    assert (await there.get("/account")).status_code == 200


async def test_a_code_says_nothing_to_whoever_reads_the_address(desk):
    import base64

    _page, where = await arrive(desk)
    code = where.rpartition("/")[2]
    read = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    assert b"alice" not in read
    assert codes.read(code).email == "alice@example.com"


async def test_the_center_is_told_of_no_other(world, desk):
    page, where = await arrive(desk)
    await desk.submit(page, where)
    for path in ("/acme/account", "/acme/account/devices", "/acme/courses"):
        page = await desk.get(path)
        assert "Globex" not in page.text
        assert "console" not in normal(page).lower()
