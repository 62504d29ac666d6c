import asyncio
from datetime import timedelta

from tables.lease import Lease

HOUR = timedelta(hours=1)


async def test_a_job_is_one_workers_and_due_again_later(clock):
    assert [await Lease.take("sweep", HOUR), await Lease.take("sweep", HOUR), await Lease.take("other", HOUR)] == [
        True,
        False,
        True,
    ]
    clock.forward(minutes=59)
    assert not await Lease.take("sweep", HOUR)
    clock.forward(minutes=2)
    assert await Lease.take("sweep", HOUR)


async def test_of_many_workers_at_once_one_gets_it():
    assert sorted(await asyncio.gather(*(Lease.take("sweep", HOUR) for _ in range(10)))) == [False] * 9 + [True]
