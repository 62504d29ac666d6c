"""Phone numbers as their owner uses them: typed any way, named, preferred, deleted."""

import asyncio

import pytest

from tables import Address, Customer, PhoneNumber
from tests.client import forms, tree, words

LIST, NEW = "/acme/account/phone-numbers", "/acme/account/phone-numbers/new"


@pytest.fixture
async def one(bob, signed_in):
    return await signed_in(bob)


async def add(one, number, **fields):
    return await one.submit(await one.get(NEW), LIST, **({"country": "GB", "number": number} | fields))


async def rows(customer):
    return await PhoneNumber.of(customer.vendor, customer.id)


async def default(customer):
    found = await PhoneNumber.default_of(await Customer.objects().get(Customer.id == customer.id))
    return found.number if found else None


def chosen(page):
    (country,) = [field for field in tree(page).iter("select") if field.get("name") == "country"]
    return [option.get("value") for option in country.iter("option") if option.get("selected") is not None]


@pytest.mark.parametrize("typed", ["0161 496 0000", "+44 161 496 0000", "(0161) 496-0000", "0044 161 4960000"])
async def test_a_number_typed_any_way_is_kept_in_one(bob, one, typed):
    page = await add(one, typed, label=" Work  line ")
    assert page.headers["location"] == f"{LIST}?done=added"
    (row,) = await rows(bob)
    assert (row.number, row.digits, row.label, row.origin) == ("+441614960000", "441614960000", "Work line", "customer")
    text = words(await one.get(page.headers["location"]))
    assert "The phone number was added." in text
    assert "+44 161 496 0000 Work line Default" in text


async def test_it_is_shown_as_people_at_home_write_it(bob, one):
    await add(one, "+44 161 496 0000")
    await Address.learn(bob.vendor, bob.id, {"street_one": "1 Mill Lane", "country": "United Kingdom"}, None)
    assert "0161 496 0000 Default" in words(await one.get(LIST))


async def test_the_country_is_that_of_the_address_or_of_the_language(bob, one):
    assert chosen(await one.get(NEW)) == ["US"]
    await Address.learn(bob.vendor, bob.id, {"street_one": "1 Mill Lane", "country": "Germany"}, None)
    page = await one.get(NEW)
    assert chosen(page) == ["DE"]
    assert "Germany (+49) " in words(page)


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"number": ""}, "Enter a phone number, like 0121 234 5678 or +44 121 234 5678."),
     ({"number": "12345", "country": "US"}, "Enter a phone number, like (201) 555-0123 or +1 201-555-0123."),
     ({"number": "ask me", "country": "Narnia"}, "Enter a phone number, like 0121 234 5678 or +44 121 234 5678."),
     ({"label": "x" * 61}, "Use 60 characters or fewer.")],
)  # fmt: skip
async def test_a_wrong_number_comes_back_as_it_was_typed(bob, one, fields, message):
    page = await add(one, **({"number": "0161 496 0000", "label": "Work"} | fields))
    assert page.status_code == 422
    assert message in words(page)
    assert next(tree(page).iter("title")).text.startswith("Error: ")
    typed = {"number": "0161 496 0000", "label": "Work"} | fields
    assert {name: forms(page)[LIST][name] for name in ("number", "label")} == {
        name: typed[name] for name in ("number", "label")}  # fmt: skip
    wrong = [field.get("name") for field in tree(page).iter("input") if field.get("aria-invalid") == "true"]
    assert wrong == [next(name for name in fields if name != "country")]
    assert await rows(bob) == []


async def test_fields_say_what_they_are_for(one):
    fields = {field.get("name"): field for field in tree(await one.get(NEW)).iter("input")}
    assert (fields["number"].get("type"), fields["number"].get("autocomplete")) == ("tel", "tel")


async def test_sent_twice_it_is_there_once(bob, one):
    page = await one.get(NEW)
    await asyncio.gather(*(one.submit(page, LIST, number="0161 496 0000", country="GB") for _ in range(4)))
    again = await add(one, "+441614960000", label="Work")
    assert again.headers["location"] == f"{LIST}?done=known"
    assert [(row.number, row.label) for row in await rows(bob)] == [("+441614960000", "Work")]


async def test_a_number_known_in_part_is_completed(bob, one):
    await PhoneNumber.learn(bob.vendor, bob.id, "0161 496 0000", "order")
    await add(one, "+44 161 496 0000")
    assert [(row.number, row.origin) for row in await rows(bob)] == [("+441614960000", "order")]


async def test_a_label_is_changed_and_the_number_is_not(bob, one):
    await add(one, "0161 496 0000")
    where = f"{LIST}/{(await rows(bob))[0].public_id}"
    page = await one.get(where)
    assert set(forms(page)[where]) == {"_csrf", "label"}
    page = await one.submit(page, where, label="Home", number="+15551234567", digits="1", deleted_at="2020-01-01")
    assert page.headers["location"] == f"{LIST}?done=updated"
    assert [(row.number, row.label) for row in await rows(bob)] == [("+441614960000", "Home")]
    page = await one.submit(await one.get(where), where, label="x" * 61)
    assert (page.status_code, forms(page)[where]["label"]) == (422, "x" * 61)


async def test_the_default_is_the_chosen_one_or_that_on_file_or_the_newest(bob, one):
    for number in ("0161 496 0001", "0161 496 0002", "0161 496 0003"):
        await add(one, number)
    assert await default(bob) == "+441614960003"
    await Customer.update({Customer.phone: "+44 161 496 0001"}).where(Customer.id == bob.id)
    assert await default(bob) == "+441614960001"
    middle = (await rows(bob))[1]
    page = await one.submit(await one.get(LIST), f"{LIST}/{middle.public_id}/default")
    assert "This is your default phone number now." in words(await one.get(page.headers["location"]))
    assert await default(bob) == "+441614960002"
    asked = await one.get(f"{LIST}/{middle.public_id}/delete")
    assert "Your default phone number will be: +44 161 496 0001." in words(asked)
    await one.submit(asked, f"{LIST}/{middle.public_id}/delete")
    assert await default(bob) == "+441614960001"
    assert (await Customer.objects().get(Customer.id == bob.id)).default_phone is None


async def test_the_number_on_file_is_said_to_be_and_stays_there(bob, one):
    await add(one, "0161 496 0001")
    await Customer.update({Customer.phone: "+44 161 496 0001"}).where(Customer.id == bob.id)
    assert "On file with Acme Learning" in words(await one.get(LIST))
    where = f"{LIST}/{(await rows(bob))[0].public_id}/delete"
    asked = await one.get(where)
    assert "You will have no default phone number." in words(asked)
    await one.submit(asked, where)
    assert (await Customer.objects().get(Customer.id == bob.id)).phone == "+44 161 496 0001"
    assert "No phone numbers" in words(await one.get(LIST))
    assert (await one.get(where)).status_code == 404


async def test_a_deleted_one_can_be_added_again(bob, one):
    for _ in range(3):
        await add(one, "0161 496 0001")
        (row,) = await rows(bob)
        await one.submit(await one.get(f"{LIST}/{row.public_id}/delete"), f"{LIST}/{row.public_id}/delete")
        assert await rows(bob) == []
    left = await PhoneNumber.objects().where(PhoneNumber.customer == bob.id)
    assert {row.number for row in left} == {""}
    assert not any("1614960001" in row.digits for row in left)
