"""What every route promises, driven by the route table itself."""

import itertools
import re

import pytest

import database
import jobs.apply_webhooks
import jobs.close_accounts
import jobs.count_days
import jobs.deliver_mail
import jobs.import_clickfunnels
import jobs.make_exports
import jobs.sweep
from jobs.stopping import Stopping
from settings import ROOT
from tables import Completion, Customer, Export, ImportRun, Mail, Order, Picture, Session, SpentToken, closing
from tables.avatar import Avatar
from tables.base import public_id
from tables.merging import absorb
from tests.client import forms, named, normal, raw, tree
from tests.routes import (
    FORMS,
    OWN,
    PAGES,
    ROUTES,
    address,
    an_import,
    good_form,
    home_of,
    in_console,
    lands_at,
    signed_in_for,
    unknown,
    values,
    visitor,
)  # fmt: skip
from tests.world import PICTURE, differences, dump
from web import edge
from web.requests import SECRET_FIELDS
from web.tenancy import CONSOLE, INSIDE

FRAGMENT = re.compile(r"<title>[^<]*</title>\n<main id=\"main\".*</main>\n?", re.DOTALL)
EVIL = "http://evil.example"


def methods(app):
    """Path → methods of every route, OPTIONS aside: the edge refuses that before any route sees it."""
    return {
        route.path: {method for handler in route.route_handlers for method in handler.http_methods} - {"OPTIONS"}
        for route in app.routes
    }


@pytest.fixture
def own(world):
    return world.alice


@pytest.fixture
async def open_route(own, browser, signed_in):
    """Makes the browser that may see a route, with the route's address: `one, path = await open_route(route)`."""

    async def open_it(path):
        return await visitor(path, own, browser, signed_in), address(path, own.home, values(path, own))

    return open_it


def test_every_route_has_an_entry(application):
    table = methods(application)
    assert sorted(set(table) - set(ROUTES)) == [], "add an entry to ROUTES in tests/routes.py for each of these"
    assert sorted(set(ROUTES) - set(table)) == [], "these routes are gone: take their entries out of tests/routes.py"
    takes_forms = {path for path, found in table.items() if "POST" in found and ROUTES[path].sees != "machine"
                   and not ROUTES[path].takes_file}  # fmt: skip
    assert takes_forms == set(FORMS), "name the form (`form`, `changes`) of each route that takes a POST"


def test_every_form_can_be_reached_by_its_address(application):
    lonely = {path for path, found in methods(application).items() if "POST" in found and "GET" not in found}
    assert lonely == {path for path, route in ROUTES.items() if route.sees == "machine"}


def test_every_page_answers_head(application):
    table = methods(application)
    assert {path for path, found in table.items() if "GET" in found} == {p for p, m in table.items() if "HEAD" in m}


# Page and fragment


@pytest.mark.one_engine
@pytest.mark.parametrize("path", PAGES)
async def test_a_fragment_is_a_piece_of_the_page(open_route, path):
    one, where = await open_route(path)
    page, fragment = await one.get(where), await one.htmx_get(where)
    assert page.status_code == fragment.status_code == 200
    assert FRAGMENT.fullmatch(fragment.text)
    pieces = re.split(r"(?<=</title>\n)", normal(fragment), maxsplit=1)
    assert all(piece.strip() in normal(page) for piece in pieces)
    assert {"Cookie", "HX-Request"} <= set(re.split(r", *", page.headers["vary"]))
    assert page.headers["vary"] == fragment.headers["vary"]


@pytest.mark.one_engine
@pytest.mark.parametrize("header", ["hx_boosted", "hx_history_restore_request"])
async def test_boosted_links_and_restored_history_get_the_whole_page(open_route, header):
    wrong = []
    for path in PAGES:
        one, where = await open_route(path)
        page = await one.htmx_get(where, **{header: "true"})
        if not page.text.startswith("<!doctype html>"):
            wrong.append(path)
    assert wrong == []


@pytest.mark.parametrize("inner", ["/account/orders/nothing", "/nowhere", "/sign-in/link/nothing", "/password/nothing"])
async def test_errors_come_as_fragments_too(own, signed_in, inner):
    one = await signed_in(own.customer)
    fragment = await one.htmx_get(own.home + inner)
    assert fragment.status_code in (404, 410)
    assert FRAGMENT.fullmatch(fragment.text)


# Whose it is


def strangers(world, path):
    if in_console(path):
        return [("globex's owner", world.zoe.people["owner"], "/console")]
    return [
        ("bob", world.bob, "/acme"),
        ("zoe", world.zoe.customer, "/globex"),
        ("alice at globex", world.twin, "/globex"),
    ]


