import asyncio

from tables import Completion
from tables.enrollment import has_courses


async def test_a_lesson_done_twice_is_done_once(alice):
    await asyncio.gather(*(Completion.mark(alice.vendor, alice.id, "301") for _ in range(8)))
    assert await Completion.count() == 1


async def test_doing_it_again_keeps_the_first_time(alice, clock):
    await Completion.mark(alice.vendor, alice.id, "301")
    first = clock.now()
    clock.forward(days=1)
    await Completion.mark(alice.vendor, alice.id, "301")
    assert [row["completed_at"] for row in await Completion.select()] == [first]


async def test_undoing_touches_nobody_else(alice, bob, zoe):
    for who in (alice, bob, zoe):
        await Completion.mark(who.vendor, who.id, "301")
    await Completion.undo(alice.vendor, alice.id, "301")
    assert {row["customer_id"] for row in await Completion.select()} == {bob.id, zoe.id}


async def test_who_has_courses(world):
    assert await has_courses(world.acme.id, world.alice.id)
    assert not await has_courses(world.acme.id, world.bob.id)
    assert not await has_courses(world.globex.id, world.twin.id)
