import base64

import pytest

from theming.center import NOBODYS
from web import csrf
from web.cookies import PRESESSION
from web.session import Person


def state(presession="p" * 43, person=None, vendor_id=1, **headers):
    from dataclasses import replace

    return {
        "cookies": {PRESESSION: presession} if presession else {}, "person": person,
        "center": replace(NOBODYS, vendor_id=vendor_id),
        "headers": {b"host": b"127.0.0.1:8000"} | {name.replace("_", "-").encode(): value for name,
                                                   value in headers.items()},
    }  # fmt: skip


def person(token):
    return Person(1, token, 1, "a@b.example", "", "")


def test_a_token_is_another_text_in_every_form():
    one = state()
    tokens = {csrf.token(one) for _ in range(50)}
    assert len(tokens) == 50
    assert all(csrf.matches(one, token) for token in tokens)


def test_no_part_of_a_token_repeats():
    """A fixed part beside text of the sender's choice would leak through compression."""
    tokens = [base64.urlsafe_b64decode(csrf.token(state())) for _ in range(20)]
    for place in range(0, 64, 4):
        assert len({token[place : place + 4] for token in tokens}) > 10


@pytest.mark.parametrize(
    "other",
    [state(presession="q" * 43), state(vendor_id=2), state(person=person("s" * 43)), state(presession=None)],
    ids=["another browser", "another vendor", "a session", "no cookie"],
)
def test_a_token_is_worth_nothing_anywhere_else(other):
    assert not csrf.matches(other, csrf.token(state()))


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it():
    before = csrf.token(state())
    assert not csrf.matches(state(person=person("s" * 43)), before)


@pytest.mark.parametrize("length", [0, 4, 44, 84, 92, 176])
def test_a_token_of_another_length_does_not_match(length):
    assert not csrf.matches(state(), (csrf.token(state()) * 2)[:length])


@pytest.mark.parametrize("bit", range(0, 512, 37))
def test_one_changed_bit_does_not_match(bit):
    both = bytearray(base64.urlsafe_b64decode(csrf.token(state())))
    both[bit // 8] ^= 1 << bit % 8
    assert not csrf.matches(state(), base64.urlsafe_b64encode(both).decode())


@pytest.mark.parametrize("given", ["é" * 88, "\ud800" * 88, "+" * 88, "/" * 88, " " * 88, "=" * 88, "A" * 87 + "\n"])
def test_what_is_no_base64_does_not_match(given):
    assert not csrf.matches(state(), given)


@pytest.mark.parametrize(
    ("headers", "ours"),
    [({"sec_fetch_site": b"same-origin"}, True), ({"sec_fetch_site": b"same-site"}, False),
     ({"sec_fetch_site": b"none"}, False),
     ({"sec_fetch_site": b"cross-site", "origin": b"http://127.0.0.1:8000"}, False), ({"sec_fetch_site": b""}, False),
     ({"origin": b"http://127.0.0.1:8000"}, True), ({"origin": b"HTTP://127.0.0.1:8000"}, True),
     ({"origin": b"https://127.0.0.1:8000"}, False), ({"origin": b"http://127.0.0.1"}, False),
     ({"origin": b"null"}, False),
     ({"origin": b"http://127.0.0.1:8000.evil.example"}, False), ({"origin": b"http://127.0.0.1:8000@evil.example"},
         False),
     ({"referer": b"http://127.0.0.1:8000/acme/sign-in?next=x"}, True), ({"referer": b"http://127.0.0.1:8000"}, True),
     ({"referer": b"http://evil.example/http://127.0.0.1:8000/"}, False), ({"referer": b"/acme"}, False),
     ({"referer": b"http://u@127.0.0.1:8000/"}, False), ({"referer": b"http://["}, False),
     ({"referer": b"\xff"}, False),
     ({"origin": b"http://evil.example", "referer": b"http://127.0.0.1:8000/"}, False)],
)  # fmt: skip
def test_what_a_browser_says_about_where_a_form_comes_from(headers, ours):
    assert csrf.comes_from_us(state(**headers)) is ours


def test_a_browser_that_says_nothing_is_judged_by_its_token():
    assert csrf.comes_from_us(state())


def test_the_field_is_one_hidden_input():
    assert str(csrf.field(state())).startswith('<input type="hidden" name="_csrf" value="')
