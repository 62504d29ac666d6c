import os

import database
from jobs.stopping import Stopping
from jobs.sweep import sweep
from tables import Export, RateLimit, Session, SignInRequest
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


async def test_files_of_exports_go_with_their_rows_and_halves_after_a_while(alice, clock):
    folder = FOLDER / str(alice.vendor)
    folder.mkdir(parents=True, exist_ok=True)
    await database.transaction(lambda: Export.ask(alice.vendor, alice.id))
    (export,) = await Export.of(alice.vendor, alice.id)
    whole, nobodys = folder / f"{export.public_id}.zip", folder / "nobodys.zip"
    half = folder / f"{export.public_id}.0011223344556677.part"
    for path in (whole, nobodys, half):
        path.write_bytes(b"PK")
        os.utime(path, (clock.now().timestamp(),) * 2)
    await sweep(Stopping())
    assert [path.exists() for path in (whole, nobodys, half)] == [True, False, True]
    clock.forward(hours=2)
    await sweep(Stopping())
    assert [path.exists() for path in (whole, half)] == [True, False]
    clock.forward(days=7)
    await sweep(Stopping())
    assert not whole.exists()
    assert await Export.count() == 0
