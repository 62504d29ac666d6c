"""Signing in by mail: the whole contract (design 4 and 5, security 4.3 and 4.4)."""

import asyncio
import re
from datetime import timedelta

import pytest

import database
from tables import Customer, Mail, Session, SignInRequest
from tables.mail import opened
from tables.rate_limit import RateLimit
from tables.sign_in_request import code_matches
from tests.client import forms, normal, words
from tests.world import differences, dump

SIGN_IN = "/acme/sign-in"
CHECK = "/acme/sign-in/check-email"
CODE = "/acme/sign-in/code"


async def ask(one, email="alice@example.com", home="/acme", **fields):
    page = await one.get(f"{home}/sign-in")
    return await one.submit(page, f"{home}/sign-in", email=email, **fields)


async def mails(vendor=None):
    query = Mail.select().order_by(Mail.id)
    return await (query.where(Mail.vendor == vendor.id) if vendor else query)


async def link_and_code(row=None):
    row = row or [row for row in await mails() if row["kind"] == "sign_in"][-1]
    text = opened(row, "body_text")
    return re.search(r"8000(/\S+/sign-in/link/\S+)", text)[1], re.search(r"\b(\d{3} \d{3})\b", text)[1]


async def give(one, code, home="/acme"):
    return await one.submit(await one.get(f"{home}/sign-in/check-email"), f"{home}/sign-in/code", code=code)


async def press(one, link):
    """Open the link and press its button."""
    return await one.submit(await one.get(link), link)


async def is_signed_in(one, home="/acme"):
    return (await one.get(f"{home}/account")).status_code == 200


async def settle(one):
    """Wait out the 30 seconds between two mails."""
    await RateLimit.delete(force=True)


@pytest.fixture
async def asked(alice, browser):
    """A browser that has asked for a mail, with its link and code."""
    one = browser()
    await ask(one)
    return one, *await link_and_code()


# Asking


async def test_asking_answers_a_redirect_to_the_confirmation(alice, browser):
    page = await ask(browser())
    assert (page.status_code, page.headers["location"]) == (303, CHECK)


async def test_the_confirmation_names_the_address_and_until_when(alice, browser, clock):
    one = browser()
    await ask(one)
    text = words(await one.get(CHECK))
    assert "alice@example.com" in text
    assert f"{(clock.now() + timedelta(minutes=10)):%-I:%M}" in text


async def test_the_mail_has_a_link_and_a_code_and_says_until_when(alice, browser, clock):
    await ask(browser())
    (row,) = await mails()
    text = opened(row, "body_text")
    assert (row["recipient"], row["kind"]) == ("alice@example.com", "sign_in")
    assert "http://127.0.0.1:8000/acme/sign-in/link/" in text
    assert re.search(r"Your code: \d{3} \d{3}", text)
    assert f"{(clock.now() + timedelta(minutes=10)):%-I:%M}" in text
    assert "10 minutes" in text


async def test_the_confirmation_without_asking_leads_to_the_email_step(acme, browser):
    page = await browser().get(CHECK)
    assert (page.status_code, page.headers["location"]) == (303, SIGN_IN)


@pytest.mark.parametrize("typed", [" Alice@Example.COM ", "ＡＬＩＣＥ@example.com", "alice@EXAMPLE.com"])
async def test_one_mailbox_has_one_spelling(alice, browser, typed):
    await ask(browser(), typed)
    (row,) = await mails()
    assert row["recipient"] == "alice@example.com"
    assert await Customer.count() == 1


@pytest.mark.parametrize(
    "typed",
    ["", "alice", "a@b", "a@@b.example", '"a b"@c.example', "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example",
     "a" * 310 + "@b.example", "<script>@b.example", "a@b..example", ".a@b.example"],
)  # fmt: skip
async def test_what_is_no_address_comes_back_as_it_was_typed(acme, browser, typed):
    page = await ask(browser(), typed)
    assert page.status_code == 422
    assert "address" in words(page)
    assert await mails() == []
    assert forms(page)[SIGN_IN]["email"] == typed


