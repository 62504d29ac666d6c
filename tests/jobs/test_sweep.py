import os

from jobs.stopping import Stopping
from jobs.sweep import sweep
from tables import RateLimit, Session, SignInRequest
from tables.export import FOLDER
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


async def test_files_of_exports_go_after_a_week_and_halves_sooner(acme, clock):
    folder = FOLDER / str(acme.id)
    folder.mkdir(parents=True, exist_ok=True)
    whole, half = folder / "a.zip", folder / "a.0011223344556677.part"
    for path in (whole, half):
        path.write_bytes(b"PK")
        os.utime(path, (clock.now().timestamp(),) * 2)
    clock.forward(minutes=20)
    await sweep(Stopping())
    assert (whole.exists(), half.exists()) == (True, True)
    clock.forward(hours=2)
    await sweep(Stopping())
    assert (whole.exists(), half.exists()) == (True, False)
    clock.forward(days=7)
    await sweep(Stopping())
    assert not whole.exists()