@pytest.mark.parametrize("path", OWN)
async def test_what_belongs_to_somebody_else_is_as_unknown_as_what_does_not_exist(world, signed_in, path):
    theirs = values(path, world.alice)
    for who, customer, home in strangers(world, path):
        one = await signed_in(customer)
        if ROUTES[path].sees == "anyone" and home == "/acme":
            continue  # a sign-in link is whoever holds it
        found = await one.get(address(path, home, theirs))
        nobodys = unknown(path)
        missing = await one.get(address(path, home, nobodys))
        assert found.status_code == missing.status_code == (410 if "{token" in path else 404), who
        assert masked(found, theirs) == masked(missing, nobodys), who


def masked(page, parameters):
    """All of an answer but the ids it was asked for and what differs at every render."""
    text = repr(
        {name: page.headers.get(name) for name in ("location", "content-type", "vary", "cache-control")}
    ) + normal(page)
    for value in parameters.values():
        text = text.replace(value, "…")
    return text


@pytest.mark.parametrize("path", [path for path in OWN if len(ROUTES[path].fill) > 1])
async def test_a_strangers_record_does_not_open_inside_ones_own(world, browser, signed_in, path):
    one, ours, theirs = (
        await visitor(path, world.zoe, browser, signed_in),
        values(path, world.zoe),
        values(path, world.alice),
    )
    for name in [name for name in theirs if theirs[name] != ours[name]]:
        page = await one.get(address(path, "/globex", ours | {name: theirs[name]}))
        assert page.status_code == 404, name


@pytest.mark.parametrize("path", [path for path in FORMS if path in OWN])
async def test_a_form_does_nothing_to_what_belongs_to_somebody_else(world, signed_in, path):
    for who, customer, home in strangers(world, path):
        if ROUTES[path].sees == "anyone" and home == "/acme":
            continue  # a sign-in link is whoever holds it
        one = await signed_in(customer)
        token = await one.token(f"{home}/account")
        before = await dump()
        page = await one.post(address(path, home, values(path, world.alice)), {"_csrf": token, "done": "1"})
        assert page.status_code in (404, 410), who
        assert differences(before, await dump()) == set(), who


async def test_every_route_for_customers_sends_strangers_to_the_sign_in(own, browser):
    wrong = []
    for path in ROUTES:
        if not signed_in_for(path) or path.endswith("~center/sign-out"):
            continue
        page = await browser().get(address(path, own.home, values(path, own)))
        if page.status_code != 303 or not page.headers["location"].startswith(f"{home_of(path, own.home)}/sign-in"):
            wrong.append(path)
    assert wrong == []


async def test_the_cookie_of_one_center_is_worth_nothing_in_another(world, signed_in):
    one = await signed_in(world.alice.customer)
    token = one.cookies["center-acme"]
    one.cookies.clear()
    one.cookies.set("center-globex", token, domain="127.0.0.1", path="/")
    assert (await one.get("/globex/account")).headers["location"].startswith("/globex/sign-in")


async def test_a_vendor_named_in_a_parameter_or_header_changes_nothing(world, signed_in):
    one = await signed_in(world.twin)
    page = await one.get(f"/globex/account/orders?vendor_id={world.acme.id}&vendor=acme&customer_id={world.alice.id}",
                         x_forwarded_host="acme.example", x_vendor="acme")  # fmt: skip
    assert "No orders yet" in page.text


async def test_equal_numbers_at_two_vendors_stay_apart(world, signed_in):
    await Order.update({Order.number: world.alice.order}).where(
        Order.vendor == world.globex.id, Order.number == world.zoe.order
    )
    one = await signed_in(world.zoe.customer)
    page = await one.get(f"/globex/account/orders/{world.alice.order}")
    assert "Starter kit of Z" in page.text
    assert "of A" not in page.text


# Safe methods


async def test_get_and_head_change_nothing(open_route):
    changed = {}
    for path, route in ROUTES.items():
        if route.sees == "machine":
            continue
        one, where = await open_route(path)
        before = await dump()
        await one.get(where)
        await one.head(where)
        if difference := differences(before, await dump()):
            changed[path] = difference
    assert changed == {}


@pytest.mark.one_engine
async def test_head_answers_like_get_without_a_body(application, open_route):
    for path, route in ROUTES.items():
        if route.sees == "machine":
            continue
        one, where = await open_route(path)
        cookie = [(b"cookie", "; ".join(f"{name}={value}" for name, value in one.cookies.items()).encode())]
        got, asked = await raw(application, "GET", where, cookie), await raw(application, "HEAD", where, cookie)
        assert asked.body == b"", path
        assert asked.status_code == got.status_code, path
        assert set(asked.headers) == set(got.headers), path
        assert asked.headers.get("content-type") == got.headers.get("content-type"), path


# Forms from our own pages only