async def test_a_signed_in_customer_is_sent_on(alice, signed_in):
    one = await signed_in(alice)
    page = await one.get(f"{SIGN_IN}?next=/account/orders")
    assert (page.status_code, page.headers["location"]) == (303, "/acme/account/orders")


async def test_asking_still_sends_a_mail_after_old_requests_were_swept(alice, browser, clock):
    """SQLite gives the number of a row that is gone to the next one."""
    await ask(browser())
    clock.forward(days=20)
    await SignInRequest.sweep()
    await ask(browser())
    await ask(browser(), "nobody@example.com")
    assert [row["kind"] for row in await mails()] == ["sign_in", "sign_in", "no_account"]


# One answer for everybody


async def known(one, acme):
    return "alice@example.com"


async def nobody(one, acme):
    return "nobody@example.com"


async def disabled(one, acme):
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    return "alice@example.com"


async def elsewhere(one, acme):
    return "zoe@example.com"


async def throttled(one, acme):
    await ask(one)
    return "alice@example.com"


@pytest.mark.parametrize("case", [nobody, disabled, elsewhere, throttled])
async def test_the_answer_is_the_same_whoever_asks(alice, zoe, acme, browser, clock, case):
    """Status, headers and bytes, for an address that is known and one that is not."""
    answers = []
    for which in (known, case):
        one = browser()
        email = await which(one, acme)
        answer = await ask(one, email)
        page = await one.get(CHECK)
        plain = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "set-cookie")}
        answers.append((answer.status_code, plain, answer.content, normal(page).replace(email, "…")))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("case", [nobody, disabled, elsewhere])
async def test_only_the_owner_of_the_mailbox_learns_that_there_is_no_account(alice, zoe, acme, browser, case):
    one = browser()
    email = await case(one, acme)
    await ask(one, email)
    (row,) = await mails()
    assert (row["kind"], row["recipient"]) == ("no_account", email)
    assert "/sign-in/link/" not in opened(row, "body_text")
    assert await SignInRequest.count() == 1


async def test_an_address_without_account_gets_one_mail_a_day(acme, browser, clock):
    for hours in (0, 1, 22, 2):
        clock.forward(hours=hours)
        await ask(browser(), "nobody@example.com")
    assert [row["kind"] for row in await mails()] == ["no_account", "no_account"]


async def test_a_vendor_may_leave_unknown_addresses_unanswered(acme, browser):
    from tables import Vendor

    await Vendor.update({Vendor.answer_unknown: False}).where(Vendor.id == acme.id)
    assert (await ask(browser(), "nobody@example.com")).status_code == 303
    assert await mails() == []


async def test_the_code_of_an_address_without_account_opens_nothing(acme, browser):
    one = browser()
    await ask(one, "nobody@example.com")
    for guess in ("000000", "123456"):
        assert (await give(one, guess)).status_code == 422
    assert await Session.count() == 0


# Limits


async def test_an_address_gets_one_mail_in_thirty_seconds(alice, browser, clock):
    one = browser()
    for seconds in (0, 10, 19, 2):
        clock.forward(seconds=seconds)
        assert (await ask(one)).status_code == 303
    assert len(await mails()) == 2


async def test_an_address_gets_five_mails_an_hour(alice, browser, clock):
    for turn in range(8):
        clock.forward(seconds=31)
        await ask(browser(ip=f"203.0.113.{turn}"))
    assert len(await mails()) == 5
    clock.forward(hours=1)
    await ask(browser())
    assert len(await mails()) == 6


async def test_an_address_gets_ten_mails_a_day(alice, browser, clock):
    for turn in range(14):
        clock.forward(hours=1, seconds=1)
        await ask(browser(ip=f"203.0.113.{turn}"))
    assert len(await mails()) == 10


