"""Single sign-on: a token in an address opens the door once, and every other one gets the same answer."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import timedelta
from urllib.parse import quote

import jwt
import pytest

import database
from integrations import sso
from tables import Customer, Session, SpentToken, Vendor
from tables.rate_limit import RateLimit
from tables.vendor import SECRET_OVERLAP
from tests.client import normal
from tests.world import differences, dump
from web import tenancy

SECRET = "the secret of acme's own web site, long enough"
HOST = "127.0.0.1:8000"


def encode(part):
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(claims, secret=SECRET, header=None, digest=hashlib.sha256):
    """A token made by hand, so that no library's care stands in the way."""
    signed = f"{encode(header or {'alg': 'HS256', 'typ': 'JWT'})}.{encode(claims)}"
    return f"{signed}.{encode(hmac.digest(secret.encode(), signed.encode(), digest))}"


def claims(email="alice@example.com", host=HOST, **changes):
    now = int(database.now().timestamp())
    made = {"sub": f"{email}:{host}", "iat": now, "nbf": now, "exp": now + 3600} | changes
    return {name: value for name, value in made.items() if value is not None}


def where(token, identifier="alice@example.com", home="/acme", strategy="email"):
    return f"{home}/sso?identifier={quote(identifier, safe='')}&strategy={strategy}&token={quote(token, safe='')}"


async def enter(one, token=None, **options):
    return await one.get(where(token or sign(claims()), **options))


async def is_in(one, home="/acme"):
    return (await one.get(f"{home}/account")).status_code == 200


def is_refusal(page, next_path=""):
    return (page.status_code, page.headers["location"], "set-cookie" in page.headers and "center-" in
            page.headers["set-cookie"]) == (303, f"/acme/sign-in{next_path}", False)  # fmt: skip


@pytest.fixture
async def center(acme, alice):
    await Vendor.rotate_secret(acme.id, SECRET, "sso")
    return acme


async def test_a_good_token_signs_in_and_leaves_the_address_bar(center, browser):
    one = browser()
    page = await enter(one)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert await is_in(one)
    (row,) = await Session.select()
    assert row["auth_method"] == "sso"


async def test_a_library_of_the_vendors_makes_tokens_we_take(center, browser):
    one = browser()
    await enter(one, jwt.encode(claims("Alice@Example.com"), SECRET, algorithm="HS256"), identifier="alice@EXAMPLE.com")
    assert await is_in(one)


async def test_it_works_once(center, browser):
    token, one, two = sign(claims()), browser(), browser()
    await enter(one, token)
    assert is_refusal(await enter(two, token))
    assert not await is_in(two)
    assert await is_in(one)


async def test_another_spelling_of_the_same_signature_is_the_same_token(center, browser):
    token = sign(claims())
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
    assert base64.urlsafe_b64decode(twin.rpartition(".")[2] + "=") == base64.urlsafe_b64decode(
        token.rpartition(".")[2] + "="
    )
    await enter(browser(), token)
    for spelling in (twin, token + "=", token + "\t", token[:-5] + "!" + token[-5:]):
        two = browser()
        assert is_refusal(await enter(two, spelling))
        assert not await is_in(two)


async def test_of_fifty_at_once_one_comes_in(center, browser):
    token, browsers = sign(claims()), [browser(ip=f"198.51.100.{n}") for n in range(50)]
    pages = await asyncio.gather(*(enter(one, token) for one in browsers))
    assert [page.status_code for page in pages] == [303] * 50
    assert sum("center-acme" in one.cookies for one in browsers) == 1
    assert await Session.count() == 1


@pytest.mark.parametrize("headers", [{"sec_purpose": "prefetch"}, {"sec_purpose": "prefetch;prerender"}])
async def test_fetching_in_advance_spends_nothing(center, browser, headers):
    token, one, before = sign(claims()), browser(), await dump()
    page = await one.get(where(token), **headers)
    assert (page.status_code, "center-acme" in one.cookies) == (503, False)
    assert differences(before, await dump()) == set()
    await enter(one, token)
    assert await is_in(one)


async def test_head_spends_nothing(center, browser):
    token, one, before = sign(claims()), browser(), await dump()
    assert (await one.head(where(token))).status_code == 303
    assert differences(before, await dump()) == set()
    await enter(one, token)
    assert await is_in(one)


