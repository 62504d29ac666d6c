import pytest

from tables import Address, PaymentMethod, PhoneNumber

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