async def test_an_address_gets_twenty_mails_a_day_from_all_vendors(browser, clock):
    from tables import Vendor

    for number in range(5):
        vendor = await Vendor.add(f"shop{number}", f"Shop {number}")
        await Customer.open(vendor.id, "alice@example.com")
    for turn in range(25):
        clock.forward(seconds=31)
        await ask(browser(ip=f"203.0.{turn}.1"), home=f"/shop{turn % 5}")
    assert len(await mails()) == 20


async def test_one_network_may_ask_twenty_times_an_hour(acme, browser):
    one = browser()
    answers = [(await ask(one, f"p{number}@example.com")).status_code for number in range(22)]
    assert answers == [303] * 20 + [429] * 2
    assert (await ask(browser(ip="203.0.113.9"), "q@example.com")).status_code == 303


async def test_one_ipv6_network_counts_once(acme, browser):
    answers = [(await ask(browser(ip=f"2001:db8:0:1::{number:x}"), f"p{number}@example.com")).status_code
               for number in range(1, 22)]  # fmt: skip
    assert answers[-1] == 429
    assert (await ask(browser(ip="2001:db8:0:2::1"), "q@example.com")).status_code == 303


async def test_a_made_up_forwarded_address_changes_no_limit(acme, browser):
    one, answers = browser(), []
    for number in range(21):
        token = await one.token(SIGN_IN)
        page = await one.post(
            SIGN_IN, {"_csrf": token, "email": f"p{number}@example.com"}, x_forwarded_for=f"203.0.113.{number}"
        )
        answers.append(page.status_code)
    assert answers[-1] == 429


async def test_limits_hold_no_addresses(alice, browser):
    await ask(browser())
    assert "alice" not in repr((await dump())["rate_limits"])


# The code


@pytest.mark.parametrize("spelling", ["{0}{1}", "{0} {1}", "{0}-{1}", " {0}  {1} ", "{0}\u00a0{1}"])
async def test_the_code_signs_in_the_tab_that_asked_however_it_is_spaced(asked, spelling):
    one, _link, code = asked
    page = await give(one, spelling.format(*code.split(" ")))
    assert page.status_code == 303
    assert await is_signed_in(one)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦٧", "12 34 5x"])
async def test_what_is_no_code_is_said_so_and_costs_no_try(asked, typed):
    one, *_ = asked
    page = await give(one, typed)
    assert page.status_code == 422
    assert "6 digits" in words(page)
    assert [row["tries"] for row in await SignInRequest.select()] == [0]


async def test_four_wrong_codes_and_then_the_right_one(asked):
    one, _link, code = asked
    for _ in range(4):
        assert (await give(one, wrong(code))).status_code == 422
    assert (await give(one, code)).status_code == 303


async def test_five_wrong_codes_end_the_code_but_not_the_link(asked):
    one, link, code = asked
    for _ in range(5):
        await give(one, wrong(code))
    page = await give(one, code)
    assert page.status_code == 422
    assert not await is_signed_in(one)
    assert (await one.get(link)).status_code == 303


async def test_fifty_wrong_guesses_at_once_are_at_most_five_looks(asked, monkeypatch):
    from tables import sign_in_request

    one, _link, code = asked
    form, looks = forms(await one.get(CHECK))[CODE], []

    def counted(code_hash, guess):
        looks.append(guess)
        return code_matches(code_hash, guess)

    monkeypatch.setattr(sign_in_request, "code_matches", counted)
    pages = await asyncio.gather(*(one.post(CODE, form | {"code": wrong(code)}) for _ in range(50)))
    assert {page.status_code for page in pages} == {422}
    assert len(looks) <= 5


async def test_the_code_is_worth_nothing_in_another_browser(asked, browser):
    _one, _link, code = asked
    other = browser()
    page = await other.post(CODE, {"_csrf": await other.token(SIGN_IN), "code": code})
    assert (page.status_code, page.headers["location"]) == (303, SIGN_IN)
    await ask(other, "bob@example.com")
    assert (await give(other, code)).status_code == 422
    assert await Session.count() == 0