BAD_TOKENS = ["none", "empty", "garbage", "non-ascii", "doubled", "other session", "other browser", "other vendor"]
BAD_SITES = {
    "origin null": {"origin": "null", "referer": None, "sec_fetch_site": None},
    "evil origin": {"origin": EVIL, "referer": None, "sec_fetch_site": None},
    "evil origin, our referer": {"origin": EVIL, "sec_fetch_site": None},
    "evil referer": {"origin": None, "referer": f"{EVIL}/http://127.0.0.1:8000/", "sec_fetch_site": None},
    "broken referer": {"origin": None, "referer": "http://[", "sec_fetch_site": None},
    "cross-site": {"sec_fetch_site": "cross-site"},
    "same-site": {"sec_fetch_site": "same-site"},
}
GOOD_SITES = {
    "ours": {},
    "nothing said, as by lynx from an address with a query": {"origin": None, "referer": None, "sec_fetch_site": None},
    "sec-fetch-site": {"sec_fetch_site": "same-origin", "origin": None, "referer": None},
    "referer only": {"sec_fetch_site": None, "origin": None},
    "origin only": {"sec_fetch_site": None, "referer": None},
}


async def bad_tokens(path, world, good, browser, signed_in):
    """Tokens that must not be taken, the good one only as the start of a longer one."""
    owner = world.alice.people["owner"] if in_console(path) else world.alice.customer
    other_session = await (await signed_in(owner)).token(f"{home_of(path, '/acme')}/account")
    return {
        "none": None, "empty": "", "garbage": "A" * 88, "non-ascii": "é\u2028ü" * 20, "doubled": good + good,
        "other session": other_session, "other browser": await browser().token(f"{home_of(path, '/acme')}/sign-in"),
        "other vendor": await (await signed_in(world.zoe.customer)).token("/globex/account"),
    }  # fmt: skip


async def send(one, where, form, headers):
    """Post with exactly these words about where it comes from; None takes one away."""
    own = {"origin": one.origin, "referer": f"{one.origin}{where}", "sec-fetch-site": "same-origin"} | named(headers)
    return await one.client.post(
        where, data=form, headers={name: said for name, said in own.items() if said is not None}
    )


EVERY_PAIR = f"{INSIDE}/account/profile"
"""The form that is sent every pair of token and site: one hook before all handlers (web/requests.py) looks at both."""


def pairs(path):
    """What is refused: each wrong token from a good site and each wrong site with the good token, or every such pair."""
    if path == EVERY_PAIR:
        every = itertools.product(["good", *BAD_TOKENS], GOOD_SITES | BAD_SITES)
        return [(token, site) for token, site in every if token != "good" or site in BAD_SITES]
    return [*((token, "ours") for token in BAD_TOKENS), *(("good", site) for site in BAD_SITES)]


@pytest.mark.one_engine
@pytest.mark.parametrize("path", FORMS)
async def test_a_form_without_this_sessions_token_or_from_elsewhere_is_refused(
    world, browser, signed_in, open_route, path
):
    one, where = await open_route(path)
    form = await good_form(path, world.alice, one)
    tokens = {"good": form["_csrf"]} | await bad_tokens(path, world, form["_csrf"], browser, signed_in)
    assert sorted(tokens) == sorted(["good", *BAD_TOKENS])
    before, wrong = await dump(), []
    for token, site in pairs(path):
        fields = {name: value for name, value in (form | {"_csrf": tokens[token]}).items() if value is not None}
        page = await send(one, where, fields, (GOOD_SITES | BAD_SITES)[site])
        if page.status_code != 403 or not page.headers["content-type"].startswith("text/html"):
            wrong.append((token, site, page.status_code))
    assert wrong == []
    assert differences(before, await dump()) == set()


def test_one_form_is_sent_every_pair():
    assert EVERY_PAIR in FORMS
    assert len(pairs(EVERY_PAIR)) == (1 + len(BAD_TOKENS)) * (len(GOOD_SITES) + len(BAD_SITES)) - len(GOOD_SITES)


@pytest.mark.one_engine
@pytest.mark.parametrize("path", FORMS)
async def test_the_good_token_from_our_own_page_passes(world, open_route, path):
    """From our own page in one of the ways that browsers say so, in turn; the next test tries all of them."""
    one, where = await open_route(path)
    site = list(GOOD_SITES)[FORMS.index(path) % len(GOOD_SITES)]
    page = await send(one, where, await good_form(path, world.alice, one), GOOD_SITES[site])
    assert page.status_code == 303


@pytest.mark.one_engine
@pytest.mark.parametrize("site", GOOD_SITES)
@pytest.mark.parametrize("path", [EVERY_PAIR, f"{INSIDE}/sign-in", f"{INSIDE}/sign-in/link/{{token:str}}"])
async def test_whatever_a_browser_says_of_our_own_page_passes(world, open_route, path, site):
    one, where = await open_route(path)
    page = await send(one, where, await good_form(path, world.alice, one), GOOD_SITES[site])
    assert page.status_code == 303


