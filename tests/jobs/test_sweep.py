from jobs.stopping import Stopping
from jobs.sweep import sweep
from tables import RateLimit, Session, SignInRequest
from tests.tables.test_rate_limit import LIMIT


async def test_what_has_run_out_is_forgotten_once_an_hour(alice, clock):
    async def fill():
        await Session.start(alice.vendor, alice.id, "test", "", "")
        await SignInRequest.ask(alice.vendor, alice.id, alice.email, "b", "", await SignInRequest.make_secrets())
        await RateLimit.take(LIMIT, "a")

    async def left():
        return [len(await table.select()) for table in (Session, SignInRequest, RateLimit)]

    await fill()
    await sweep(Stopping())
    assert await left() == [1, 1, 1]
    clock.forward(days=60)
    await sweep(Stopping())
    assert await left() == [0, 0, 0]
    await fill()
    clock.forward(minutes=59)
    await sweep(Stopping())
    assert (await left())[2] == 1