async def test_ten_wrong_codes_close_the_code_of_an_address_but_not_its_link(alice, browser, clock):
    for turn in range(2):
        one = browser(ip=f"203.0.113.{turn}")
        await ask(one)
        for _ in range(5):
            await give(one, wrong((await link_and_code())[1]))
        clock.forward(seconds=31)
    one = browser()
    await ask(one)
    link, code = await link_and_code()
    page = await give(one, code)
    assert page.status_code == 422
    assert "Use the link" in words(page)
    assert (await one.get(link)).status_code == 303


async def test_a_closed_code_opens_again_after_an_hour(alice, browser, clock):
    one = browser()
    for _ in range(2):
        await ask(one)
        for _ in range(5):
            await give(one, wrong((await link_and_code())[1]))
        clock.forward(minutes=31)
    await ask(one)
    assert (await give(one, (await link_and_code())[1])).status_code == 303


async def test_one_network_may_try_sixty_codes_an_hour(asked):
    one, _link, _code = asked
    form = forms(await one.get(CHECK))[CODE]
    answers = [(await one.post(CODE, form | {"code": "1"})).status_code for _ in range(61)]
    assert answers == [422] * 60 + [429]


async def test_any_of_the_three_newest_codes_works(alice, browser, clock):
    one, codes = browser(), []
    for _ in range(3):
        await ask(one)
        codes.append((await link_and_code())[1])
        clock.forward(seconds=31)
    assert (await give(one, codes[0])).status_code == 303


async def test_asking_again_too_soon_does_not_take_the_mailed_code_away(asked):
    one, _link, code = asked
    for _ in range(5):
        await ask(one)
    assert len(await mails()) == 1
    await give(one, code)
    assert await is_signed_in(one)


async def test_only_the_three_newest_codes_work(alice, browser, clock):
    one, codes = browser(), []
    for _ in range(4):
        await ask(one)
        codes.append((await link_and_code())[1])
        clock.forward(seconds=31)
    assert (await give(one, codes[0])).status_code == 422


def wrong(code):
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06d}"


# The link


async def test_the_link_signs_in_the_browser_that_asked_at_once(asked):
    one, link, _code = asked
    page = await one.get(link)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/")
    assert await is_signed_in(one)


async def test_the_link_shows_another_browser_one_button_and_whose_it_is(asked, browser):
    _one, link, _code = asked
    page = await browser().get(link)
    assert page.status_code == 200
    assert "a•••@example.com" in words(page)
    assert "alice@example.com" not in page.text
    assert "Login Now" in words(page)
    assert set(forms(page)[link]) == {"_csrf"}
    assert "<script" not in page.text
    assert "https://" not in page.text


async def test_the_button_signs_in_the_browser_that_pressed_it_and_no_other(asked, browser):
    one, link, _code = asked
    other = browser()
    assert (await press(other, link)).status_code == 303
    assert await is_signed_in(other)
    assert not await is_signed_in(one)


@pytest.mark.parametrize("first", ["link", "code"])
async def test_the_first_use_of_link_or_code_ends_the_other(asked, browser, first):
    one, link, code = asked
    other = browser()
    if first == "link":
        await press(other, link)
        assert (await give(one, code)).status_code == 422
    else:
        await give(one, code)
        assert (await other.get(link)).status_code == 410
    assert await Session.count() == 1