@pytest.mark.one_engine
@pytest.mark.parametrize("path", [path for path in FORMS if not signed_in_for(path)])
async def test_a_browser_without_our_cookie_is_told_about_cookies(world, open_route, path):
    one, where = await open_route(path)
    form = await good_form(path, world.alice, one)
    one.cookies.clear()
    page = await one.post(where, form)
    assert page.status_code == 403
    assert "Then cookies are switched off" in page.text
    assert "presession=" in page.headers["set-cookie"]


@pytest.mark.one_engine
@pytest.mark.parametrize("path", FORMS)
async def test_a_stale_form_keeps_what_was_typed_and_passes_when_sent_again(world, open_route, path):
    one, where = await open_route(path)
    form = await good_form(path, world.alice, one)
    page = await one.post(where, form | {"_csrf": "stale", "password": "hunter2 hunter2", "extra": '"><b>typed</b>'})
    assert page.status_code == 403
    again = forms(page)[where]
    assert (SECRET_FIELDS - {"_csrf"}) & set(again) == set()
    typed = {name: value for name, value in form.items() if name not in SECRET_FIELDS}
    assert {name: again[name] for name in again if name != "_csrf"} == typed | {"extra": '"><b>typed</b>'}
    assert "hunter2" not in page.text
    assert (await one.post(where, {**form, **again})).status_code == 303


# After a write


@pytest.mark.parametrize("path", FORMS)
async def test_a_write_answers_a_redirect_into_the_same_center(world, open_route, path):
    one, where = await open_route(path)
    page = await one.post(where, await good_form(path, world.alice, one))
    assert page.status_code == 303
    assert page.headers["location"].startswith(f"{lands_at(path, '/acme')}/")
    assert page.content == b""


NEW_FRAME = (
    "/sign-in/code", "~center/sign-out", "/account/profile", "/sign-in/link/{token:str}", "/sign-in/password",
    "/password/{token:str}", "/deletion/{token:str}", "/email/{token:str}", "/email/undo/{token:str}",
    "/entry/{code:str}", "~center/cancel", "/viewing", "/view/end", "/setup/{token:str}", "/invitation/{slug:str}/{token:str}",
)  # fmt: skip


@pytest.mark.one_engine
@pytest.mark.parametrize("path", FORMS)
async def test_htmx_loads_the_whole_page_where_the_frame_changes(world, open_route, path):
    one, where = await open_route(path)
    page = await one.post(where, await good_form(path, world.alice, one), hx_request="true")
    if path.endswith(NEW_FRAME):
        assert (page.status_code, page.headers["hx-redirect"][:6]) == (200, f"{lands_at(path, '/acme')}/"[:6])
    else:
        assert (page.status_code, "hx-redirect" in page.headers) == (303, False)


@pytest.mark.parametrize(
    ("inner", "wrong"),
    [("/sign-in", {"email": "nobody"}), ("/sign-in/code", {"code": "1"}),
     ("/account/profile", {"first_name": "", "last_name": " "}), ("/account/email", {"email": "nobody"}),
     ("/sign-in/password", {"password": "wrong"}), ("/password", {"email": "nobody"})],
)  # fmt: skip
async def test_a_wrong_form_comes_back_and_stays_where_it_is(world, open_route, inner, wrong):
    path = f"/~center{inner}"
    one, where = await open_route(path)
    form = await good_form(path, world.alice, one) | wrong
    page, fragment = await one.post(where, form), await one.post(where, form, hx_request="true")
    assert page.status_code == fragment.status_code == 422
    assert fragment.headers["hx-push-url"] == "false"
    assert "<title>Error: " in fragment.text
    assert FRAGMENT.fullmatch(fragment.text)
    (problem,) = [part for part in tree(page).iter("div") if part.get("id") == "problem"]
    targets = [link.get("href").lstrip("#") for link in problem.iter("a")]
    assert all(any(field.get("id") == target for field in tree(page).iter("input")) for target in targets)


# Mass assignment

EXTRAS = {
    "email": "evil@example.com", "phone": "+666", "vendor_id": "2", "vendor": "2", "customer_id": "1", "customer": "1",
    "id": "1", "status": "paid", "total": "1", "is_admin": "1", "admin": "true", "public_id": "evil-public-id",
    "disabled_at": "2020-01-01", "email_proposed": "evil@example.com", "renamed_at": "", "role": "owner",
    "first_signed_in_at": "2020-01-01", "next": "/evil-next", "default_address": "evil", "used_at": "2020-01-01",
    "clickfunnels_id": "evil-id", "_method": "DELETE", "done": "1", "customer[email]": "evil@example.com",
}  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_changes_nothing_but_what_it_takes(world, open_route, path):
    one, where = await open_route(path)
    form = await good_form(path, world.alice, one)
    taken = {"next"} if path.endswith(("/sign-in", "/code", "/sign-in/password", "/confirmation", "}")) else set()
    extras = {name: value for name, value in EXTRAS.items() if name not in form and name not in taken}
    before = await dump()
    page = await one.post(where, form | extras)
    after = await dump()
    assert page.status_code == 303
    assert differences(before, after) <= ROUTES[path].changes
    assert differences(before, after)
    assert "evil" not in repr(after)


