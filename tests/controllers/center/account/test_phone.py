"""The phone number on file: shown, and changed by whoever reads texts at the new one."""

import msgspec
import pytest

from controllers.center.account import phone as controller
from tables import Customer, Mail, MailedLink, PhoneNumber
from tables.mail import opened
from tests.client import forms, tree, words

PHONE, CODE = "/acme/account/phone", "/acme/account/phone/code"


@pytest.fixture
async def one(bob, signed_in):
    return await signed_in(bob)


@pytest.fixture
def no_gateway(monkeypatch):
    monkeypatch.setattr(controller, "settings", msgspec.structs.replace(controller.settings, sms_url=None))


async def row(customer):
    return await Customer.objects().get(Customer.id == customer.id)


async def ask(one, number="0161 496 0000"):
    return await one.submit(await one.get(PHONE), PHONE, number=number, country="GB")


async def texted():
    rows = await Mail.select().where(Mail.channel == "text").order_by(Mail.id)
    return [(mail["recipient"], opened(mail, "body_text")) for mail in rows]


async def newest_code():
    return (await texted())[-1][1][:6]


async def enter(one, code):
    return await one.submit(await one.get(CODE), CODE, code=code)


def other(code):
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_without_a_gateway_the_page_says_whom_to_ask(bob, one, no_gateway):
    page = await one.get(PHONE)
    assert "To change it, ask Acme Learning: help@acme.example" in words(page)
    assert PHONE not in forms(page)
    assert not [field for field in tree(page).iter("input") if field.get("disabled") is not None]
    answer = await one.post(PHONE, {"_csrf": await one.token("/acme/account"), "number": "+441614960000"})
    assert (answer.status_code, answer.headers["location"]) == (303, PHONE)
    assert not await Mail.exists()


async def test_a_number_is_changed_by_the_code_that_was_sent_there(bob, one):
    page = await ask(one)
    assert page.headers["location"] == CODE
    ((recipient, text),) = await texted()
    assert recipient == "+441614960000"
    assert text.endswith("is your code for Acme Learning. It works for 10 minutes. Tell it to nobody.")
    assert (await row(bob)).phone is None
    page = await one.get(CODE)
    assert "on its way to +44 161 496 0000" in words(page)
    field = next(field for field in tree(page).iter("input") if field.get("name") == "code")
    assert (field.get("autocomplete"), field.get("inputmode")) == ("one-time-code", "numeric")
    page = await one.submit(page, CODE, code=f"{text[:3]} {text[3:6]}")
    assert page.headers["location"] == f"{PHONE}?done=changed"
    found = await row(bob)
    assert (found.phone, found.phone_proven_at is not None) == ("+441614960000", True)
    assert [phone.number for phone in await PhoneNumber.of(bob.vendor, bob.id)] == ["+441614960000"]
    assert "Your phone number was changed. " in words(await one.get(page.headers["location"]))
    (notice,) = await Mail.select().where(Mail.channel == "mail")
    assert (notice["kind"], notice["recipient"], notice["sealed"]) == ("phone_changed", "bob@example.com", False)
    assert "The new one ends in 0000" in notice["body_text"]
    assert "4961" not in notice["body_text"] + notice["body_html"]


async def test_the_code_is_hidden_in_the_outbox_and_hashed_beside_it(bob, one):
    await ask(one)
    code = await newest_code()
    (mail,) = await Mail.select()
    assert (mail["sealed"], mail["expires_at"] is not None) == (True, True)
    assert code not in repr({name: mail[name] for name in ("body_text", "body_html", "subject", "secrets")})
    (link,) = await MailedLink.select()
    assert (link["purpose"], code in link["detail"]) == ("phone", False)
    await Mail.sent(mail)
    assert opened((await Mail.select())[0], "body_text").startswith("••• is your code")


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "12345678"])
async def test_what_is_no_code_is_not_tried_and_not_shown_again(bob, one, typed):
    await ask(one)
    page = await enter(one, typed)
    assert page.status_code == 422
    assert "Enter the 6 digits from the message." in words(page)
    assert forms(page)[CODE]["code"] == ""
    assert (await MailedLink.select())[0]["tries"] == 0