async def test_scanners_that_look_do_not_spend_the_link(asked, browser):
    """3 HEAD and 5 GET without cookies, as mail scanners send them, change nothing."""
    _one, link, _code = asked
    before, looks = await dump(), []
    for _ in range(3):
        looks.append(await browser().head(link, user_agent="Mozilla/5.0 SafeLinks"))
    for _ in range(5):
        looks.append(await browser().get(link, user_agent="HeadlessChrome"))
    assert {look.status_code for look in looks} == {200}
    assert not any("center-acme" in look.headers.get("set-cookie", "") for look in looks)
    assert differences(before, await dump()) == set()
    assert (await press(browser(), link)).status_code == 303


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
async def test_the_asking_browsers_own_prefetch_does_not_spend_the_link(asked, purpose):
    one, link, _code = asked
    assert (await one.get(link, sec_purpose=purpose)).status_code == 200
    assert (await one.head(link)).status_code == 200
    assert (await one.get(link)).status_code == 303


async def test_a_press_without_cookies_does_not_spend_the_link(asked, browser):
    _one, link, _code = asked
    other = browser()
    form = forms(await other.get(link))[link]
    other.cookies.clear()
    assert (await other.post(link, form)).status_code == 403
    assert (await press(other, link)).status_code == 303


@pytest.mark.parametrize(("minutes", "seconds", "works"), [(9, 59, True), (10, 1, False)])
@pytest.mark.parametrize("way", ["link", "button", "code"])
async def test_link_and_code_work_for_ten_minutes(alice, browser, clock, way, minutes, seconds, works):
    one, other = browser(), browser()
    await ask(one)
    link, code = await link_and_code()
    button = forms(await other.get(link))[link]
    clock.forward(minutes=minutes, seconds=seconds)
    ways = {"link": lambda: one.get(link), "button": lambda: other.post(link, button), "code": lambda: give(one, code)}
    page = await ways[way]()
    assert (page.status_code == 303) == works
    assert page.status_code in (303, 410, 422)
    assert await Session.count() == works


async def test_a_used_link_says_so(asked, browser):
    _one, link, _code = asked
    await press(browser(), link)
    page = await browser().get(link)
    assert page.status_code == 410
    assert "already used" in words(page)


async def test_an_old_link_says_so(alice, browser, clock):
    one = browser()
    await ask(one)
    link, _code = await link_and_code()
    clock.forward(minutes=11)
    page = await one.get(link)
    assert page.status_code == 410
    assert "too old" in words(page)


async def test_an_unknown_link_says_so_and_has_nothing_to_send_again(acme, browser):
    page = await browser().get("/acme/sign-in/link/nothing")
    assert page.status_code == 410
    assert forms(page) == {}


@pytest.mark.parametrize("how", ["used", "expired"])
async def test_a_spent_link_sends_a_new_one_that_goes_where_the_first_would(alice, browser, clock, how):
    one = browser()
    await ask(one, next="/account/orders")
    link, _code = await link_and_code()
    if how == "used":
        await press(browser(), link)
        clock.forward(seconds=31)
    else:
        clock.forward(minutes=11)
    page = await press(one, link)
    assert (page.status_code, page.headers["location"]) == (303, CHECK)
    new_link, _code = await link_and_code()
    assert new_link != link
    assert (await one.get(new_link)).headers["location"] == "/acme/account/orders"


async def test_fifty_uses_of_one_link_at_once_open_one_session(asked, browser):
    _one, link, _code = asked
    others = [browser() for _ in range(50)]
    fields = [forms(await other.get(link))[link] for other in others]
    pages = await asyncio.gather(*(other.post(link, form) for other, form in zip(others, fields, strict=True)))
    assert sorted(page.status_code for page in pages) == [303] + [410] * 49
    assert all("already used" in words(page) for page in pages if page.status_code == 410)
    assert await Session.count() == 1


async def test_fifty_uses_of_one_code_at_once_open_one_session(asked):
    one, _link, code = asked
    form = forms(await one.get(CHECK))[CODE] | {"code": code}
    pages = await asyncio.gather(*(one.post(CODE, form) for _ in range(50)))
    assert [page.status_code for page in pages].count(303) == 1
    assert {page.status_code for page in pages} <= {303, 422, 429}
    assert await Session.count() == 1


