import asyncio
import hashlib

import pytest

import database
from tables import Address, Customer, PaymentMethod, PhoneNumber
from tables.address_parts import fingerprints

HOME = {"first_name": "Alice", "last_name": "Ames", "street_one": "18 Orchard Lane", "city": "Hudson", "region": "NY",
        "postal_code": "12534", "country": "United States"}  # fmt: skip


async def learn(customer, **parts):
    await Address.learn(customer.vendor, customer.id, HOME | parts, None)
    return len(await Address.of(customer.vendor, customer.id))


async def test_an_address_is_kept_once_however_it_is_written(alice):
    assert [
        await learn(alice),
        await learn(alice, street_one="18  ORCHARD lane "),
        await learn(alice, city="Albany"),
    ] == [1, 1, 2]


async def test_a_name_alone_is_no_address(alice):
    await Address.learn(alice.vendor, alice.id, {"first_name": "Alice", "country": "France"}, None)
    assert await Address.of(alice.vendor, alice.id) == []


async def test_an_address_is_its_owners(alice, bob, zoe):
    await learn(alice)
    (address,) = await Address.of(alice.vendor, alice.id)
    assert (await Address.own(alice.vendor, alice.id, address.public_id)).id == address.id
    assert await Address.own(bob.vendor, bob.id, address.public_id) is None
    assert await Address.own(zoe.vendor, zoe.id, address.public_id) is None


@pytest.mark.parametrize("numbers", [("+1 212 555 0143", "+12125550143", "+1 (212) 555-0143")])
async def test_a_number_is_kept_once_however_it_is_spaced(alice, numbers):
    for number in (*numbers, None, "", "ask me"):
        await PhoneNumber.learn(alice.vendor, alice.id, number, "order")
    assert [phone.number for phone in await PhoneNumber.of(alice.vendor, alice.id)] == ["+12125550143"]


async def test_a_means_of_payment_is_kept_once(alice):
    for reference in ("pm_1", "pm_1", None, "", "pm_2"):
        await PaymentMethod.learn(alice.vendor, alice.id, "stripe", reference)
    assert [row["reference"] for row in await PaymentMethod.of(alice.vendor, alice.id)] == ["pm_2", "pm_1"]


async def test_an_order_and_its_buyer_tell_of_one_address_at_the_same_moment(alice):
    parts = HOME | {"country": "US"}

    async def learned():
        await Address.learn(alice.vendor, alice.id, HOME, None)

    async def added():
        await Address.add(alice.vendor, alice.id, parts)

    await asyncio.gather(*(database.transaction(work) for work in (learned, added) * 4))
    (row,) = await Address.of(alice.vendor, alice.id)
    assert (await Customer.objects().get(Customer.id == alice.id)).default_address == row.id


async def test_what_was_deleted_meanwhile_is_neither_preferred_nor_written(alice):
    address, _ = await database.transaction(lambda: Address.add(alice.vendor, alice.id, HOME))
    await database.transaction(address.discard)
    await database.transaction(address.prefer)
    await database.transaction(lambda: address.rewrite(HOME | {"city": "Albany"}))
    assert (await Customer.objects().get(Customer.id == alice.id)).default_address is None
    (left,) = await Address.objects().where(Address.customer == alice.id)
    assert set(left.parts.values()) == {""}


def test_a_fingerprint_of_before_stays_good():
    old = hashlib.sha256(b"alice|ames||18 orchard lane||hudson|ny|12534|united states").hexdigest()
    assert old in fingerprints(HOME)
    assert old in fingerprints(HOME | {"country": "US"})
    assert old not in fingerprints(HOME | {"district": "North"})
    assert fingerprints(HOME)[0] == fingerprints(HOME | {"country": "usa", "city": "HUDSON "})[0]


async def test_a_number_told_and_typed_at_the_same_moment_is_one(alice):
    async def learned():
        await PhoneNumber.learn(alice.vendor, alice.id, "+1 212 555 0143", "order")

    async def added():
        await PhoneNumber.add(alice.vendor, alice.id, "+12125550143")

    await asyncio.gather(*(database.transaction(work) for work in (learned, added) * 4))
    assert [row.number for row in await PhoneNumber.of(alice.vendor, alice.id)] == ["+12125550143"]