# Values nobody sends by accident

ODD = {
    "nul": "%00", "script": "%3Cscript%3Ealert(1)%3C/script%3E", "quote": "'%22%3E%3Cimg src=x onerror=alert(1)%3E",
    "surrogate": "%ED%A0%80", "bad utf-8": "%ff%fe", "bad percent": "%zz%", "long": "a" * 10_000, "huge": str(2**63),
    "negative": "-1", "dots": "%2e%2e", "semicolon": ";--", "line ends": "%0d%0aSet-Cookie:%20x=1",
    "template": "{{7*7}}",
    "digits": "%D9%A3%D9%A4", "cursor": f"{10**17 - 1}-{10**18 - 1}", "far cursor": "9" * 17 + "-1", "rtl": "%E2%80%AE",
    "euro": "%E2%82%AC", "emoji": "%F0%9F%90%9D",
}  # fmt: skip
ANSWERS = {400, 404, 405, 410, 414, 415, 422}
ECHOES = ("<script>alert", "<img src=x onerror", "\x00")


def bad_answers(page, kind, path, allowed):
    """Why an answer to an odd value is wrong, if it is."""
    if page.status_code not in allowed:
        return [(path, kind, page.status_code)]
    html = page.headers.get("content-type", "").startswith("text/html")
    if page.status_code >= 400 and not html:
        return [(path, kind, "not HTML")]
    if any(echo in page.text for echo in ECHOES) or "x=1" in page.headers.get("set-cookie", ""):
        return [(path, kind, "echo")]
    return []


def test_the_console_reads_the_vendor_in_one_place():
    """So that odd vendors need not be tried on every one of its pages."""
    assert ONE_OF_ALL in ROUTES
    parsers = [path for path in (ROOT / "web").glob("*.py") if 'path_params["vendor"]' in path.read_text()]
    assert [path.name for path in parsers] == ["console.py"]


ONE_OF_ALL = f"{CONSOLE}/{{vendor:str}}"


@pytest.mark.parametrize(("accept", "kinds"), [("*/*", sorted(ODD)), ("application/json", ["nul", "script"])])
async def test_odd_path_parameters_are_pages_that_do_not_exist(own, browser, signed_in, accept, kinds):
    wrong = []
    for path, route in ROUTES.items():
        if not route.fill or route.sees == "machine":
            continue
        one = await visitor(path, own, browser, signed_in)
        for kind in kinds:
            for name in [name for name in route.fill if name != "vendor" or path == ONE_OF_ALL]:
                page = await one.get(address(path, own.home, values(path, own) | {name: ODD[kind]}), accept=accept)
                wrong += bad_answers(page, kind, path, ANSWERS)
    assert wrong == []


async def test_odd_queries_are_never_an_error_of_ours(own, browser, signed_in):
    wrong = []
    for path, route in ROUTES.items():
        if route.sees == "machine" or path.startswith("/health/"):
            continue
        one, where = await visitor(path, own, browser, signed_in), address(path, own.home, values(path, own))
        usual = {(await one.get(where)).status_code}
        for kind, value in (ODD | {"flood": "&a" * 400}).items():
            page = await one.get(f"{where}?older={value}&next={value}&updated={value}&{value}={value}")
            json_or_file = not route.shows and page.status_code in usual
            wrong += [] if json_or_file else bad_answers(page, kind, path, ANSWERS | usual)
    assert wrong == []


ASIDE = [("next", "done"), ("resend",)]
"""What any form may be sent besides its own fields; no form reads both of a pair."""


STORED = ("nul", "surrogate", "bad utf-8", "long", "huge", "negative", "digits", "emoji")
"""What a database or a parser may stumble over: tried in each field alone. What only has to be escaped comes in all at once."""


@pytest.mark.parametrize("path", FORMS)
async def test_odd_form_values_are_never_an_error_of_ours(own, browser, signed_in, path):
    one = await visitor(path, own, browser, signed_in)
    where, form, wrong = address(path, own.home, values(path, own)), await good_form(path, own, one), []
    fields_of_it = sorted(set(form) - {"_csrf"})
    for names in [*((name,) for name in fields_of_it), (*fields_of_it,), *ASIDE]:
        for kind in STORED if len(names) == 1 else [kind for kind in ODD if kind != "long"]:
            odd = form | dict.fromkeys(names, ODD[kind])
            fields = "&".join(f"{key}={text.replace('+', '%2B')}" for key, text in odd.items())
            page = await one.client.post(where, content=fields.encode(), headers={
                "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin",
                "x-forwarded-for": "203.0.113.1"})  # fmt: skip
            wrong += bad_answers(page, f"{names}: {kind}", path, ANSWERS | {303, 403, 429})
            if page.status_code == 303 and ROUTES[path].sees == "customer" and path.endswith("~center/sign-out"):
                return
    assert wrong == []


