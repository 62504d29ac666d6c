"""Setting a password through a mailed link: the first one, or another."""

import asyncio
import re
from datetime import timedelta

import pytest

import database
from tables import Customer, Device, Mail, MailedLink, Session, Vendor, hashing
from tables.hashing import passwords
from tables.mail import opened
from tests.client import forms, normal, tree, words
from tests.controllers.center.test_sign_in import ask as ask_to_sign_in
from tests.controllers.center.test_sign_in import is_signed_in, link_and_code, mails
from tests.world import differences, dump

PATH = "/acme/password"
CHECK = "/acme/password/check-email"
SIGN_IN = "/acme/sign-in/password"
OLD, GOOD = "violin meadow sprocket two", "orchard tram kettle nine"
HASH = passwords.hash(OLD)
LIFE = timedelta(minutes=10)


@pytest.fixture
async def alice(alice):
    await Customer.set_password(alice.vendor, alice.id, HASH)
    return alice


async def ask(one, email="alice@example.com", home="/acme"):
    return await one.submit(await one.get(f"{home}/password"), f"{home}/password", email=email)


async def link_of(row=None):
    row = row or [row for row in await mails() if row["kind"] == "set_password"][-1]
    return re.search(r"8000(/\S+/password/\S+)", opened(row, "body_text"))[1]


async def change(one, link, password=GOOD, again=None):
    form = {"password": password, "password_confirmation": password if again is None else again}
    return await one.submit(await one.get(link), link, **form)


async def enter(one, password=GOOD):
    return await one.submit(await one.get(SIGN_IN), SIGN_IN, email="alice@example.com", password=password)


async def kept(customer):
    return await Customer.objects().get(Customer.id == customer.id)


@pytest.fixture
async def link(alice, browser):
    """A link that has just been mailed to Alice."""
    await ask(browser())
    return await link_of()


# The mail


async def test_asking_answers_a_redirect_to_the_confirmation(alice, browser):
    one = browser()
    page = await ask(one)
    assert (page.status_code, page.headers["location"]) == (303, CHECK)
    assert "Nothing arrived?" in words(await one.get(CHECK))


async def test_the_mail_has_a_button_and_says_until_when(alice, browser, clock):
    await ask(browser())
    (row,) = await mails()
    assert (row["kind"], row["recipient"], row["customer_id"]) == ("set_password", "alice@example.com", alice.id)
    assert row["subject"] == "Set your password for Acme Learning"
    assert "Change My Password" in opened(row, "body_html")
    clock.forward(minutes=10)
    assert row["expires_at"] == clock.now()
    assert f"{clock.now():%-I:%M}" in opened(row, "body_text")


async def test_the_token_is_kept_nowhere_once_the_mail_is_out(link):
    (row,) = await mails()
    assert row["sealed"]
    await Mail.sent(row)
    assert link.rpartition("/")[2] not in repr(await dump())
    assert "Change My Password" in (await mails())[0]["body_html"]


async def test_a_thousand_tokens_are_unlike_each_other_and_long(acme):
    async def work():
        return {(await MailedLink.make(acme.id, None, "password", "a@b.example", LIFE))[1] for _ in range(1000)}

    made = await database.transaction(work)
    assert len(made) == 1000
    assert min(map(len, made)) >= 43


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
    """Status, headers, bytes and cookies, and one row kept, for an address that is known and one that is not."""
    answers = []
    for which in (known, case):
        one = browser()
        email = await which(one, acme)
        before = await MailedLink.count()
        answer = await ask(one, email)
        page = await one.get(CHECK)
        plain = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "set-cookie")}
        answers.append((
            answer.status_code, plain, answer.content, normal(page), sorted(one.cookies),
            await MailedLink.count() - before,
        ))  # fmt: skip
        assert email not in page.text
    assert answers[0] == answers[1]


@pytest.mark.parametrize("case", [nobody, disabled, elsewhere])
async def test_only_the_owner_of_the_mailbox_learns_that_there_is_no_account(alice, zoe, acme, browser, case):
    one = browser()
    email = await case(one, acme)
    await ask(one, email)
    (row,) = await mails()
    assert (row["kind"], row["recipient"]) == ("no_account", email)
    assert "/password/" not in opened(row, "body_text")


