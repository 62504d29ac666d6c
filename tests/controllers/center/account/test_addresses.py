"""Addresses as their owner uses them: add, correct, delete, prefer, in any country."""

import asyncio

import pytest

import database
from tables import Address, Customer, Order
from tables.address_parts import ALL
from tests.client import forms, tree, words
from tests.theming.test_address_forms import EVERYTHING, ORDER, REQUIRED

LIST, NEW, PROFILE = "/acme/account/addresses", "/acme/account/addresses/new", "/acme/account/profile"
BATH = {"first_name": "Bob", "street_one": "1 Mill Lane", "city": "Bath", "postal_code": "BA1 1AA", "country": "GB"}


@pytest.fixture
async def one(bob, signed_in):
    return await signed_in(bob)


async def add(one, **parts):
    country = (BATH | parts)["country"]
    return await one.submit(await one.get(f"{NEW}?country={country}"), LIST, **(BATH | parts))


async def rows(customer):
    return await Address.of(customer.vendor, customer.id)


async def default(customer):
    row = await Customer.objects().get(Customer.id == customer.id)
    found = await Address.default_of(row)
    return found.street_one if found else None


def fields(page):
    """Name → (value, autocomplete) of every field people see, in order."""
    found = {}
    for field in tree(page).iter():
        if field.tag == "input" and field.get("type") not in ("hidden", "radio"):
            found[field.get("name")] = (field.get("value", ""), field.get("autocomplete"))
        if field.tag == "select":
            chosen = [option.get("value") for option in field.iter("option") if option.get("selected") is not None]
            found[field.get("name")] = (next(iter(chosen), ""), field.get("autocomplete"))
    return found


def everything(page):
    """What a form would send: what people see, and what goes with it."""
    return {name: value for name, (value, _) in fields(page).items()} | forms(page)[LIST]


# Adding


async def test_the_country_is_asked_first_and_the_likely_one_is_there(one):
    page = await one.get(NEW)
    assert fields(page) == {"country": ("US", "country")}
    assert forms(page)[NEW] == {}
    assert "Continue" in words(page)


@pytest.mark.parametrize("country", sorted(ORDER))
async def test_the_form_asks_for_what_the_country_uses(one, country):
    page = await one.get(f"{NEW}?country={country}")
    assert list(fields(page)) == [*ORDER[country], "phone_number"]
    optional = [label for label in tree(page).iter("label") if "(optional)" in "".join(label.itertext())]
    assert {label.get("for") for label in optional} == set(fields(page)) - REQUIRED[country]
    assert next(tree(page).iter("h1")).text == "Add new address"


async def test_names_are_filled_in_from_the_profile(alice, signed_in):
    page = await (await signed_in(alice)).get(f"{NEW}?country=GB")
    assert (fields(page)["first_name"][0], fields(page)["last_name"][0]) == ("Alice", "Ames")


async def test_an_address_is_added_as_it_was_typed_and_the_first_is_the_default(bob, one):
    page = await add(one, street_one="  1  Mill Lane ", postal_code="ba1 1aa")
    assert (page.status_code, page.headers["location"]) == (303, f"{LIST}?done=added")
    (row,) = await rows(bob)
    assert (row.street_one, row.postal_code, row.country) == ("1 Mill Lane", "ba1 1aa", "GB")
    assert (await Customer.objects().get(Customer.id == bob.id)).default_address == row.id
    text = words(await one.get(page.headers["location"]))
    assert "The address was added." in text
    assert "Bob 1 Mill Lane Bath ba1 1aa United Kingdom Default" in text


@pytest.mark.parametrize("country", sorted(ORDER))
async def test_what_is_missing_comes_back_with_all_that_was_typed(bob, one, country):
    typed = {"country": country, "first_name": "Bob", "street_two": "Flat 2", "phone_number": "555", "postal_code": ""}
    page = await add(one, **typed, street_one="", city="", region="")
    assert page.status_code == 422
    assert next(tree(page).iter("title")).text.startswith("Error: ")
    (problem,) = [part for part in tree(page).iter("div") if part.get("id") == "problem"]
    assert {link.get("href").lstrip("#") for link in problem.iter("a")} == REQUIRED[country]
    wrong = {field.get("name") for field in tree(page).iter() if field.get("aria-invalid") == "true"}
    assert wrong == REQUIRED[country]
    assert {name: everything(page).get(name, "") for name in typed} == typed
    assert await rows(bob) == []


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [({"postal_code": "95014"}, "postal_code", "Enter it like EC1Y 8SY."),
     ({"street_one": "x" * 201}, "street_one", "Use 200 characters or fewer."),
     ({"country": "US", "region": "Bavaria", "postal_code": "95014"}, "region", "Choose one from the list."),
     ({"country": "US", "region": "", "postal_code": "95014"}, "region", "Choose one: State.")],
)  # fmt: skip
async def test_a_wrong_part_says_what_is_wrong(one, typed, field, message):
    page = await add(one, **typed)
    assert page.status_code == 422
    assert message in words(page)
    assert everything(page)[field] == typed[field]


