import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import database
from tables import Customer
from tables.customer import CENTERS
from tables.email_address import ADDRESS_LENGTH, canonical_address, masked_address, masked_apart
from tables.names import full_name, initials
from tests.conftest import ENGINE


@pytest.mark.parametrize(
    ("typed", "address"),
    [("A@X.example", "a@x.example"), (" a@x.example ", "a@x.example"), ("ａ@x.example", "a@x.example"),
     ("a+tag@x.example", "a+tag@x.example"), ("a@bücher.example", "a@xn--bcher-kva.example"),
     ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
     ("o'neil@x.example", "o'neil@x.example"), ("a.b-c_d@x.co.example", "a.b-c_d@x.co.example"),
     ("é@x.example", "é@x.example"),
     ("E\u0301@x.example", "é@x.example"), ("a@x。example", "a@x.example")],
)  # fmt: skip
def test_one_mailbox_has_one_spelling(typed, address):
    assert canonical_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "a", "@", "a@", "@x.example", "a@x", "a b@x.example", '"a b"@x.example', "a@x.example,b@x.example",
     "a@x.example;b@x.example",
     "a@x.example\r\nBcc: b@x.example", "a\r\nb@x.example", "a\x00@x.example", "a@x\x00.example", "<a@x.example>",
     "A <a@x.example>", "a(comment)@x.example", "a@[127.0.0.1]", "a..b@x.example", ".a@x.example", "a.@x.example",
     "a@-x.example", "a@x-.example", "a@x..example", "a" * 65 + "@x.example", "a@" + "x" * 64 + ".example",
     "a@" + ".".join(["x" * 60] * 5) + ".example", "a@x.example\u2028", "a\\b@x.example", "a@b@x.example\ta"],
)  # fmt: skip
def test_what_is_no_single_address_is_refused(typed):
    if typed == "a@x.example\u2028":
        assert canonical_address(typed) == "a@x.example"  # a space at the end is no part of it
        return
    with pytest.raises(ValueError):
        canonical_address(typed)


@given(
    st.text(max_size=60) | st.emails().map(str) | st.tuples(st.text(max_size=20), st.text(max_size=20)).map("@".join)
)
def test_a_canonical_address_stays_as_it_is_and_cannot_break_a_header(typed):
    with contextlib.suppress(ValueError):
        address = canonical_address(typed)
        assert canonical_address(address) == address
        assert len(address.encode()) <= ADDRESS_LENGTH
        assert address.count("@") == 1
        assert not set(address) & set('\r\n\0,;<>"()[]\\: \t')
        assert address.rpartition("@")[2].isascii()


@given(st.text(max_size=80))
def test_nothing_typed_is_anything_but_an_address_or_a_refusal(typed):
    with contextlib.suppress(ValueError):
        canonical_address(typed)


@pytest.mark.parametrize(
    ("email", "masked"), [("alice@example.com", "a•••@example.com"), ("a@b.example", "a•••@b.example")]
)
def test_a_masked_address_is_recognised_by_its_owner_only(email, masked):
    assert masked_address(email) == masked


@pytest.mark.parametrize(
    ("names", "full", "letters"),
    [
        (("Alice", "Ames"), "Alice Ames", "AA"),
        (("Alice", ""), "Alice", "A"),
        (("", "Ames"), "Ames", "A"),
        (("", ""), "z@x.example", "Z"),
    ],
)
def test_names_fall_back_to_the_address(names, full, letters):
    assert full_name(*names, "z@x.example") == full
    assert initials(*names, "z@x.example") == letters


async def test_opening_an_account_twice_opens_one(acme):
    first, second = await Customer.open(acme.id, "a@x.example"), await Customer.open(acme.id, "a@x.example")
    assert first.id == second.id


async def test_one_address_at_two_vendors_is_two_customers(acme, globex):
    assert (await Customer.open(acme.id, "a@x.example")).id != (await Customer.open(globex.id, "a@x.example")).id


async def test_the_database_itself_refuses_a_second_account_of_an_address(acme):
    await Customer(vendor=acme.id, email="a@x.example").save()
    with pytest.raises(database.CONFLICT):
        await Customer(vendor=acme.id, email="a@x.example").save()


async def test_a_welcome_is_claimed_once(alice):
    assert [await Customer.claim_welcome(alice.vendor, alice.id) for _ in range(3)] == [True, False, False]


async def test_an_address_that_changed_elsewhere_is_only_proposed(alice):
    await alice.propose_email("new@example.com")
    row = await Customer.objects().get(Customer.id == alice.id)
    assert (row.email, row.email_proposed) == ("alice@example.com", "new@example.com")
    await row.propose_email("alice@example.com")
    assert (await Customer.objects().get(Customer.id == alice.id)).email_proposed is None


@pytest.mark.parametrize(
    ("one", "other", "masked"),
    [("alice@example.com", "bob@example.com", ("a•••@example.com", "b•••@example.com")),
     ("alice@a.example", "alice@b.example", ("a•••@a.example", "a•••@b.example")),
     ("alice@example.com", "alice.new@example.com", ("a•••e@example.com", "a•••w@example.com")),
     ("al@example.com", "a@example.com", ("a•••@example.com", "a•••@example.com"))],
)  # fmt: skip
def test_two_masked_addresses_can_be_told_apart(one, other, masked):
    assert masked_apart(one, other) == masked


@pytest.mark.skipif(ENGINE != "sqlite", reason="asks SQLite's planner")
async def test_the_centers_of_an_address_are_found_by_the_index_of_addresses(acme):
    plan = await database.raw(f"EXPLAIN QUERY PLAN {CENTERS}", "x", "console", "", 5)
    assert not [row["detail"] for row in plan if row["detail"].startswith("SCAN customers")]


@pytest.mark.skipif(ENGINE == "sqlite", reason="asks PostgreSQL's planner")
async def test_the_centers_of_an_address_can_be_found_by_the_index_of_addresses(acme):
    async def work():
        await database.raw("SET LOCAL enable_seqscan = off")
        return await database.raw(f"EXPLAIN {CENTERS}", "x", "console", "", 5)

    assert "customers_" in " ".join(str(dict(row)) for row in await database.transaction(work))


async def test_the_centers_of_an_address_are_those_where_it_may_sign_in(world):
    email = world.alice.customer.email
    found = await Customer.centers_of(email, "globex", 5)
    assert [(row["slug"], row["customer"]) for row in found] == [("globex", world.twin.id), ("acme", world.alice.id)]
    assert [row["slug"] for row in await Customer.centers_of(email, None, 1)] == ["acme"]
    for column in (Customer.disabled_at, Customer.closed_at):
        await Customer.update({column: database.now()}).where(Customer.id == world.alice.id)
        assert [row["slug"] for row in await Customer.centers_of(email, None, 5)] == ["globex"]
        await Customer.update({column: None}).where(Customer.id == world.alice.id)
    assert await Customer.centers_of("owner@acme.example", None, 5) == []  # the house itself is no center