async def test_an_address_without_account_gets_one_mail_a_day_whichever_way_it_is_asked_for(acme, browser, clock):
    for turn in range(4):
        clock.forward(minutes=20)
        await (ask if turn % 2 else ask_to_sign_in)(browser(), "nobody@example.com")
    assert [row["kind"] for row in await mails()] == ["no_account"]


@pytest.mark.parametrize("typed", ["", "alice", "a@b", "a@b.example, c@d.example", "<script>@b.example"])
async def test_what_is_no_address_comes_back_as_it_was_typed(acme, browser, typed):
    page = await ask(browser(), typed)
    assert page.status_code == 422
    assert forms(page)[PATH]["email"] == typed
    assert await mails() == []


async def test_a_signed_in_customer_need_not_type_the_address(alice, signed_in):
    page = await (await signed_in(alice)).get(PATH)
    assert forms(page)[PATH]["email"] == "alice@example.com"


# Limits


async def test_an_address_gets_one_mail_in_thirty_seconds(alice, browser, clock):
    for seconds in (0, 10, 19, 2):
        clock.forward(seconds=seconds)
        assert (await ask(browser())).status_code == 303
    assert len(await mails()) == 2


async def test_links_of_both_kinds_share_their_hours(alice, browser, clock):
    for turn in range(12):
        clock.forward(seconds=31)
        await (ask if turn % 2 else ask_to_sign_in)(browser(ip=f"203.0.113.{turn}"))
    assert len(await mails()) == 5


async def test_wanting_the_other_message_one_need_not_wait(alice, browser, clock):
    one = browser()
    await ask_to_sign_in(one)
    await ask(one)
    assert [row["kind"] for row in await mails()] == ["sign_in", "set_password"]


@pytest.mark.one_engine
async def test_a_thousand_requests_are_twenty_mails_a_day(browser, clock):
    for number in range(5):
        vendor = await Vendor.add(f"shop{number}", f"Shop {number}")
        await Customer.open(vendor.id, "alice@example.com")
    one = [browser(ip=f"203.0.{number}.1") for number in range(60)]
    tokens = {}
    for turn in range(1000):
        clock.forward(seconds=80)
        home, kind = f"/shop{turn % 5}", ("password", "sign-in")[turn // 5 % 2]
        if (turn % 60, home) not in tokens:
            tokens[turn % 60, home] = await one[turn % 60].token(f"{home}/sign-in")
        fields = {"_csrf": tokens[turn % 60, home], "email": "alice@example.com"}
        assert (await one[turn % 60].post(f"{home}/{kind}", fields)).status_code == 303
    assert 15 <= len(await mails()) <= 20


async def test_one_network_may_ask_twenty_times_an_hour(acme, browser):
    one = browser()
    answers = [(await ask(one, f"p{number}@example.com")).status_code for number in range(22)]
    assert answers == [303] * 20 + [429] * 2


# The link


async def test_the_page_names_the_masked_address_and_the_vendor_and_loads_nothing(link, browser):
    page = await browser().get(link)
    assert page.status_code == 200
    assert "a•••@example.com" in words(page)
    assert "Acme Learning" in words(page)
    assert "alice@example.com" not in page.text
    assert "<script" not in page.text
    assert "https://" not in page.text
    kinds = {field.get("name"): field.get("autocomplete") for field in tree(page).iter("input")}
    assert kinds == {"_csrf": None, "password": "new-password", "password_confirmation": "new-password"}


async def test_looking_does_not_spend_it(link, browser):
    before, looks = await dump(), []
    for _ in range(3):
        looks += [await browser().head(link), await browser().get(link, user_agent="HeadlessChrome")]
    assert {look.status_code for look in looks} == {200}
    assert differences(before, await dump()) == set()
    assert (await change(browser(), link)).status_code == 303


async def test_it_sets_the_password_and_signs_nobody_in(link, alice, browser):
    one = browser()
    page = await change(one, link)
    assert (page.status_code, page.headers["location"]) == (303, "/acme/sign-in/password?changed=1")
    assert "center-acme" not in one.cookies
    assert not await is_signed_in(one)
    assert "Your password was changed. Sign in with it." in words(await one.get(page.headers["location"]))
    assert (await enter(one, OLD)).status_code == 422
    assert (await enter(one)).status_code == 303
    row = await kept(alice)
    assert row.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert row.password_set_at


async def test_a_first_password_is_set_the_same_way(acme, bob, browser):
    await ask(browser(), "bob@example.com")
    assert (await change(browser(), await link_of())).status_code == 303
    assert (await kept(bob)).password_hash


async def test_it_signs_out_everywhere_and_ends_whatever_was_mailed(alice, bob, browser, signed_in, clock):
    one, two, other = await signed_in(alice), await signed_in(alice), await signed_in(bob)
    await ask_to_sign_in(browser())
    sign_in_link, _code = await link_and_code()
    await ask(browser())
    first = await link_of()
    clock.forward(seconds=31)
    await ask(browser())
    second = await link_of()
    await change(one, second)
    assert [await is_signed_in(browser) for browser in (one, two, other)] == [False, False, True]
    assert (await browser().get(sign_in_link)).status_code == 410
    assert (await browser().get(first)).status_code == 410
    assert (await browser().get(second)).status_code == 410


async def test_the_owner_is_told_by_mail(link, alice, browser):
    await change(browser(), link)
    row = (await mails())[-1]
    assert (row["kind"], row["recipient"], row["customer_id"]) == ("password_changed", "alice@example.com", alice.id)
    assert "Was it not you?" in row["body_text"]
    assert "http://127.0.0.1:8000/acme/password" in row["body_text"]
    assert GOOD not in row["body_text"] + row["body_html"]


async def test_setting_it_forgives_every_miss(link, alice, browser):
    await Customer.update({Customer.password_failures: 100}, force=True)
    await change(browser(), link)
    assert (await enter(browser())).status_code == 303


async def test_known_devices_stay_known(link, alice, browser):
    one = browser()
    await enter(one, OLD)
    await change(browser(), link)
    await enter(one)
    assert "new_device" not in [row["kind"] for row in await mails()]
    assert await Device.count() == 1


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [("short", None, "10 characters or more"), ("x" * 129, None, "128 characters or fewer"),
     ("password1234", None, "people try first"), ("Alice Ames 1", None, "Your name"), (GOOD, OLD, "not the same"),
     ("acme learning 1", None, "our name"), ("", None, "Enter a new password")],
)  # fmt: skip
async def test_a_password_that_will_not_do_is_said_why_and_the_link_lives(link, browser, password, again, says):
    one = browser()
    page = await change(one, link, password, again)
    assert page.status_code == 422
    assert says in words(page)
    assert not password or password not in page.text
    assert all(not field.get("value") for field in tree(page).iter("input") if field.get("type") == "password")
    assert "<script" not in page.text
    assert (await change(one, link)).status_code == 303