@pytest.mark.parametrize("country", ["", "Narnia", "ZZ"])
async def test_without_a_country_the_first_step_comes_back_with_all_that_was_typed(bob, one, country):
    page = await one.post(LIST, BATH | {"country": country, "_csrf": await one.token("/acme/account")})
    assert page.status_code == 422
    assert "Choose a country." in words(page)
    assert everything(page) | {"country": "GB", "_csrf": "", "step": "", "return": ""} == dict.fromkeys(ALL, "") | BATH | {
        "_csrf": "", "step": "", "return": ""}  # fmt: skip
    assert await rows(bob) == []


@pytest.mark.parametrize(("before", "after"), [("US", "JP"), ("JP", "DE"), ("BR", "AE"), ("HK", "US")])
async def test_changing_the_country_keeps_everything_typed(bob, one, before, after):
    typed = EVERYTHING | {"country": before, "phone_number": "555"}
    typed = {name: value for name, value in typed.items() if name in (*ORDER[before], "country", "phone_number")}
    asked = await one.submit(await one.get(f"{NEW}?country={before}"), LIST, **typed, step="country")
    assert fields(asked) == {"country": (before, "country")}
    page = await one.submit(asked, LIST, country=after)
    assert {name: everything(page)[name] for name in typed} == typed | {"country": after}
    assert "There is a problem" not in words(page)
    assert await rows(bob) == []


async def test_the_way_from_the_country_to_the_address_without_a_script(bob, one):
    page = await one.get((await one.get(LIST)).text.split('class="btn" href="')[1].split('"')[0])
    page = await one.get(f"{NEW}?country=JP")
    parts = {"postal_code": "154-0023", "region": "Tokyo", "street_one": "1-2-3 Wakabayashi, Setagaya"}
    await one.submit(page, LIST, **parts)
    assert "1-2-3 Wakabayashi, Setagaya, Tokyo 154-0023 Japan" in words(await one.get(LIST))


