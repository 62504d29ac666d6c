from datetime import timedelta

import pytest

import database
from tables import Customer, Order, PhoneNumber, customer_list
from tables.customer_list import PAGE, SEVERAL, STATES, Place, by_name, newest, phones, search
from tests.plans import tables_read_through


async def people(vendor, *names, **values):
    made = []
    for name in names:
        first, _, last = name.partition(" ")
        made.append(await Customer.open(vendor.id, f"{first}.{last}@example.com".lower().strip("."), first_name=first,
                                        last_name=last, **values))  # fmt: skip
    return made


async def found(vendor, typed, *state, **options):
    return {row["first_name"] for row in (await search(vendor.id, typed, *state, **options)).rows}


@pytest.mark.parametrize(
    ("typed", "names"),
    [("ali", {"Alice", "Alina"}), ("ALI", {"Alice", "Alina"}), ("ames", {"Alice"}), ("am ali", {"Alice"}), ("lice", set()),
     ("alice.a", {"Alice"}), ("example.c", {"Alice", "Alina", "Élise"}), ("elise", {"Élise"}), ("ÉLI", {"Élise"}),
     ("%", set()), ("_", set()), ("ali%", set()), ("a b", {"Alina"}), ("zzz", set()), ("'; DROP", set())],
)  # fmt: skip
async def test_customers_are_found_by_the_beginnings_of_their_words(acme, globex, typed, names):
    await people(acme, "Alice Ames", "Alina Bauer", "Élise Costa")
    await people(globex, "Alison Elsewhere")
    assert await found(acme, typed) == (names if typed != "ali%" else {"Alice", "Alina"})


async def test_each_customer_stands_once_however_many_of_their_words_fit(acme):
    await people(acme, "Anna Annason", "Annika Annason")
    rows = (await search(acme.id, "ann")).rows
    assert [row["first_name"] for row in rows] == ["Anna", "Annika"]


async def test_a_search_pages_through_everybody_once(acme):
    made = await people(acme, *(f"Ann{letter}{other} Xu" for letter in "abcdef" for other in "klmnopqr"))
    place, seen = None, []
    while True:
        page = await search(acme.id, "ann", "", place)
        seen += [row["id"] for row in page.rows]
        if page.next is None:
            break
        assert len(page.rows) == PAGE
        place = page.next
    assert sorted(seen) == [one.id for one in made]


async def test_what_is_far_away_is_found_by_looking_further(acme, monkeypatch):
    monkeypatch.setattr(customer_list, "SHORT_WINDOW", 3)
    monkeypatch.setattr(customer_list, "WINDOW", 10)
    made = await people(acme, *(f"Ann{place:02} Xu" for place in range(25)))
    await made[-1].switch_off()
    place, pages = None, 0
    while True:
        page = await search(acme.id, "ann", "disabled", place)
        pages += 1
        if page.next is None or page.rows:
            break
        place = page.next
    assert [row["id"] for row in page.rows] == [made[-1].id]
    assert pages > 3


async def test_states_and_who_is_gone(acme, alice, bob):
    (seen, off, leaving, gone, merged) = await people(acme, "Seen A", "Off B", "Leaving C", "Gone D", "Merged E")
    await Customer.note_sign_in(acme.id, seen.id)
    await off.switch_off()
    now = database.now()
    await Customer.update({Customer.closes_at: now}).where(Customer.id == leaving.id)
    await Customer.update({Customer.closed_at: now}).where(Customer.id == gone.id)
    await Customer.update({Customer.merged_into: seen.id}).where(Customer.id == merged.id)
    listed = {state: {row["first_name"] for row in (await newest(acme.id, state)).rows} for state in ("", *STATES)}
    assert listed == {
        "": {"Seen", "Off", "Leaving", "Alice", "Bob"}, "signed-in": {"Seen"}, "disabled": {"Off"}, "closing": {"Leaving"},
        "never": {"Off", "Leaving", "Alice", "Bob"},
    }  # fmt: skip
    assert await found(acme, "gone") == await found(acme, "merged") == set()
    assert await found(acme, "off", "disabled") == {"Off"}
    assert await found(acme, "seen", "disabled") == set()