async def test_five_tries_and_the_link_is_dead(link, alice, browser):
    one = browser()
    form = forms(await one.get(link))[link]
    answers = [(await one.post(link, form | {"password": "short"})).status_code for _ in range(6)]
    assert answers == [422] * 4 + [410] * 2
    page = await one.post(link, form | {"password": GOOD, "password_confirmation": GOOD})
    assert (page.status_code, "tried too often" in words(page)) == (410, True)
    assert (await one.get(link)).status_code == 410
    assert (await kept(alice)).password_hash == HASH


async def test_one_network_may_send_twenty_forms_an_hour(alice, browser, clock):
    one, answers = browser(), []
    for _ in range(5):
        clock.forward(minutes=10)
        _row, token = await MailedLink.make(alice.vendor, alice.id, "password", alice.email, LIFE)
        form = forms(await one.get(f"{PATH}/{token}"))[f"{PATH}/{token}"]
        answers += [(await one.post(f"{PATH}/{token}", form)).status_code for _ in range(5)]
    assert 429 in answers
    assert answers.index(429) == 20


@pytest.mark.parametrize(("minutes", "seconds", "works"), [(9, 59, True), (10, 1, False)])
async def test_it_works_for_ten_minutes(alice, browser, clock, minutes, seconds, works):
    await ask(browser())
    link, one = await link_of(), browser()
    form = forms(await one.get(link))[link] | {"password": GOOD, "password_confirmation": GOOD}
    clock.forward(minutes=minutes, seconds=seconds)
    assert (await one.get(link)).status_code == (200 if works else 410)
    page = await one.post(link, form)
    assert page.status_code == (303 if works else 410)
    assert ((await kept(alice)).password_hash != HASH) is works