def unsigned(email="alice@example.com"):
    return f"{encode({'alg': 'none', 'typ': 'JWT'})}.{encode(claims(email))}."


BAD = {
    "another secret": lambda: sign(claims(), "x" * 40),
    "no signature": unsigned, "none with a signature": lambda: sign(claims(), header={"alg": "none"}),
    "none in capitals": lambda: sign(claims(), header={"alg": "NONE"}),
    "hs512": lambda: sign(claims(), header={"alg": "HS512"}, digest=hashlib.sha512),
    "hs512 said, hs256 made": lambda: sign(claims(), header={"alg": "HS512"}),
    "rs256 said": lambda: sign(claims(), header={"alg": "RS256"}),
    "a critical extension": lambda: sign(claims(), header={"alg": "HS256", "crit": ["x"], "x": 1}),
    "an audience": lambda: sign(claims(aud="someone else")),
    "no exp": lambda: sign(claims(exp=None)), "no iat": lambda: sign(claims(iat=None)),
    "no nbf": lambda: sign(claims(nbf=None)), "no sub": lambda: sign(claims(sub=None)),
    "over": lambda: sign(claims(exp=int(database.now().timestamp()) - 1)),
    "more than an hour": lambda: sign(claims(exp=int(database.now().timestamp()) + 3602)),
    "an hour in the past": lambda: sign(claims(iat=int(database.now().timestamp()) - 3700)),
    "ends before it was made": lambda: sign(claims(iat=int(database.now().timestamp()) + 50,
                                                   exp=int(database.now().timestamp()) + 40)),
    "not begun": lambda: sign(claims(nbf=int(database.now().timestamp()) + 120)),
    "made tomorrow": lambda: sign(claims(iat=int(database.now().timestamp()) + 120)),
    "times as text": lambda: sign(claims(exp=str(int(database.now().timestamp()) + 100))),
    "times as truth": lambda: sign(claims(iat=True)),
    "no number": lambda: sign(claims(exp=float("nan"))), "without end": lambda: sign(claims(exp=float("inf"))),
    "a huge number": lambda: sign(claims(exp=10**400)),
    "another host": lambda: sign(claims(host="evil.myclickfunnels.com")),
    "no host": lambda: sign(claims(sub="alice@example.com")),
    "another person": lambda: sign(claims("bob@example.com")),
    "nobody here": lambda: sign(claims("nobody@example.com")),
    "sub is a list": lambda: sign(claims(sub=["alice@example.com", HOST])),
    "sub is no address": lambda: sign(claims("alice")),
    "claims are a list": lambda: sign([1, 2]), "claims are text": lambda: sign(b"text"),
    "no json": lambda: sign(b"{"), "deep": lambda: sign(b"[" * 1100 + b"]" * 1100),
    "one part": lambda: "x", "dots": lambda: "..", "not ascii": lambda: "\u00e9.\u00e9.\u00e9",
    "controls": lambda: "\x00\x01.\r\n.x", "long": lambda: "a" * 3500,
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
async def test_whatever_is_wrong_the_answer_is_the_same(center, bob, browser, kind):
    one, usual = browser(), await enter(browser(), "wrong")
    page = await enter(
        one, BAD[kind](), identifier="nobody@example.com" if kind == "nobody here" else "alice@example.com"
    )
    assert is_refusal(page)
    assert {name: value for name, value in page.headers.items() if name != "x-request-id"} == {
        name: value for name, value in usual.headers.items() if name != "x-request-id"
    }
    assert normal(page) == normal(usual)
    assert (await Session.count(), await SpentToken.count()) == (0, 0)


async def test_neither_does_it_tell_of_a_closed_account(center, alice, browser):
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice.id)
    assert is_refusal(await enter(browser()))


@pytest.mark.parametrize(
    "identifier", ["", "bob@example.com", "alice@example.com\r\nx", "alice", "alice@example.com:x"]
)
async def test_the_address_must_be_the_one_in_the_token(center, browser, identifier):
    one = browser()
    page = await enter(one, identifier=identifier)
    # A line end is dropped before anything reads the address, and what is left is another one.
    assert is_refusal(page)