async def test_five_wrong_codes_end_it(bob, one):
    await ask(one)
    code = await newest_code()
    for _ in range(5):
        page = await enter(one, other(code)) if (await one.get(CODE)).status_code == 200 else None
        assert page is not None
    assert "That code is not right" in words(page)
    page = await one.get(CODE)
    assert page.headers["location"] == PHONE
    answer = await one.post(CODE, {"_csrf": await one.token("/acme/account"), "code": code})
    assert answer.headers["location"] == f"{PHONE}?done=ended"
    assert "no longer valid" in words(await one.get(answer.headers["location"]))
    assert (await row(bob)).phone is None


async def test_a_code_ends_after_ten_minutes(bob, one, clock):
    await ask(one)
    clock.forward(minutes=9, seconds=59)
    assert (await one.get(CODE)).status_code == 200
    clock.forward(seconds=1)
    answer = await one.post(CODE, {"_csrf": await one.token("/acme/account"), "code": await newest_code()})
    assert answer.headers["location"] == f"{PHONE}?done=ended"
    assert (await row(bob)).phone is None


async def test_a_code_works_once_and_for_the_newest_number_only(bob, one, clock):
    await ask(one)
    first = await newest_code()
    clock.forward(seconds=31)
    await ask(one, "0161 496 0001")
    if first != await newest_code():
        assert (await enter(one, first)).status_code == 422
    page = await one.get(CODE)
    answers = [await one.submit(page, CODE, code=await newest_code()) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [f"{PHONE}?done=changed", f"{PHONE}?done=ended"]
    assert (await row(bob)).phone == "+441614960001"


async def test_somebody_else_cannot_use_it(bob, alice, one, signed_in):
    await ask(one)
    stranger = await signed_in(alice)
    assert (await stranger.get(CODE)).headers["location"] == PHONE
    answer = await stranger.post(CODE, {"_csrf": await stranger.token("/acme/account"), "code": await newest_code()})
    assert answer.headers["location"] == f"{PHONE}?done=ended"
    assert (await row(alice)).phone is None


@pytest.mark.parametrize(("waits", "sent"), [((0,), 1), ((31,), 2), ((31,) * 5, 5), ((721,) * 12, 10)])
async def test_codes_are_sent_so_often_and_no_oftener(bob, one, clock, waits, sent):
    await ask(one)
    for place, seconds in enumerate(waits):
        clock.forward(seconds=seconds)
        page = await ask(one, f"0161 496 {place:04}")
    assert len(await texted()) == sent
    if sent <= len(waits):
        assert page.status_code == 422
        assert "Too many codes in a short time." in words(page)


async def test_one_number_is_not_pestered_from_many_accounts(acme, signed_in):
    for number in range(12):
        customer = await Customer.open(acme.id, f"c{number}@example.com")
        await ask(await signed_in(customer, ip=f"203.0.113.{number}"))
    assert len(await texted()) == 10


async def test_a_network_asks_so_often_and_no_oftener(acme, signed_in):
    answers = []
    for number in range(21):
        customer = await Customer.open(acme.id, f"c{number}@example.com")
        answers.append((await ask(await signed_in(customer), f"0161 496 {number:04}")).status_code)
    assert answers == [303] * 20 + [429]


@pytest.mark.parametrize("number", ["", "12", "ask me"])
async def test_what_is_no_number_is_sent_nothing(bob, one, number):
    page = await ask(one, number)
    assert page.status_code == 422
    assert "Enter a phone number, like" in words(page)
    assert forms(page)[PHONE]["number"] == number
    assert await texted() == []


async def test_the_number_on_file_is_in_no_form(bob, one):
    await Customer.update({Customer.phone: "+442079460018"}).where(Customer.id == bob.id)
    for path in (PHONE, "/acme/account/profile", "/acme/account/phone-numbers/new"):
        page = await one.get(path)
        assert "2079460018" not in repr(forms(page))