@pytest.mark.parametrize("kind", sorted(set(ODD) - {"dots"}))
async def test_a_webhook_address_answers_machines(world, browser, kind):
    page = await browser().client.post(f"/webhooks/{ODD[kind]}/clickfunnels", content=b"{}")
    assert page.status_code in (401, 404)
    assert page.headers["content-type"].startswith("application/json")


# Headers


def test_the_policy_allows_nothing_it_need_not():
    assert edge.policy() == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
        "manifest-src 'self'"
    )


def lacking(answer):
    """The security headers an answer lacks."""
    expected = {
        "content-security-policy": edge.policy(), "x-content-type-options": "nosniff", "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
        "permissions-policy": edge.PERMISSIONS, "x-frame-options": "DENY",
    }  # fmt: skip
    names = {name for name, value in expected.items() if answer.headers.get(name) != value}
    if "cache-control" not in answer.headers or "x-request-id" not in answer.headers:
        names.add("cache-control or x-request-id")
    return names | ({"a Server header"} if "server" in answer.headers else set())


WITH_FILMS = (
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/new",
    f"{CONSOLE}/{{vendor:str}}/courses/{{course:str}}/lessons/{{lesson:str}}",
)
"""Pages that may frame a film from one of the few hosts whatever is on them."""
OWN_POLICY = ("/media/", "/avatar/", "/files/", "/exports/", "/html")
"""Files and raw mails have a policy of their own, which allows less."""


@pytest.mark.one_engine
async def test_every_route_has_the_security_headers(open_route):
    for path, route in ROUTES.items():
        if route.sees == "machine":
            continue
        one, where = await open_route(path)
        missing = lacking(await one.get(where))
        if any(part in where for part in OWN_POLICY) or path in WITH_FILMS:
            assert missing == {"content-security-policy"}, path
        else:
            assert missing == set(), path


