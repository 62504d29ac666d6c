import asyncio

import pytest

import database
from tables import Vendor, VendorPartial
from tables.vendor_partial import VERSIONS


async def keep(vendor, source, slot="footer"):
    async def work():
        return await VendorPartial.keep(vendor.id, slot, source, "Olga Ortiz")

    return await database.transaction(work)


async def switch_off(vendor, slot="footer"):
    async def work():
        return await VendorPartial.switch_off(vendor.id, slot)

    return await database.transaction(work)


async def changed(vendor):
    return (await Vendor.objects().get(Vendor.id == vendor.id)).partials_changed


async def shown(vendor):
    return [(row.slot, row.number, row.source) for row in await VendorPartial.shown_at(vendor.id)]


async def test_a_version_follows_the_other_and_only_the_last_is_shown(acme, clock):
    assert [await keep(acme, text) for text in ("one", "two")] == [1, 2]
    assert await keep(acme, "own", "header") == 1
    assert await shown(acme) == [("footer", 2, "two"), ("header", 1, "own")]
    first = await VendorPartial.version(acme.id, "footer", 1)
    assert (first.source, first.made_by, first.made_at, first.active) == ("one", "Olga Ortiz", clock.now(), False)
    assert await changed(acme) == 3


async def test_vendors_do_not_see_each_others(acme, globex):
    await keep(acme, "one")
    assert await shown(globex) == []
    assert await VendorPartial.versions(globex.id, "footer") == []
    assert await VendorPartial.version(globex.id, "footer", 1) is None
    assert await changed(globex) == 0


async def test_switching_off_keeps_the_versions_and_counts_only_when_it_changes_something(acme):
    await keep(acme, "one")
    assert await switch_off(acme) is True
    assert await switch_off(acme) is False
    assert await shown(acme) == []
    assert len(await VendorPartial.versions(acme.id, "footer")) == 1
    assert await changed(acme) == 2
    assert await keep(acme, "two") == 2


async def test_what_is_saved_at_once_is_one_after_the_other(acme):
    numbers = await asyncio.gather(*(keep(acme, f"text {place}") for place in range(5)))
    assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert len(await shown(acme)) == 1


async def test_old_versions_go_and_numbers_go_on(acme):
    await VendorPartial(vendor=acme.id, slot="footer", number=VERSIONS, source="x", made_at=database.now()).save()
    await VendorPartial(vendor=acme.id, slot="footer", number=1, source="x", made_at=database.now()).save()
    assert await keep(acme, "new") == VERSIONS + 1
    assert [row.number for row in await VendorPartial.versions(acme.id, "footer")] == [VERSIONS + 1, VERSIONS]


async def test_two_cannot_be_shown_at_once(acme):
    await keep(acme, "one")
    with pytest.raises(database.CONFLICT):
        await VendorPartial(vendor=acme.id, slot="footer", number=2, source="x", active=True).save()


async def test_a_fall_is_noted_on_the_vendors_own_row(acme, globex, clock):
    await keep(acme, "one")
    (row,) = await VendorPartial.shown_at(acme.id)
    await VendorPartial.fell_back(globex.id, row.id, "not theirs")
    await VendorPartial.fell_back(acme.id, row.id, "x" * 900)
    (row,) = await VendorPartial.shown_at(acme.id)
    assert (row.fault, row.fault_at) == ("x" * 500, clock.now())