@pytest.mark.parametrize("strategy", ["", "phone", "EMAIL"])
async def test_only_addresses_are_known(center, browser, strategy):
    assert is_refusal(await enter(browser(), strategy=strategy))


async def test_a_token_too_long_for_an_address_is_refused(center, browser):
    assert (await enter(browser(), sign(claims(padding="x" * 5000)))).status_code == 414


async def test_without_a_token_it_is_the_way_to_the_sign_in(center, browser):
    before = await dump()
    assert is_refusal(await browser().get("/acme/sso"))
    assert differences(before, await dump()) == set()


@pytest.mark.parametrize("seconds", [-59, 59])
async def test_clocks_may_differ_by_a_minute(center, browser, clock, seconds):
    now = int(clock.now().timestamp()) + seconds
    one = browser()
    await enter(one, sign(claims(iat=now, nbf=now, exp=now + 3600)))
    assert await is_in(one)


# Whose


async def test_the_vendors_clickfunnels_host_is_as_good_as_its_own(center, browser):
    await Vendor.update({Vendor.clickfunnels_host: "acme.myclickfunnels.com"}).where(Vendor.id == center.id)
    one = browser()
    await enter(one, sign(claims(host="Acme.MyClickFunnels.com")))
    assert await is_in(one)


async def test_a_center_with_a_host_of_its_own(center, browser):
    await Vendor.update({Vendor.domain: "center.acme.example"}).where(Vendor.id == center.id)
    tenancy.kept.clear()
    for host in ("center.acme.example", "center.acme.example:8000"):
        one = browser("http://center.acme.example:8000")
        page = await enter(one, sign(claims(host=host)), home="")
        assert page.headers["location"] == "/"
        assert await is_in(one, "")


async def test_a_token_of_one_vendor_opens_nothing_at_another(center, globex, browser):
    twin = await Customer.open(globex.id, "alice@example.com")
    await Vendor.rotate_secret(globex.id, SECRET[::-1], "sso")
    one, token = browser(), sign(claims())
    page = await enter(one, token, home="/globex")
    assert page.headers["location"] == "/globex/sign-in"
    assert not await Session.exists().where(Session.customer == twin.id)
    await enter(one, token)
    assert await is_in(one)


async def test_a_vendor_without_a_secret_takes_none(acme, alice, browser):
    for secret in ("", SECRET):
        assert is_refusal(await enter(browser(), sign(claims(), secret)))


async def test_the_secret_before_is_good_for_two_days(center, browser, clock):
    await Vendor.rotate_secret(center.id, SECRET[::-1], "sso")
    clock.forward(seconds=SECRET_OVERLAP.total_seconds() - 1)
    one, two, new = browser(), browser(), browser()
    await enter(one)
    clock.forward(seconds=2)
    await enter(two)
    await enter(new, sign(claims(), SECRET[::-1]))
    assert (await is_in(one), await is_in(two), await is_in(new)) == (True, False, True)


async def test_the_webhook_secret_is_not_the_single_sign_on_secret(center, browser):
    assert is_refusal(await enter(browser(), sign(claims(), center.webhook_secrets[0])))


# The session


async def test_a_planted_session_id_is_never_adopted(center, browser):
    one = browser()
    one.cookies.set("center-acme", "planted", domain="127.0.0.1", path="/")
    page = await enter(one)
    assert "planted" not in page.headers["set-cookie"]


async def test_a_session_in_the_browser_is_replaced(center, bob, browser, signed_in):
    one = await signed_in(bob)
    before = one.cookies["center-acme"]
    await enter(one)
    assert "alice@example.com" in (await one.get("/acme/account")).text
    old = browser()
    old.cookies.set("center-acme", before, domain="127.0.0.1", path="/")
    assert not await is_in(old)


# Where to


