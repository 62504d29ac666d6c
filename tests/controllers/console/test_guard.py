"""Who may do what in the console, route by route, and what a session of it is worth."""

import re

import pytest

import database
from tables import Customer, KeptForm, Member, Session
from tables.member import ADMIN, OWNER, ROLES, STAFF, house
from tables.session import token_hash
from tables.vendor import HOUSE
from tests.client import forms, normal, words
from tests.routes import CONSOLE, ROUTES, address, values
from tests.world import differences, dump
from web.rendering import safe_next

DESKS = [path for path in ROUTES if path.startswith(f"{CONSOLE}/{{vendor:str}}")]
DESK_FORMS = [path for path in DESKS if ROUTES[path].form]


def least(path, *, form=False):
    return ROUTES[path].sees if form else ROUTES[path].reads or ROUTES[path].sees


def places(world, path):
    return address(path, "/acme", values(path, world.alice))


@pytest.fixture
def at(world, at_desk):
    """A browser of somebody with a role at acme."""

    async def sit(role):
        return await at_desk(world.alice.people[role])

    return sit


def test_there_is_something_to_ask():
    assert len(DESKS) > 6
    assert {least(path) for path in DESKS} <= set(ROLES)


# Roles


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_sees_what_it_may_and_no_more(world, at, role):
    one, wrong = await at(role), []
    for path in DESKS:
        allowed = ROLES.index(role) >= ROLES.index(least(path))
        page = await one.get(places(world, path))
        if (page.status_code == 403) is allowed:
            wrong.append((path, page.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", [STAFF, ADMIN])
async def test_a_role_changes_what_it_may_and_no_more(world, at, role):
    one = await at(role)
    token, wrong = await one.token("/console/account"), []
    paths = [path for path in DESK_FORMS if ROLES.index(role) < ROLES.index(least(path, form=True))]
    ready = [(path, {"_csrf": token, **await ROUTES[path].form(one, world.alice)}) for path in paths]
    before = await dump()
    for path, form in ready:
        page = await one.post(places(world, path), form)
        if page.status_code != 403:
            wrong.append((path, page.status_code))
    assert wrong == []
    assert differences(before, await dump()) == set()


async def test_without_a_membership_no_page_is_told_from_one_that_does_not_exist(world, at_desk):
    one = await at_desk(world.zoe.people[OWNER])
    token, before, wrong = await one.token("/console/account"), await dump(), []
    for path in DESKS:
        theirs = places(world, path)
        nobodys = re.sub("^/console/acme", "/console/nobody", theirs)
        answers = [await one.get(theirs), await one.get(nobodys)]
        if ROUTES[path].form:
            answers += [await one.post(where, {"_csrf": token}) for where in (theirs, nobodys)]
        pages = {re.sub("acme|nobody", "…", normal(page)) for page in answers[:2]}
        if {page.status_code for page in answers} != {404} or len(pages) != 1:
            wrong.append((path, [page.status_code for page in answers]))
    assert wrong == []
    assert differences(before, await dump()) == set()


async def test_a_vendors_name_in_the_path_is_the_only_one_that_counts(world, at_desk):
    one = await at_desk(world.zoe.people[OWNER])
    page = await one.get("/console/globex/staff?vendor=acme&slug=acme", x_vendor="acme")
    assert "staff@acme.example" not in page.text
    assert "staff@globex.example" in page.text


@pytest.mark.parametrize("slug", ["ACME", "acme%2F", "acme ", "%61cme", "acme%00", "..", "acme;x", "a" * 300])
async def test_other_spellings_of_a_vendor_are_none(world, at, slug):
    page = await (await at(OWNER)).get(f"/console/{slug}/audit")
    assert page.status_code == (200 if slug == "%61cme" else 404)


async def test_a_demotion_holds_with_the_next_click(world, at):
    one, owner = await at(ADMIN), await at(OWNER)
    assert (await one.get("/console/acme/audit")).status_code == 200
    page = await one.get("/console/acme/staff")
    admin = await Member.by_person(world.acme.id, world.alice.people[ADMIN].id)
    where = f"/console/acme/staff/{admin.public_id}"
    assert (await owner.submit(await owner.get(where), where, role=STAFF)).status_code == 303
    assert (await one.get("/console/acme/audit")).status_code == 403
    answer = await one.submit(page, "/console/acme/staff", email="x@example.com", role=STAFF)
    assert answer.status_code == 403


async def test_a_removal_holds_with_the_next_click(world, at):
    one, owner = await at(ADMIN), await at(OWNER)
    admin = await Member.by_person(world.acme.id, world.alice.people[ADMIN].id)
    where = f"/console/acme/staff/{admin.public_id}/removal"
    assert (await owner.submit(await owner.get(where), where)).status_code == 303
    assert (await one.get("/console/acme")).status_code == 404
    assert "Acme Learning" not in (await one.get("/console/")).text


@pytest.mark.parametrize("column", [Customer.disabled_at])
async def test_whoever_is_switched_off_is_out_at_once(world, at, column):
    one = await at(OWNER)
    await Customer.update({column: database.now()}).where(Customer.id == world.alice.people[OWNER].id)
    for path in ("/console/acme", "/console/acme/staff", "/console/", "/dashboard", "/console/account"):
        assert (await one.get(path)).headers["location"].startswith("/console/sign-in"), path


@pytest.mark.parametrize("role", [STAFF, ADMIN])
async def test_nobody_lifts_themselves_above_their_role(world, at, role):
    one = await at(role)
    own = await Member.by_person(world.acme.id, world.alice.people[role].id)
    owner = await Member.by_person(world.acme.id, world.alice.people[OWNER].id)
    token, before = await one.token("/console/account"), await dump()
    for where, form in (
        (f"/console/acme/staff/{own.public_id}", {"role": OWNER}),
        (f"/console/acme/staff/{owner.public_id}", {"role": STAFF}),
        (f"/console/acme/staff/{owner.public_id}/removal", {}),
        ("/console/acme/staff", {"email": "me.too@example.com", "role": OWNER}),
    ):
        assert (await one.post(where, {"_csrf": token} | form)).status_code == (403 if role == STAFF else 422), where
    assert differences(before, await dump()) == set()


# The session


async def cookie_dead(one):
    return (await one.get("/console/")).headers.get("location", "").startswith("/console/sign-in")


@pytest.mark.parametrize(("minutes", "dead"), [(29, False), (31, True)])
async def test_it_ends_when_it_is_not_used_for_half_an_hour(world, at, clock, minutes, dead):
    one = await at(OWNER)
    clock.forward(minutes=minutes)
    assert await cookie_dead(one) is dead


async def test_it_ends_after_twelve_hours_however_busy(world, at, clock):
    one = await at_noon(world, at)
    for _ in range(35):
        clock.forward(minutes=20)
        assert not await cookie_dead(one)
    clock.forward(minutes=20)
    assert await cookie_dead(one)


async def at_noon(world, at):
    """A session as the console opens it itself, with its own limits."""
    from tables.session import PEOPLE

    one, person = await at(OWNER), world.alice.people[OWNER]
    token = await Session.start(person.vendor, person.id, "link", "test", "", None, PEOPLE)
    one.cookies.set("console", token, domain="127.0.0.1", path="/")
    return one


async def test_a_session_of_the_consoles_own_sign_in_has_its_limits(world, browser):
    one, person = browser(), world.alice.people[OWNER]
    await sign_in(one, person)
    row = await Session.select().where(Session.token_hash == token_hash(one.cookies["console"])).first()
    assert (row["expires_at"] - row["created_at"]).total_seconds() == 12 * 3600


async def sign_in(one, person, ask="/console/sign-in", **fields):
    """By the link in the mail, in the browser that asked."""
    from tables import Mail
    from tables.mail import opened

    await one.submit(await one.get(ask), ask.partition("?")[0], **({"email": person.email} | fields))
    row = (
        await Mail.select().where(Mail.vendor == person.vendor, Mail.recipient == person.email, Mail.kind == "sign_in")
        .order_by(Mail.id, ascending=False)
    )[0]  # fmt: skip
    return await one.get(re.search(r"/console/sign-in/link/[\w-]+", opened(row, "body_text"))[0])


@pytest.mark.parametrize("planted", ["A" * 43, "", "presession", "center-acme", "console-of-nobody"])
async def test_a_planted_cookie_is_never_adopted(world, browser, planted):
    one = browser()
    await one.get("/console/sign-in")
    value = one.cookies["presession"] if planted == "presession" else planted
    one.cookies.set("console", value, domain="127.0.0.1", path="/")
    await sign_in(one, world.alice.people[OWNER])
    assert one.cookies.get("console", domain="127.0.0.1", path="/") != value or planted == ""
    other = browser()
    other.cookies.set("console", value, domain="127.0.0.1", path="/")
    assert await cookie_dead(other)


async def test_a_fresh_sign_in_is_a_fresh_session_and_the_old_one_is_dead(world, at, browser, clock):
    one, person = await at(OWNER), world.alice.people[OWNER]
    before = one.cookies["console"]
    clock.forward(minutes=11)
    await sign_in(one, person, "/console/confirmation?next=/acme/staff")
    assert one.cookies["console"] != before
    old = browser()
    old.cookies.set("console", before, domain="127.0.0.1", path="/")
    assert await cookie_dead(old)


async def test_the_consoles_cookie_is_worth_nothing_at_a_center_and_the_reverse(world, at, signed_in, browser):
    console, center = (
        (await at(OWNER)).cookies["console"],
        (await signed_in(world.alice.customer)).cookies["center-acme"],
    )
    one = browser()
    for name, value in (("center-acme", console), ("center-console", console), ("console", center),
                        ("device-console", center), ("view-acme", console), ("view-console", console)):  # fmt: skip
        one.cookies.set(name, value, domain="127.0.0.1", path="/")
    assert (await one.get("/acme/account")).headers["location"].startswith("/acme/sign-in")
    assert await cookie_dead(one)
    assert (await one.get("/console/acme")).headers["location"].startswith("/console/sign-in")


async def test_a_form_token_of_the_console_is_worth_nothing_at_a_center_and_the_reverse(world, at, signed_in):
    one = await at(OWNER)
    one.cookies.update((await signed_in(world.alice.customer)).cookies)
    console, center = await one.token("/console/account"), await one.token("/acme/account")
    assert (await one.post("/acme/account/profile", {"_csrf": console, "first_name": "Eve"})).status_code == 403
    assert (await one.post("/console/acme/staff", {"_csrf": center, "email": "a@b.example"})).status_code == 403


# A fresh sign-in


KEYS = re.compile(r"/(staff|secrets|payments|partials|downloads|viewing|import/token)\b")
"""Secrets, templates, staff, exports and looking as somebody else."""


def asks_for_recent(application):
    return {
        route.path for route in application.routes for handler in route.route_handlers
        if "POST" in handler.http_methods and handler.opt.get("recent")
    }  # fmt: skip


def test_all_that_holds_the_keys_wants_a_fresh_sign_in(application):
    assert {path for path in DESK_FORMS if KEYS.search(path)} <= asks_for_recent(application)


async def test_after_ten_minutes_such_a_form_waits_for_a_fresh_sign_in(application, world, at, clock):
    one, wrong = await at(OWNER), []
    token = await one.token("/console/account")
    ready = [(places(world, path), {"_csrf": token, **await ROUTES[path].form(one, world.alice)})
             for path in sorted(asks_for_recent(application))]  # fmt: skip
    clock.forward(minutes=9, seconds=59)
    before = await dump()
    clock.forward(seconds=1)
    for where, form in ready:
        page = await one.post(where, form)
        if not page.headers["location"].startswith("/console/confirmation?next=%2F"):
            wrong.append((where, page.headers["location"]))
    assert wrong == []
    assert differences(before, await dump()) <= {
        "kept_forms", "rate_limits", "rate_limits.count", "sessions.last_seen_at"
    }  # fmt: skip


async def test_the_form_that_waited_is_offered_again_and_passes(world, at, clock):
    one, person = await at(OWNER), world.alice.people[OWNER]
    page = await one.get("/console/acme/staff")
    clock.forward(minutes=11)
    page = await one.submit(page, "/console/acme/staff", email="late@example.com", role=ADMIN)
    page = await sign_in(one, person, page.headers["location"])
    assert page.headers["location"].startswith("/console/kept-forms/")
    page = await one.get(page.headers["location"])
    again = forms(page)["/console/acme/staff"]
    assert (again["email"], again["role"]) == ("late@example.com", ADMIN)
    page = await one.submit(page, "/console/acme/staff")
    assert (page.status_code, page.headers["location"]) == (303, "/console/acme/staff?done=invited")


async def test_a_form_that_waited_is_nobody_elses(world, at, at_desk, clock):
    one = await at(OWNER)
    page = await one.get("/console/acme/staff")
    clock.forward(minutes=11)
    await one.submit(page, "/console/acme/staff", email="late@example.com", role=ADMIN)
    (kept,) = await KeptForm.select().where(KeptForm.customer == world.alice.people[OWNER].id)
    other = await at_desk(world.alice.people[ADMIN])
    assert (await other.get(f"/console/kept-forms/{kept['public_id']}")).status_code == 404


async def test_a_page_that_shows_secrets_asks_by_get_as_well(world, at, clock, application):
    """Which pages those are is theirs to say: whichever asks on GET must ask before it shows anything."""
    guarded = [
        route.path for route in application.routes if route.path in DESKS for handler in route.route_handlers
        if "GET" in handler.http_methods and handler.opt.get("recent")
    ]  # fmt: skip
    one = await at(OWNER)
    clock.forward(minutes=11)
    for path in guarded:
        page = await one.get(places(world, path))
        assert page.headers["location"].startswith("/console/confirmation?next="), path


async def test_the_wish_after_a_fresh_sign_in_stays_inside(world, at):
    one = await at(OWNER)
    for wish in ("//evil.example", "https://evil.example", "/\\evil", "/sign-out"):
        page = await one.get(f"/console/confirmation?next={wish}")
        assert forms(page)["/console/confirmation"]["next"] == "/"


@pytest.mark.parametrize(
    ("path", "kept"),
    [("/emailers/staff", True), ("/viewpoint", True), ("/passwords-inc/audit", True), ("/setup-shop", True),
     ("/entry-level/courses", True), ("/email/x", False), ("/view/end", False), ("/entry?to=/", False),
     ("/sign-in#x", False), ("/password", False)],
)  # fmt: skip
def test_vendors_may_be_called_like_the_beginning_of_a_page(path, kept):
    assert safe_next(path) == (path if kept else "/")


# The house is no vendor


async def test_the_house_has_no_console_of_its_own(world, at):
    one = await at(OWNER)
    for path in ("", "/staff", "/audit", "/account"):
        assert (await one.get(f"/console/{HOUSE}{path}")).status_code == 404


@pytest.mark.parametrize("path", ["courses", "sso?token=x", "courses/x", "entry", "view/end", "entry/x", "account/orders",
                                  "account/courses", "account/payment-methods", "account/subscriptions"])  # fmt: skip
async def test_the_pages_of_a_shop_are_not_there(world, at, path):
    assert (await (await at(OWNER)).get(f"/console/{path}")).status_code == 404


async def test_the_house_takes_no_events_and_is_no_target(world, at, browser):
    page = await browser().client.post(f"/webhooks/{HOUSE}/clickfunnels", content=b"{}")
    assert page.status_code == 401
    one = await at(OWNER)
    assert (await one.get(f"/dashboard/{HOUSE}?mark=x")).status_code == 404


async def test_even_a_member_of_the_house_has_no_console_of_it(world, at):
    """Nothing makes such a row; if one were there, it would open the list of everybody's people."""
    await Member(vendor=(await house()).id, person_id=world.alice.people[OWNER].id, role=OWNER).save()
    page = await (await at(OWNER)).get(f"/console/{HOUSE}/staff")
    assert page.status_code == 404
    assert "Staff" not in words(page)