async def test_fifty_at_once_are_one_change(link, alice, browser):
    others = [browser(ip=f"203.0.113.{number}") for number in range(50)]
    fields = [forms(await other.get(link))[link] for other in others]
    pages = await asyncio.gather(*(
        other.post(link, form | dict.fromkeys(("password", "password_confirmation"), f"{GOOD} {number}"))
        for number, (other, form) in enumerate(zip(others, fields, strict=True))
    ))  # fmt: skip
    assert sorted(page.status_code for page in pages) == [303] + [410] * 49
    (winner,) = [number for number, page in enumerate(pages) if page.status_code == 303]
    assert passwords.verify((await kept(alice)).password_hash, f"{GOOD} {winner}")
    assert [row["kind"] for row in await mails()].count("password_changed") == 1


async def test_a_link_of_one_center_is_unknown_in_another_and_not_spent(link, globex, browser):
    there, other = link.replace("/acme/", "/globex/"), browser()
    assert (await other.get(there)).status_code == 410
    form = {"_csrf": await other.token("/globex/sign-in"), "password": GOOD, "password_confirmation": GOOD}
    assert (await other.post(there, form)).status_code == 410
    assert (await change(browser(), link)).status_code == 303


async def test_a_link_for_something_else_sets_no_password(alice, browser):
    _row, token = await MailedLink.make(alice.vendor, alice.id, "export", alice.email, LIFE)
    assert (await browser().get(f"{PATH}/{token}")).status_code == 410


async def test_a_link_that_was_mailed_to_an_address_they_gave_up_sets_no_password(link, alice, browser):
    one = browser()
    form = forms(await one.get(link))[link] | {"password": GOOD, "password_confirmation": GOOD}
    await Customer.update({Customer.email: "new@example.com"}, force=True)
    assert (await one.post(link, form)).status_code == 410
    assert (await kept(alice)).password_hash == HASH


@pytest.mark.parametrize("how", ["used", "expired"])
async def test_a_spent_link_sends_a_new_message_at_one_press(alice, browser, clock, how):
    await ask(browser())
    link, one = await link_of(), browser()
    if how == "used":
        await change(browser(), link)
        clock.forward(seconds=31)
    else:
        clock.forward(minutes=11)
    page = await one.get(link)
    assert page.status_code == 410
    assert {"used": "already used", "expired": "too old"}[how] in words(page)
    assert "Send me a new message" in words(page)
    page = await one.submit(page, link)
    assert (page.status_code, page.headers["location"]) == (303, CHECK)
    assert await link_of() != link
    assert (await change(browser(), await link_of())).status_code == 303


async def test_an_unknown_link_says_so_and_has_nothing_to_send_again(acme, browser):
    page = await browser().get(f"{PATH}/nothing")
    assert page.status_code == 410
    assert forms(page) == {}


async def test_a_link_in_a_mail_is_made_from_the_settings_and_not_from_the_request(alice, browser):
    one = browser()
    token = await one.token(PATH)
    await one.post(PATH, {"_csrf": token, "email": "alice@example.com"}, x_forwarded_host="evil.example",
                   forwarded="host=evil.example")  # fmt: skip
    (row,) = await mails()
    assert "evil" not in opened(row, "body_text") + opened(row, "body_html")


async def test_a_full_queue_is_said_so_and_costs_no_try(link, alice, browser):
    one = browser()
    form = forms(await one.get(link))[link] | {"password": GOOD, "password_confirmation": GOOD}
    taken = 0
    while hashing.places.acquire(blocking=False):
        taken += 1
    try:
        page = await one.post(link, form)
    finally:
        for _ in range(taken):
            hashing.places.release()
    assert (page.status_code, page.headers["retry-after"]) == (503, "2")
    assert [row["tries"] for row in await MailedLink.select()] == [0]
    assert (await one.post(link, form)).status_code == 303


async def test_no_session_comes_of_it(link, browser):
    await change(browser(), link)
    assert await Session.count() == 0


# Accounts that were switched off since


async def test_a_link_of_an_account_that_was_switched_off_sets_nothing(link, alice, browser):
    one = browser()
    page = await one.get(link)
    await Customer.update({Customer.disabled_at: database.now()}).where(Customer.id == alice.id)
    assert (await browser().get(link)).status_code == 410
    answer = await one.submit(page, link, password=GOOD, password_confirmation=GOOD)
    assert answer.status_code == 410
    assert (await kept(alice)).password_hash == HASH