async def test_newest_first_and_by_name_page_through_everybody(acme):
    names = [f"First Last{place % 30:02}" for place in range(30)] + ["", " "]
    await people(acme, *names[:30])
    await Customer.open(acme.id, "aaa@example.com")
    first = await newest(acme.id)
    second = await newest(acme.id, place=first.next)
    assert [row["id"] for row in first.rows + second.rows] == sorted(
        (row["id"] for row in first.rows + second.rows), reverse=True
    )
    assert (len(first.rows), len(second.rows), second.next) == (PAGE, 11, None)
    first = await by_name(acme.id)
    second = await by_name(acme.id, first.next)
    shown = [row["sought_name"] for row in first.rows + second.rows]
    assert shown == sorted(shown)
    assert shown[0] == "aaa@example.com"
    assert len(shown) == 31


@pytest.mark.parametrize(
    ("typed", "names"),
    [("A1001", {"Alice"}), ("a1001", {"Alice"}), ("#A10", {"Alice"}), ("+1 212 555", {"Bob"}), ("(212) 555-0143", {"Bob"}),
     ("12125550143", {"Bob"}), ("555", set()), ("99", set()), ("7bees", {"Bob"}), ("1 22", set())],
)  # fmt: skip
async def test_numbers_are_orders_phones_and_addresses(acme, globex, alice, bob, zoe, typed, names):
    for customer in (alice, zoe):
        await Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id="1", number="A1001").save()
    await PhoneNumber.add(acme.id, bob.id, "+12125550143")
    await PhoneNumber.add(globex.id, zoe.id, "+12125550143")
    await bob.move_to("7bees@example.com")
    assert await found(acme, typed, region="US") == names


async def test_a_number_that_fits_very_many_shows_the_newest_and_says_so(acme):
    made = await people(acme, *(f"Bee{place} 7seven" for place in range(SEVERAL + 3)))
    page = await search(acme.id, "7s")
    assert (len(page.rows), page.cut, page.next) == (SEVERAL, True, None)
    assert {row["id"] for row in page.rows} <= {one.id for one in made}


def test_a_phone_number_is_looked_for_as_it_stands_and_with_the_countrys_code():
    assert phones("(212) 555-0143", "US") == ["2125550143", "12125550143"]
    assert phones("12", "US") == phones("A1001", "US") == []


CALLS = {
    "newest": lambda vendor: newest(vendor), "far": lambda vendor: newest(vendor, place=Place(5)),
    **{state: lambda vendor, state=state: newest(vendor, state) for state in STATES},
    "name": lambda vendor: by_name(vendor), "name far": lambda vendor: by_name(vendor, Place(5, "m")),
    "word": lambda vendor: search(vendor, "ali"), "words": lambda vendor: search(vendor, "alice am"),
    "word in state": lambda vendor: search(vendor, "ali", "disabled"),
    "further": lambda vendor: search(vendor, "a", "", Place(5, "alice")),
    "number": lambda vendor: search(vendor, "1001"), "phone": lambda vendor: search(vendor, "212 555 0143"),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
async def test_no_list_is_ever_read_through(world, monkeypatch, call):
    tables = ("customers", "customer_words", "orders", "phone_numbers")
    assert await tables_read_through(monkeypatch, lambda: CALLS[call](world.acme.id), *tables) == set()


async def test_a_list_that_is_read_through_would_be_noticed(world, monkeypatch):
    async def through():
        await database.raw("SELECT c.id FROM customers c WHERE c.first_name LIKE {}", "%li%")
        await database.raw("SELECT id FROM orders WHERE vendor_id + 0 = {}", world.acme.id)

    assert await tables_read_through(monkeypatch, through, "customers", "orders") == {"customers", "orders"}


async def test_times_are_what_they_were(acme):
    (one,) = await people(acme, "Tim Time")
    (row,) = (await newest(acme.id)).rows
    assert database.now() - row["created_at"] < timedelta(minutes=1)
    assert row["public_id"] == one.public_id
