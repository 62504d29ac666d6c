"""What customers did to their addresses and numbers outlasts every webhook that is sent again."""

import pytest

import database
from tables import Address, Customer, PhoneNumber, SignInRequest
from tests.integrations.clickfunnels.payloads import contact, deliver, event, order


@pytest.fixture
async def ann(acme):
    await deliver(acme, event("order.completed", order(2, contact=contact(2)), 2))
    return await Customer.objects().get(Customer.email == "ann@example.com")


async def again(vendor):
    """The same news and newer news of the same order and contact, spelled in other ways too."""
    spelled = {"shipping_address_country": "United States", "shipping_address_city": "NORTH  gaye",
               "shipping_address_phone_number": "(905) 387-1234"}  # fmt: skip
    for minutes, changes in ((2, {}), (3, {}), (4, spelled), (5, {"shipping_address_phone_number": "1 905 387 1234"})):
        await deliver(vendor, event("order.updated", order(minutes, contact=contact(minutes), **changes), minutes))


async def streets(customer):
    return sorted(row.street_one for row in await Address.of(customer.vendor, customer.id))


async def numbers(customer):
    return sorted(row.number for row in await PhoneNumber.of(customer.vendor, customer.id))


async def test_a_deleted_address_does_not_come_back(acme, ann):
    (row,) = await Address.objects().where(Address.street_one == "807 Jacobs Well")
    await database.transaction(row.discard)
    await again(acme)
    assert await streets(ann) == ["247 Herminia Neck"]
    assert len(await Address.objects().where(Address.customer == ann.id)) == 2


async def test_a_corrected_address_stays_corrected_and_alone(acme, ann):
    (row,) = await Address.objects().where(Address.street_one == "807 Jacobs Well")
    for street in ("808 Jacobs Well", "809 Jacobs Well"):
        (row,) = await Address.objects().where(Address.id == row.id)
        await database.transaction(lambda row=row, street=street: row.rewrite({**row.parts, "street_one": street}))
        await again(acme)
    assert await streets(ann) == ["247 Herminia Neck", "809 Jacobs Well"]
    assert await Address.deleted(ann.vendor, ann.id) == []


async def test_a_corrected_address_can_become_what_it_was(acme, ann):
    (row,) = await Address.objects().where(Address.street_one == "807 Jacobs Well")
    for street in ("808 Jacobs Well", "807 Jacobs Well"):
        (row,) = await Address.objects().where(Address.id == row.id)
        await database.transaction(lambda row=row, street=street: row.rewrite({**row.parts, "street_one": street}))
    await again(acme)
    assert await streets(ann) == ["247 Herminia Neck", "807 Jacobs Well"]


async def test_what_was_kept_before_countries_had_codes_is_known_again(acme, ann):
    from tables.address_parts import PARTS, fingerprint

    (row,) = await Address.objects().where(Address.street_one == "807 Jacobs Well")
    old = fingerprint({**{part: row.parts[part] for part in PARTS}, "country": "United States"})
    await Address.update({Address.fingerprint: old, Address.country: "United States"}).where(Address.id == row.id)
    await again(acme)
    assert await streets(ann) == ["247 Herminia Neck", "807 Jacobs Well"]


async def test_a_deleted_number_does_not_come_back_however_it_is_written(acme, ann):
    assert await numbers(ann) == ["+19053871234", "1-292-348-1125 x8995"]
    for row in await PhoneNumber.of(ann.vendor, ann.id):
        await database.transaction(row.discard)
    await again(acme)
    assert await numbers(ann) == []
    left = await PhoneNumber.objects().where(PhoneNumber.customer == ann.id)
    assert left
    assert {(row.number, len(row.digits)) for row in left} == {("", 40)}


@pytest.mark.parametrize("first", ["+19053871234", "905-387-1234", "(905) 387-1234"])
async def test_a_number_is_kept_once_in_full_whatever_came_first(acme, first):
    bare = {"shipping_address_country": None, "billing_address_country": None, "phone_number": None}
    await deliver(acme, event("order.completed", order(
        1, contact=contact(1, phone_number=None), **bare, shipping_address_phone_number=first), 1))  # fmt: skip
    for minutes, number in ((2, "905 387 1234"), (3, "+1 905 387 1234"), (4, "9053871234")):
        news = order(minutes, contact=contact(minutes, phone_number=None), phone_number=None,
                     shipping_address_phone_number=number)  # fmt: skip
        await deliver(acme, event("order.updated", news, minutes))
    customer = await Customer.objects().get(Customer.email == "ann@example.com")
    assert await numbers(customer) == ["+19053871234"]


async def test_a_proven_number_stays_on_file(acme, ann):
    assert ann.phone == "1-292-348-1125 x8995"
    await Customer.update({Customer.phone: "+442079460018", Customer.phone_proven_at: database.now()}).where(
        Customer.id == ann.id
    )
    await deliver(acme, event("contact.updated", contact(9, phone_number="+15550000000", first_name="Anna"), 9))
    after = await Customer.objects().get(Customer.id == ann.id)
    assert (after.phone, after.first_name) == ("+442079460018", "Anna")


async def test_an_address_that_a_password_was_set_from_is_not_corrected(acme):
    """Its owner would have the password of the account at the other address."""
    await deliver(acme, event("contact.created", contact(5, email_address="later@example.com"), 5))
    customer = await Customer.objects().first()
    await Customer.set_password(acme.id, customer.id, "$argon2id$")
    await deliver(acme, event("contact.updated", contact(1, email_address="earlier@example.com"), 1))
    assert (await Customer.objects().first()).email == "later@example.com"


async def test_a_sign_in_link_ends_when_the_address_is_corrected(acme):
    await deliver(acme, event("contact.created", contact(5, email_address="later@example.com"), 5))
    customer = await Customer.objects().first()
    asked = await SignInRequest.ask(
        acme.id, customer.id, customer.email, "b", "", await SignInRequest.make_secrets()
    )  # fmt: skip
    await deliver(acme, event("contact.updated", contact(1, email_address="earlier@example.com"), 1))
    assert (await Customer.objects().first()).email == "earlier@example.com"
    assert await SignInRequest.redeem(acme.id, asked.id) is None