async def test_a_link_of_one_center_is_unknown_in_another_and_not_spent(asked, globex, browser):
    _one, link, _code = asked
    there = link.replace("/acme/", "/globex/")
    other = browser()
    assert (await other.get(there)).status_code == 410
    token = await other.token("/globex/sign-in")
    assert (await other.post(there, {"_csrf": token})).status_code == 410
    assert (await press(other, link)).status_code == 303


async def test_a_newer_mail_leaves_the_older_link_alive(alice, browser, clock):
    one = browser()
    await ask(one)
    link, _code = await link_and_code()
    clock.forward(seconds=31)
    await ask(one)
    assert (await one.get(link)).status_code == 303


async def test_signing_in_ends_every_other_link_of_that_customer(alice, browser, clock):
    one, two = browser(), browser()
    await ask(one)
    link, _code = await link_and_code()
    clock.forward(seconds=31)
    await ask(two)
    await two.get((await link_and_code())[0])
    assert (await browser().get(link)).status_code == 410


async def test_a_customer_disabled_meanwhile_is_not_let_in(asked):
    one, link, _code = asked
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    await one.get(link)
    assert not await is_signed_in(one)


# Where to


@pytest.mark.parametrize("wanted", ["/account/orders", "/account/orders?older=1-2", "/courses"])
async def test_signing_in_goes_on_to_where_one_wanted(alice, browser, wanted):
    one = browser()
    page = await one.get(f"/acme{wanted}")
    sign_in = await one.get(page.headers["location"])
    await one.submit(sign_in, SIGN_IN, email="alice@example.com")
    link, _code = await link_and_code()
    assert (await one.get(link)).headers["location"] == f"/acme{wanted}"


@pytest.mark.parametrize(
    "evil", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-out"]
)
async def test_signing_in_goes_nowhere_else(alice, browser, evil):
    one = browser()
    await ask(one, next=evil)
    link, _code = await link_and_code()
    assert (await one.get(link)).headers["location"] == "/acme/"


@pytest.mark.parametrize("way", ["code", "button"])
async def test_htmx_is_told_to_load_the_whole_page(asked, browser, way):
    one, link, code = asked
    if way == "code":
        page = await one.submit(await one.get(CHECK), CODE, htmx=True, code=code)
    else:
        other = browser()
        page = await other.submit(await other.get(link), link, htmx=True)
    assert (page.status_code, page.headers["hx-redirect"]) == (200, "/acme/")
    assert "center-acme=" in page.headers["set-cookie"]


async def test_htmx_without_session_is_sent_to_the_sign_in(alice, browser):
    page = await browser().htmx_get("/acme/account/orders")
    assert (page.status_code, page.headers["hx-redirect"]) == (200, "/acme/sign-in?next=%2Faccount%2Forders")


# Sessions


@pytest.mark.parametrize("planted", ["ATTACKER-CHOSEN", "A" * 43])
async def test_a_planted_session_is_never_adopted(asked, browser, planted):
    one, link, _code = asked
    one.cookies.set("center-acme", planted, domain="127.0.0.1", path="/")
    page = await one.get(link)
    assert f"center-acme={planted}" not in page.headers["set-cookie"]
    other = browser()
    other.cookies.set("center-acme", planted, domain="127.0.0.1", path="/")
    assert not await is_signed_in(other)


async def test_signing_in_again_makes_a_new_session_and_ends_the_old(alice, browser, signed_in, clock):
    one, keeper = browser(), await signed_in(alice)
    await ask(one)
    await one.get((await link_and_code())[0])
    old = one.cookies["center-acme"]
    clock.forward(seconds=31)
    other = browser()
    await ask(other)
    link, _code = await link_and_code()
    await press(one, link)
    assert one.cookies["center-acme"] != old
    stolen = browser()
    stolen.cookies.set("center-acme", old, domain="127.0.0.1", path="/")
    assert not await is_signed_in(stolen)
    assert await is_signed_in(keeper)