async def test_sent_twice_it_is_there_once(bob, one):
    page = await one.get(f"{NEW}?country=GB")
    answers = await asyncio.gather(*(one.submit(page, LIST, **BATH) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await rows(bob)) == 1
    again = await add(one, city="BATH ")
    assert "You have this address already." in words(await one.get(again.headers["location"]))
    assert len(await rows(bob)) == 1


async def test_nothing_but_an_address_can_be_sent(world, bob, one):
    evil = {"email": "evil@example.com", "phone": "+666", "id": "1", "vendor_id": "2", "customer_id": "1", "public_id": "x",
            "fingerprint": "x", "deleted_at": "2020-01-01", "edited_at": "2020-01-01", "created_at": "2020-01-01"}  # fmt: skip
    await add(one, **evil)
    (row,) = await rows(bob)
    assert (row.vendor, row.customer, row.deleted_at, row.edited_at) == (bob.vendor, bob.id, None, None)
    assert row.created_at.year >= 2026
    assert "x" not in (row.public_id, row.fingerprint)
    await one.submit(await one.get(f"{LIST}/{row.public_id}"), f"{LIST}/{row.public_id}", **evil)
    (after,) = await rows(bob)
    assert (after.id, after.fingerprint, after.public_id) == (row.id, row.fingerprint, row.public_id)
    found = await Customer.objects().get(Customer.id == bob.id)
    assert (found.email, found.phone) == ("bob@example.com", None)


# Correcting


async def test_an_address_is_corrected_where_it_stands(bob, one):
    await add(one)
    (row,) = await rows(bob)
    where = f"{LIST}/{row.public_id}"
    page = await one.get(where)
    assert fields(page)["street_one"] == ("1 Mill Lane", "address-line1")
    page = await one.submit(page, where, street_one="2 Mill Lane")
    assert page.headers["location"] == f"{LIST}?done=updated"
    (after,) = await rows(bob)
    assert (after.id, after.street_one, after.edited_at is not None) == (row.id, "2 Mill Lane", True)


async def test_what_a_country_does_without_is_shown_kept_and_printed(bob, one):
    learned = {
        "street_one": "1-2-3",
        "city": "Setagaya",
        "region": "Tokyo",
        "postal_code": "154-0023",
        "country": "Japan",
    }
    await Address.learn(bob.vendor, bob.id, learned, None)
    (row,) = await rows(bob)
    where = f"{LIST}/{row.public_id}"
    page = await one.get(where)
    assert fields(page)["city"][0] == "Setagaya"
    assert "Setagaya" in words(await one.get(LIST))
    await one.submit(page, where, **{name: value for name, (value, _) in fields(page).items()} | {"first_name": "Bob"})
    (after,) = await rows(bob)
    assert {**after.parts, "first_name": ""} == dict.fromkeys(ALL, "") | learned | {"country": "JP"}


async def test_what_is_on_file_may_stay_as_it_is(bob, one):
    await Address.learn(bob.vendor, bob.id, {"street_one": "1 Way", "city": "Cair", "region": "N.Y", "postal_code": "1",
                                             "country": "United States"}, None)  # fmt: skip
    await Address.learn(bob.vendor, bob.id, {"street_one": "1 Paravel", "country": "Narnia"}, None)
    for row in await rows(bob):
        where = f"{LIST}/{row.public_id}"
        page = await one.get(where)
        sent = {name: value for name, (value, _) in fields(page).items()} | {"first_name": "Lucy"}
        assert (await one.submit(page, where, **sent)).status_code == 303
    assert [row.country for row in await rows(bob)] == ["Narnia", "US"]
    assert (await rows(bob))[1].region == "N.Y"


async def test_a_correction_that_makes_two_the_same_leaves_one(bob, one):
    await add(one)
    await add(one, street_one="2 Mill Lane")
    newer, older = await rows(bob)
    assert await default(bob) == "1 Mill Lane"
    where = f"{LIST}/{older.public_id}"
    await one.submit(await one.get(where), where, street_one="2 Mill Lane")
    (row,) = await rows(bob)
    assert row.id == newer.id
    assert await default(bob) == "2 Mill Lane"
    assert (await one.get(where)).status_code == 404


# Default and deleting


async def test_another_one_is_made_the_default(bob, one):
    await add(one)
    await add(one, street_one="2 Mill Lane")
    assert await default(bob) == "1 Mill Lane"
    newer = (await rows(bob))[0]
    page = await one.submit(await one.get(LIST), f"{LIST}/{newer.public_id}/default")
    assert "This is your default address now." in words(await one.get(page.headers["location"]))
    assert await default(bob) == "2 Mill Lane"
    assert (await one.get(f"{LIST}/{newer.public_id}/default")).headers["location"] == LIST


async def test_without_a_choice_the_newest_is_the_default(bob, one):
    for number in (1, 2):
        await Address.learn(bob.vendor, bob.id, {"street_one": f"{number} Mill Lane"}, None)
    assert await default(bob) == "2 Mill Lane"
    assert words(await one.get(LIST)).count("Default") == 1


async def test_deleting_says_what_becomes_of_the_default_and_does_it(bob, one):
    await add(one)
    await add(one, street_one="2 Mill Lane")
    newer, older = await rows(bob)
    asked = await one.get(f"{LIST}/{newer.public_id}/delete")
    assert "Your default" not in words(asked)
    asked = await one.get(f"{LIST}/{older.public_id}/delete")
    assert "Delete this address? Bob 1 Mill Lane" in words(asked)
    assert "Your default address will be: Bob, 2 Mill Lane, Bath, BA1 1AA, United Kingdom." in words(asked)
    page = await one.submit(asked, f"{LIST}/{older.public_id}/delete")
    assert "The address was deleted." in words(await one.get(page.headers["location"]))
    assert (await Customer.objects().get(Customer.id == bob.id)).default_address == newer.id
    asked = await one.get(f"{LIST}/{newer.public_id}/delete")
    assert "You will have no default address." in words(asked)
    await one.submit(asked, f"{LIST}/{newer.public_id}/delete")
    assert await default(bob) is None
    assert "No addresses" in words(await one.get(LIST))
    for path in ("", "/delete", "/default"):
        assert (await one.get(f"{LIST}/{newer.public_id}{path}")).status_code == 404


async def test_nothing_readable_stays_of_a_deleted_address(bob, one):
    await add(one, **{name: value for name, value in EVERYTHING.items() if name not in ("postal_code", "region")})
    (row,) = await rows(bob)
    await one.submit(await one.get(f"{LIST}/{row.public_id}/delete"), f"{LIST}/{row.public_id}/delete")
    (left,) = await Address.objects().where(Address.customer == bob.id)
    assert set(left.parts.values()) == {""}


async def test_a_deleted_one_can_be_added_again(bob, one):
    for _ in range(2):
        await add(one)
        (row,) = await rows(bob)
        await database.transaction(row.discard)
    page = await add(one)
    assert page.headers["location"] == f"{LIST}?done=added"
    assert len(await rows(bob)) == 1


async def test_one_that_an_order_tells_of_comes_back_by_one_press(bob, one):
    told = {"first_name": "Bob", "street_one": "1 Main St", "city": "Ames", "region": "IA", "postal_code": "50010",
            "country": "United States"}  # fmt: skip
    from integrations.clickfunnels.values import as_json

    await Order(vendor=bob.vendor, customer=bob.id, clickfunnels_id="1", number="1", placed_at=database.now(),
                shipping_address=as_json(told)).save()  # fmt: skip
    await Address.learn(bob.vendor, bob.id, told, None)
    assert "given before" not in words(await one.get(NEW))
    (row,) = await rows(bob)
    await database.transaction(row.discard)
    page = await one.get(NEW)
    assert "Use one you have given before Bob 1 Main St Ames, IA 50010 United States" in words(page)
    await one.submit(page, LIST)
    assert [row.street_one for row in await rows(bob)] == ["1 Main St"]
    assert "given before" not in words(await one.get(NEW))


# From Manage account


async def test_a_new_address_from_manage_account_comes_back_there_chosen(bob, one):
    await add(one)
    page = await one.get(PROFILE)
    assert f"{NEW}?return=profile" in page.text
    page = await one.get(f"{NEW}?return=profile&country=GB")
    page = await one.submit(page, LIST, **(BATH | {"street_one": "2 Mill Lane"}))
    assert page.headers["location"] == f"{PROFILE}?updated=1"
    newest = (await rows(bob))[0]
    assert forms(await one.get(PROFILE))[PROFILE]["default_address"] == newest.public_id
    assert await default(bob) == "2 Mill Lane"


async def test_the_way_back_survives_a_change_of_country(bob, one):
    page = await one.get(f"{NEW}?return=profile")
    assert forms(page)[NEW] == {"return": "profile"}
    page = await one.submit(await one.get(f"{NEW}?return=profile&country=US"), LIST, step="country")
    page = await one.submit(page, LIST, country="GB")
    page = await one.submit(page, LIST, **(BATH))
    assert page.headers["location"] == f"{PROFILE}?updated=1"


async def test_an_old_default_is_among_the_choices(bob, one):
    await add(one)
    for number in range(25):
        await Address.learn(bob.vendor, bob.id, {"street_one": f"{number} Lane"}, None)
    chosen = forms(await one.get(PROFILE))[PROFILE]["default_address"]
    assert chosen == (await rows_named(bob, "1 Mill Lane")).public_id


async def rows_named(customer, street):
    return await Address.objects().get((Address.customer == customer.id) & (Address.street_one == street))


# However many


@pytest.mark.parametrize("path", [LIST, PROFILE, NEW, "/acme/account/phone-numbers"])
async def test_200_addresses_cost_as_many_statements_as_two(bob, one, path):
    seen, counts = [], []
    database.statements.append(seen.append)
    try:
        for count in (2, 200):
            for number in range(count):
                await Address.learn(bob.vendor, bob.id, {"street_one": f"{number} of {count} Lane"}, None)
            await one.get(path)
            seen.clear()
            await one.get(path)
            counts.append(len(seen))
    finally:
        database.statements.remove(seen.append)
    assert counts[0] == counts[1] <= 7