@pytest.mark.parametrize("path", [path for path in ROUTES if any(part in path for part in OWN_POLICY)])
async def test_what_has_a_policy_of_its_own_can_run_nothing(open_route, path):
    one, where = await open_route(path)
    policy = (await one.get(where)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy


@pytest.fixture
def refusals(application, world, browser, signed_in, monkeypatch):
    """Status → a request that is answered with it."""

    async def made(status):
        one = browser()
        static = (await one.get("/acme/sign-in")).text.split('href="/static/')[1].split('"')[0]
        one.cookies.clear()
        if status in (500, 503):
            from controllers.center.account import orders

            async def broken(**_):
                raise {500: RuntimeError("boom"), 503: database.Unavailable("gone")}[status]

            monkeypatch.setattr(orders, "newest_orders", broken)
            return await (await signed_in(world.alice.customer)).get("/acme/account/orders")
        if status == 429:
            answers = [await one.post("/acme/sign-in", {"_csrf": await one.token("/acme/sign-in"),
                                                        "email": f"{n}@a.bc"})
                       for n in range(21)]  # fmt: skip
            return answers[-1]
        requests = {
            200: ("GET", "/acme/sign-in"), 303: ("GET", "/acme/account"), 308: ("GET", "/acme"),
            400: ("GET", "/acme/sign-in", [(b"host", b"127.0.0.1:8000")]), 401: ("POST", "/webhooks/acme/clickfunnels"),
            403: ("POST", "/acme/sign-in"), 404: ("GET", "/acme/nowhere"), 405: ("TRACE", "/"),
            410: ("GET", "/acme/sign-in/link/x"),
            413: ("POST", "/acme/sign-in", [(b"content-length", b"70000")]),
            415: ("POST", "/acme/sign-in", [(b"content-type", b"multipart/form-data; boundary=x")]),
            421: ("GET", "/", [], {"host": (b"evil.example",)}), 431: ("GET", "/", [(b"cookie", b"a=1")] * 101),
            414: ("GET", "/", [], {"query": b"a" * 5000}), "static": ("GET", f"/static/{static}"),
            304: ("GET", f"/static/{static}", [(b"if-modified-since", b"Fri, 01 Jan 2100 00:00:00 GMT")]),
            "static 404": ("GET", "/static/nothing.css"), "static 405": ("POST", f"/static/{static}"),
            "health": ("GET", "/health/live"), "no route": ("GET", "/health/nothing"),
            "wrong method": ("POST", "/health/live"),
            "webhook get": ("GET", "/webhooks/acme/clickfunnels"), "own 405": ("POST", "/acme/courses"),
        }  # fmt: skip
        method, path, *more = requests[status]
        headers, options = (*more, [], {})[:2] if len(more) != 1 else (more[0], {})
        return await raw(application, method, path, headers, **options)

    return made


STATUSES = [200, 303, 304, 308, 400, 401, 403, 404, 405, 410, 413, 414, 415, 421, 429, 431, 500, 503]
OTHERS = {"static": 200, "static 404": 404, "static 405": 405, "health": 200, "no route": 404, "wrong method": 405,
          "webhook get": 405, "own 405": 405}  # fmt: skip


@pytest.mark.one_engine
@pytest.mark.parametrize("status", [*STATUSES, *OTHERS])
async def test_every_status_has_the_security_headers(refusals, status):
    answer = await refusals(status)
    assert answer.status_code == OTHERS.get(status, status)
    assert lacking(answer) == set()


FORM_PAGES = (200, 303, 403, 429)
"""Answers of the form itself here; a form comes with the cookie that binds it."""


@pytest.mark.one_engine
@pytest.mark.parametrize("status", [status for status in [*STATUSES, *OTHERS] if status not in FORM_PAGES])
async def test_no_cookie_comes_with_files_health_webhooks_and_errors(refusals, status):
    assert "set-cookie" not in (await refusals(status)).headers


@pytest.mark.one_engine
@pytest.mark.parametrize("status", [status for status in STATUSES if status >= 400 and status != 401])
async def test_every_error_is_a_page_for_people(refusals, status):
    answer = await refusals(status)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text
    assert ("retry-after" in answer.headers) == (status in (429, 503))
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.one_engine
@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
async def test_other_methods_exist_nowhere(application, world, method):
    for path, route in ROUTES.items():
        where = address(path, "/acme", dict.fromkeys(route.fill, "x"))
        assert (await raw(application, method, where)).status_code == 405, path


@pytest.mark.parametrize(
    "path", ["/schema", "/schema/openapi.json", "/.git/config", "/.env", "/static/", "/static", "/data/center.sqlite",
             "/acme/schema", "/static/../settings.py", "/~center/account", "/acme/~center/account", "/~console/acme",
             "/acme/~console/acme",
             "/docs"],
)  # fmt: skip
async def test_nothing_else_is_there(world, signed_in, path):
    one = await signed_in(world.alice.customer)
    page = await one.get(path)
    assert page.status_code in (308, 404)
    if page.status_code == 308:
        assert (await one.get(page.headers["location"])).status_code == 404


# Statements

SQL_EXCEPTIONS = {
    r"^WITH taken AS .* UPDATE (enrollment_imports|product_courses) SET .* RETURNING": "the same, of people to enroll",
    r"^WITH taken AS .* UPDATE (webhook_events|mails|pictures|exports|customers|import_runs) SET .* RETURNING": "the "
    "worker leases what is due, whoever's it is",
    r'^DELETE FROM "?(sessions|sign_in_requests|rate_limits|mailed_links|kept_forms|spent_tokens|exports|viewings|invitations)"? '
    r"WHERE .*expires_at": "the hourly sweep of old rows",
    r'^DELETE FROM "?devices"? WHERE .*last_used_at': "the hourly sweep of old rows",
    r'^(SELECT .*|DELETE) FROM "?enrollment_imports"? WHERE .*made_at': "the hourly sweep of old lists",
    r'^DELETE FROM "?mails"? WHERE .*customer_id"? IS NULL .*created_at': "the hourly sweep of messages for nobody",
    r"^DELETE FROM import_refusals WHERE .*ended_at <": "the hourly sweep of old rows",
    r'^DELETE FROM "?daily_figures"? WHERE .*day': "the hourly sweep of old figures",
    r"^UPDATE webhook_events SET body = '' WHERE id IN": "the hourly sweep of old bodies",
    r'^SELECT (ALL )?"?customers"?\."?avatar"? AS "avatar" FROM "customers" WHERE .*"avatar" IN': "one picture "
    "is one file, whichever vendor's customers have it",
    r"^SELECT .* FROM members JOIN vendors .* WHERE members\.person_id = ": "the vendors a person works for",
    r"^SELECT vendors\.slug, customers\.id AS customer FROM vendors CROSS JOIN customers ": "the centers where a proven "
    "address is a customer",
    r"^SELECT 1 FROM members WHERE role = ": "whether anybody owns anything yet: before that the first run is offered",
    r'FROM "?mails"?( WHERE .*public_id.*)?( ORDER BY .*)?( LIMIT .*)?$': "the development mailbox shows every mail",
}
TENANT = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?(\w+)\"?", re.IGNORECASE)
NAMES_VENDOR = re.compile(r'"?vendor_id"?\s*=', re.IGNORECASE)


