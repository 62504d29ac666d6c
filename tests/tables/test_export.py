import asyncio
from datetime import timedelta

import database
from tables import Export
from tables.export import A_DAY, KEPT, LEASE, TRIES


async def ask(customer):
    return await database.transaction(lambda: Export.ask(customer.vendor, customer.id))


async def finish(row):
    return await database.transaction(lambda: Export.made(row, 5))


async def test_only_one_is_made_at_a_time_however_fast_one_asks(alice, bob):
    answers = await asyncio.gather(*(ask(alice) for _ in range(6)))
    assert sorted(answers) == [False] * 5 + [True]
    assert await ask(bob)


async def test_three_a_day_are_enough(alice, clock):
    for _ in range(A_DAY):
        assert await ask(alice)
        await finish(await Export.lease())
    assert not await ask(alice)
    clock.forward(days=1, minutes=1)
    assert await ask(alice)


async def test_a_lease_is_one_workers_until_it_ends(alice, clock):
    await ask(alice)
    first = await Export.lease()
    assert await Export.lease() is None
    clock.forward(seconds=LEASE.total_seconds() + 1)
    second = await Export.lease()
    assert (second["id"], second["tries"]) == (first["id"], 2)


async def test_the_first_of_two_workers_to_finish_is_the_one_that_tells(alice):
    await ask(alice)
    row = await Export.lease()
    assert await finish(row) is not None
    assert await finish(row) is None


async def test_what_fails_is_tried_three_times(alice, clock):
    await ask(alice)
    for _ in range(TRIES):
        clock.forward(minutes=2)
        await Export.missed(await Export.lease())
    clock.forward(days=1)
    assert await Export.lease() is None
    assert [export.state for export in await Export.of(alice.vendor, alice.id)] == ["failed"]


async def test_a_worker_that_stops_costs_no_try(alice):
    await ask(alice)
    await Export.missed(await Export.lease(), counted=False)
    assert (await Export.lease())["tries"] == 1


async def test_it_is_kept_for_a_week(alice, bob, clock):
    await ask(alice)
    export = await finish(await Export.lease())
    assert await Export.ready(alice.vendor, alice.id, export.public_id)
    assert await Export.ready(bob.vendor, bob.id, export.public_id) is None
    clock.forward(days=KEPT / timedelta(days=1), minutes=1)
    assert await Export.ready(alice.vendor, alice.id, export.public_id) is None
    assert await Export.of(alice.vendor, alice.id) == []
    await Export.sweep()
    assert await Export.count() == 0