async def test_the_cookies_of_a_sign_in_are_the_strictest_there_are(asked):
    one, link, _code = asked
    session, device = (await one.get(link)).headers.get_list("set-cookie")
    assert (session.partition("=")[0], device.partition("=")[0]) == ("center-acme", "device-acme")
    for cookie, days in ((session, 31), (device, 365)):
        assert cookie.split("; ")[1:] == [f"Max-Age={days * 86400}", "Path=/", "HttpOnly", "SameSite=Lax"]


async def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(alice, signed_in, browser):
    one = await signed_in(alice)
    token = one.cookies["center-acme"]
    page = await one.submit(await one.get("/acme/account"), "/acme/sign-out")
    assert (page.status_code, page.headers["location"]) == (303, "/acme/sign-in")
    assert page.headers["clear-site-data"] == '"cache", "storage"'
    assert "center-acme" not in one.cookies
    thief = browser()
    thief.cookies.set("center-acme", token, domain="127.0.0.1", path="/")
    assert not await is_signed_in(thief)


async def test_signing_out_by_htmx_loads_the_whole_page(alice, signed_in):
    one = await signed_in(alice)
    page = await one.submit(await one.get("/acme/account"), "/acme/sign-out", htmx=True)
    assert (page.status_code, page.headers["hx-redirect"]) == (200, "/acme/sign-in")


async def test_the_sign_out_address_itself_signs_nobody_out(alice, signed_in):
    one = await signed_in(alice)
    assert (await one.get("/acme/sign-out")).status_code == 303
    assert await is_signed_in(one)


# Secrets at rest


async def everything():
    return repr(await dump())


async def test_no_link_code_or_cookie_stands_in_the_database(asked):
    one, link, code = asked
    await one.get(link)
    kept = await everything()
    for secret in (
        link.rpartition("/")[2],
        code,
        code.replace(" ", ""),
        one.cookies["center-acme"],
        one.cookies["presession"],
    ):
        assert secret not in kept


async def test_nothing_secret_of_a_mail_is_left_once_it_was_sent(asked):
    _, link, code = asked
    (row,) = await mails()
    await Mail.sent(row)
    (after,) = await mails()
    kept = await everything()
    assert (after["state"], after["sealed"]) == ("sent", False)
    assert "Sign in to Acme Learning" in after["body_html"]
    assert not any(secret in kept for secret in (link.rpartition("/")[2], code, code.replace(" ", "")))


async def test_links_are_unlike_each_other_and_long():
    made = {(await SignInRequest.make_secrets()).link for _ in range(20)}
    assert len(made) == 20
    assert min(map(len, made)) >= 43


async def test_a_mail_link_is_made_from_the_settings_and_not_from_the_request(alice, browser):
    one = browser()
    token = await one.token(SIGN_IN)
    await one.post(SIGN_IN, {"_csrf": token, "email": "alice@example.com"}, x_forwarded_host="evil.example",
                   forwarded="host=evil.example")  # fmt: skip
    (row,) = await mails()
    assert "evil" not in opened(row, "body_text") + opened(row, "body_html")


# Accounts that were switched off since


@pytest.mark.parametrize("how", ["link", "button", "code"])
async def test_what_was_mailed_before_an_account_was_switched_off_opens_nothing(alice, browser, how):
    one = browser()
    page = await one.get((await ask(one)).headers["location"])
    link, code = await link_and_code()
    other = browser()
    button = await other.get(link)
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice.id)
    if how == "code":
        answer = await one.submit(page, "/acme/sign-in/code", code=code)
    else:
        answer = await one.get(link) if how == "link" else await other.submit(button, link)
    assert answer.status_code == (422 if how == "code" else 410)
    assert "set-cookie" not in answer.headers
    assert await Session.count() == 0