GOOD_TARGETS = {
    None: "/acme/", "": "/acme/", "/account/orders": "/acme/account/orders", "/acme/account": "/acme/account",
    f"http://{HOST}/acme/account/orders?a=1#top": "/acme/account/orders?a=1", "/courses?x=/y": "/acme/courses?x=/y",
    "https://acme.myclickfunnels.com/customers/profiles/8QOrd/orders": "/acme/account/orders",
    "https://acme.myclickfunnels.com/customers/profiles/8QOrd/payment_methods": "/acme/account/payment-methods",
    "https://acme.myclickfunnels.com/customers/profiles/8QOrd": "/acme/account",
    "https://acme.myclickfunnels.com/courses": "/acme/courses",
}  # fmt: skip
BAD_TARGETS = [
    "//evil.example", "https://evil.example/", "https://evil.example/acme/account", "javascript:alert(1)", "\\\\evil",
    "/\\evil.example", f"http://{HOST}@evil.example/", f"http://evil@{HOST}/acme/account", f"ftp://{HOST}/acme/account",
    f"http://{HOST}/globex/account", "/sign-out", "/sso?token=x", "/email/x", "http://[", "/a\r\nb", "/%0d", " /account",
    f"http://{HOST}", f"http://{HOST}//evil.example", "///evil.example", "/acme//evil.example", "account", "data:,x",
    "https://acme.myclickfunnels.com//evil.example", "//acme.myclickfunnels.com/courses", "x" * 600, 7, ["/account"],
    "https:evil.example", "http:/evil.example", "/password/x",
]  # fmt: skip


@pytest.mark.parametrize("redirect_to", GOOD_TARGETS)
async def test_it_goes_where_the_token_says(center, browser, redirect_to):
    await Vendor.update({Vendor.clickfunnels_host: "acme.myclickfunnels.com"}).where(Vendor.id == center.id)
    page = await enter(browser(), sign(claims(redirect_to=redirect_to)))
    assert page.headers["location"] == GOOD_TARGETS[redirect_to]


@pytest.mark.parametrize("redirect_to", BAD_TARGETS, ids=range(len(BAD_TARGETS)))
async def test_but_never_out_of_the_center(center, browser, redirect_to):
    await Vendor.update({Vendor.clickfunnels_host: "acme.myclickfunnels.com"}).where(Vendor.id == center.id)
    one = browser()
    page = await enter(one, sign(claims(redirect_to=redirect_to)))
    expected = {"/%0d": "/acme/%0d"}.get(redirect_to if isinstance(redirect_to, str) else "", "/acme/")
    assert page.headers["location"] == expected
    assert await is_in(one)


async def test_a_used_link_keeps_where_one_was_going(center, browser):
    token = sign(claims(redirect_to="/account/orders"))
    await enter(browser(), token)
    assert is_refusal(await enter(browser(), token), "?next=%2Faccount%2Forders")


# Limits and leftovers


async def test_guessing_from_one_network_ends_after_sixty_an_hour(center, browser, clock):
    one = browser()
    for _ in range(60):
        assert is_refusal(await enter(one, "wrong"))
    page = await enter(one)
    assert (page.status_code, "retry-after" in page.headers) == (429, True)
    other = browser(ip="203.0.113.9")
    await enter(other)
    assert await is_in(other)
    clock.forward(hours=1, seconds=1)
    await enter(one)
    assert await is_in(one)


async def test_coming_in_costs_nothing(center, browser):
    await enter(browser())
    assert await RateLimit.select() == []


async def test_spent_tokens_are_kept_until_they_would_be_over(center, browser, clock):
    token = sign(claims())
    await enter(browser(), token)
    clock.forward(minutes=59)
    await SpentToken.sweep()
    assert await SpentToken.count() == 1
    clock.forward(minutes=2)
    await SpentToken.sweep()
    assert await SpentToken.count() == 0
    assert is_refusal(await enter(browser(), token))


async def test_the_token_is_kept_nowhere_and_logged_nowhere(center, browser, log_lines):
    token = sign(claims())
    await enter(browser(), token)
    await enter(browser(), token)
    parts = token.split(".")
    everything = repr(await dump()) + "\n".join(log_lines())
    assert not any(part in everything for part in parts[1:])
    assert SECRET not in everything


def test_the_grant_ends_when_the_token_does(clock):
    token = sign(claims())
    grant = sso.verify(token, "alice@example.com", [SECRET], {HOST})
    assert grant.expires_at - clock.now() <= timedelta(hours=1)
    assert grant.signed == token.rpartition(".")[0]
