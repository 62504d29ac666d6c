from datetime import timedelta

from tables.rate_limit import Limit, RateLimit

LIMIT = Limit("ask", 3, timedelta(minutes=1))


async def test_allows_the_count_and_no_more():
    assert [await RateLimit.take(LIMIT, "a") for _ in range(5)] == [True, True, True, False, False]
    assert await RateLimit.take(LIMIT, "b")


async def test_knocking_while_limited_does_not_lengthen_the_window(clock):
    for _ in range(4):
        await RateLimit.take(LIMIT, "a")
    clock.forward(seconds=59)
    assert not await RateLimit.take(LIMIT, "a")
    clock.forward(seconds=2)
    assert await RateLimit.take(LIMIT, "a")


async def test_cleared_it_starts_anew():
    for _ in range(4):
        await RateLimit.take(LIMIT, "a")
    await RateLimit.clear(LIMIT, "a")
    assert [await RateLimit.take(LIMIT, "a") for _ in range(4)] == [True, True, True, False]