def names_its_vendor(sql):
    """Whether a statement on a tenant's table says whose rows it means."""
    from tables import TENANT_TABLES

    touched = set(TENANT.findall(sql)) & {table._meta.tablename for table in TENANT_TABLES}
    if not touched:
        return True
    if sql.lstrip().upper().startswith("INSERT"):
        return "vendor_id" in sql
    asked = sql.split("WHERE", 1)[1] if "WHERE" in sql else ""
    return bool(NAMES_VENDOR.search(asked))


@pytest.fixture
def statements():
    seen = []
    database.statements.append(seen.append)
    yield seen
    database.statements.remove(seen.append)


def unscoped(seen):
    flat = {" ".join(sql.split()) for sql in seen}
    return sorted(sql for sql in flat if not names_its_vendor(sql)
                  and not any(re.search(pattern, sql) for pattern in SQL_EXCEPTIONS))  # fmt: skip


async def test_every_statement_of_every_route_names_its_vendor(own, open_route, statements):
    for path, route in ROUTES.items():
        if route.sees == "machine":
            continue
        one, where = await open_route(path)
        await one.get(where)
        if route.form:
            await one.post(where, await good_form(path, own, one))
    assert len(statements) > 100
    assert unscoped(statements) == []


async def test_every_statement_of_the_jobs_names_its_vendor(world, clock, statements):
    row = (await Mail.select().limit(1))[0]
    await Export.update({Export.state: "requested", Export.next_try_at: database.now()}, force=True)
    await an_import(None, world.alice)
    await ImportRun.start(world.acme.id, "42000", "products", "x")
    statements.clear()
    while await jobs.import_clickfunnels.import_clickfunnels(Stopping()):
        pass
    await jobs.apply_webhooks.apply_webhooks(Stopping())
    await jobs.make_exports.make_exports(Stopping())
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=15)
    await jobs.close_accounts.close_accounts(Stopping())
    await jobs.sweep.sweep(Stopping())
    await jobs.count_days.count_days(Stopping())
    for verb in (Mail.lease(5), Mail.release([row]), Mail.postpone(row, "x"), Mail.failed(row, "x"), Mail.sent(row),
                 Picture.lease(5), Picture.among(row["vendor_id"], ["https://a.example/x.png"]),
                 Picture.want(row["vendor_id"], "https://a.example/x.png"), Session.touch(row["vendor_id"], 1),
                 Completion.undo(row["vendor_id"], 1, "1"), Customer.claim_welcome(row["vendor_id"], 1), Avatar.lease(5),
                 Avatar.want(row["vendor_id"], 1), Avatar.is_wanted(row), SpentToken.spend(row["vendor_id"], "x", database.now()),
                 Avatar.arrived(row | {"email": "x"}, "x"), absorb(world.bob, world.alice.customer)):  # fmt: skip
        await verb
    assert len(statements) > 12
    assert unscoped(statements) == []


@pytest.mark.parametrize(
    "sql",
    ['SELECT "orders"."vendor_id" FROM "orders" WHERE "orders"."id" = ?',
     "UPDATE customers SET vendor_id = 1 WHERE id = 2",
     "DELETE FROM sessions", 'INSERT INTO "mails" ("id") VALUES (1)', "SELECT * FROM vendors JOIN orders ON true"],
)  # fmt: skip
def test_the_check_itself_finds_statements_without_a_vendor(sql):
    assert unscoped([sql]) == [sql]


async def grow(own, count):
    rows = [Order(vendor=own.vendor.id, customer=own.id, clickfunnels_id=f"x{n}", number=f"x{n}", currency="USD",
                  placed_at=database.now(), total=n) for n in range(count)]  # fmt: skip
    for start in range(0, count, 200):
        await Order.insert(*rows[start : start + 200])


@pytest.mark.parametrize("inner", ["/account/orders", "/courses", "/sign-in"])
async def test_the_busiest_pages_need_three_statements_however_much_there_is(
    world, signed_in, browser, statements, inner
):
    own, counts = world.alice, []
    one = browser() if inner == "/sign-in" else await signed_in(own.customer)
    await one.get(own.home + inner)
    for more in (0, 985):
        await grow(own, more)
        statements.clear()
        await one.get(own.home + inner)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 3


# Anybody's


async def test_public_pictures_and_style_sheets_are_the_same_for_everybody(world, browser, signed_in):
    one, nobody = await signed_in(world.alice.customer), browser()
    for path in (f"/media/{PICTURE}", "/robots.txt", "/favicon.ico"):
        first, second = await one.get(path), await nobody.get(path)
        assert first.content == second.content
        assert "set-cookie" not in first.headers


async def test_unknown_ids_differ_in_nothing_from_each_other(world, signed_in):
    one = await signed_in(world.bob)
    pages = [normal(await one.get(f"/acme/account/orders/{public_id()}")) for _ in range(2)]
    assert pages[0] == pages[1]
