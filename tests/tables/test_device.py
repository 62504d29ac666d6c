import pytest

from tables import Device
from tables.session import token_hash

UA = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


async def test_a_browser_is_known_to_who_signed_in_with_it(alice, bob):
    token = await Device.token_for(alice.vendor, None)
    made = await Device.remember(alice.vendor, alice.id, token, UA)
    found = await Device.known(alice.vendor, alice.id, token)
    assert found
    assert (found.id, found.name) == (made, UA)
    assert await Device.known(alice.vendor, bob.id, token) is None
    assert await Device.known(alice.vendor, alice.id, "another") is None


async def test_one_browser_may_serve_several_customers_of_one_vendor(alice, bob):
    token = await Device.token_for(alice.vendor, None)
    await Device.remember(alice.vendor, alice.id, token, UA)
    assert await Device.token_for(alice.vendor, token) == token
    await Device.remember(alice.vendor, bob.id, token, UA)
    assert await Device.known(alice.vendor, bob.id, token)
    assert await Device.count() == 2


@pytest.mark.parametrize("planted", ["planted", "A" * 43, "", "é", "x" * 200])
async def test_an_id_we_never_gave_out_is_never_adopted(alice, planted):
    token = await Device.token_for(alice.vendor, planted)
    assert token != planted
    assert len(token) >= 43


async def test_an_id_of_another_vendor_is_not_adopted(alice, zoe):
    token = await Device.token_for(zoe.vendor, None)
    await Device.remember(zoe.vendor, zoe.id, token, UA)
    assert await Device.token_for(alice.vendor, token) != token


async def test_only_its_hash_is_kept(alice):
    token = await Device.token_for(alice.vendor, None)
    await Device.remember(alice.vendor, alice.id, token, "x" * 500)
    (row,) = await Device.select()
    assert (row["token_hash"], len(row["name"])) == (token_hash(token), 200)
    assert token not in repr(row)


async def test_a_forgotten_one_is_new_again_and_can_be_remembered(alice, clock):
    token = await Device.token_for(alice.vendor, None)
    made = await Device.remember(alice.vendor, alice.id, token, UA)
    await Device.forget(alice.vendor, alice.id, made)
    assert await Device.known(alice.vendor, alice.id, token) is None
    clock.forward(days=1)
    assert await Device.remember(alice.vendor, alice.id, token, "other") == made
    (row,) = await Device.select()
    assert (row["name"], row["last_used_at"], row["forgotten_at"]) == ("other", clock.now(), None)


async def test_forgetting_reaches_no_other_customer_and_spares_one(alice, bob):
    tokens = ["a" * 43, "b" * 43, "c" * 43]
    ids = [await Device.remember(alice.vendor, alice.id, token, UA) for token in tokens]
    other = await Device.remember(bob.vendor, bob.id, tokens[0], UA)
    await Device.forget(bob.vendor, bob.id, ids[0])
    await Device.forget_others(alice.vendor, alice.id, ids[1])
    assert [await Device.known(alice.vendor, alice.id, token) is not None for token in tokens] == [False, True, False]
    assert await Device.known(bob.vendor, bob.id, tokens[0])
    await Device.forget(bob.vendor, bob.id, None)
    assert (await Device.known(bob.vendor, bob.id, tokens[0])).id == other


async def test_one_that_was_not_used_for_a_year_is_swept_away(alice, clock):
    await Device.remember(alice.vendor, alice.id, "a" * 43, UA)
    clock.forward(days=364)
    await Device.remember(alice.vendor, alice.id, "b" * 43, UA)
    clock.forward(days=2)
    await Device.sweep()
    assert [await Device.known(alice.vendor, alice.id, letter * 43) is not None for letter in "ab"] == [False, True]
