import asyncio
import sqlite3

import asyncpg
import pytest

import database
import engines
from tables import RateLimit, Vendor
from tests.conftest import ENGINE

SQLITE = ENGINE == "sqlite"
ONE = "INSERT INTO rate_limits (key, count) VALUES ('k', 0)"
MORE = "UPDATE rate_limits SET count = {} WHERE key = 'k'"


async def count():
    rows = await database.raw("SELECT count FROM rate_limits WHERE key = 'k'")
    return rows[0]["count"] if rows else None


async def increment():
    found = await database.raw(f"SELECT count FROM rate_limits WHERE key = 'k'{database.lock_clause()}")
    await asyncio.sleep(0)
    await database.raw(MORE, found[0]["count"] + 1)


async def test_a_transaction_is_kept_whole_and_returns_what_its_work_returns():
    async def work():
        await database.raw(ONE)
        return "done"

    assert await database.transaction(work) == "done"
    assert await count() == 0


async def test_a_failure_takes_everything_back():
    async def work():
        await database.raw(ONE)
        raise KeyError("boom")

    with pytest.raises(KeyError):
        await database.transaction(work)
    assert await count() is None


async def test_a_conflict_is_not_tried_again():
    tries = []

    async def work():
        tries.append(1)
        await database.raw(ONE)
        await database.raw(ONE)

    with pytest.raises(database.CONFLICT):
        await database.transaction(work)
    assert len(tries) == 1
    assert await count() is None


async def test_twenty_increments_at_once_are_twenty():
    await database.raw(ONE)
    await asyncio.gather(*(database.transaction(increment) for _ in range(20)))
    assert await count() == 20


async def test_nesting_is_refused():
    async def outer():
        await database.raw(ONE)
        await database.transaction(count)

    with pytest.raises(RuntimeError, match="inside"):
        await database.transaction(outer)
    assert await count() is None


@pytest.mark.parametrize("error", [asyncpg.SerializationError("x"), asyncpg.DeadlockDetectedError("x"),
                                   sqlite3.OperationalError("database is locked")])  # fmt: skip
async def test_a_lock_is_tried_again(error, monkeypatch):
    tries = []

    async def work():
        tries.append(1)
        if len(tries) < 3:
            raise error
        await database.raw(ONE)

    await database.transaction(work)
    assert (len(tries), await count()) == (3, 0)


async def test_a_lock_that_stays_is_unavailable_in_the_end(monkeypatch):
    async def at_once(_seconds):
        pass

    tries = []

    async def work():
        tries.append(1)
        raise asyncpg.SerializationError("x")

    monkeypatch.setattr(database.asyncio, "sleep", at_once)
    with pytest.raises(database.Unavailable):
        await database.transaction(work)
    assert len(tries) == database.ATTEMPTS


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError("x"), TimeoutError(), sqlite3.OperationalError("disk is full"),
              asyncpg.InterfaceError("x"),
              asyncpg.AdminShutdownError("x"), asyncpg.QueryCanceledError("x"), asyncpg.TooManyConnectionsError("x")]
)  # fmt: skip
async def test_a_database_out_of_reach_is_unavailable_at_once(error):
    tries = []

    async def work():
        tries.append(1)
        raise error

    with pytest.raises(database.Unavailable):
        await database.transaction(work)
    assert len(tries) == 1


async def test_a_statement_out_of_reach_is_unavailable(monkeypatch):
    async def gone(*_):
        raise ConnectionRefusedError("10.0.0.5")

    monkeypatch.setattr(database.engine, "execute", gone)
    with pytest.raises(database.Unavailable):
        await database.raw("SELECT 1")


async def test_a_statement_that_is_wrong_is_no_pause():
    with pytest.raises(Exception) as failed:
        await database.raw("SELECT nothing FROM nowhere")
    assert not isinstance(failed.value, database.Unavailable)


def leaked():
    """Connections that are neither idle nor closed."""
    if SQLITE:
        return database.engine.writing.locked()
    pool = database.engine.pool
    return pool.get_size() - pool.get_idle_size() if pool else 0


async def cancelled(make):
    """Start fifty, cancel each at another moment, and wait for what they leave to run on."""
    others, tasks = asyncio.all_tasks(), []
    for turn in range(50):
        task = asyncio.create_task(make())
        for _ in range(turn % 9):
            await asyncio.sleep(0)
        task.cancel()
        tasks.append(task)
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(asyncio.all_tasks() - others), return_exceptions=True)


async def settled():
    async with asyncio.timeout(10):
        while leaked():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "make", [lambda: database.raw("SELECT 1"), lambda: database.raw(MORE, 1), lambda: database.transaction(increment)],
    ids=["a read", "a write", "a transaction"],
)  # fmt: skip
async def test_fifty_that_were_cancelled_leave_no_connection_behind(make):
    await database.raw(ONE)
    await cancelled(make)
    await settled()
    before = await count()
    await asyncio.gather(*(database.transaction(increment) for _ in range(12)))
    assert await count() == before + 12
    await settled()


async def test_fifty_cancelled_requests_leave_no_connection_behind(alice, signed_in):
    one = await signed_in(alice)
    token = await one.token("/acme/account")
    await cancelled(lambda: one.post("/acme/account/profile", {"_csrf": token, "first_name": "Ann"}))
    await settled()
    assert (await one.get("/acme/account")).status_code == 200
    assert (await one.post("/acme/account/profile", {"_csrf": token, "first_name": "Bea"})).status_code == 303


async def test_a_cancelled_caller_does_not_cut_its_transaction_in_half():
    began, go_on = asyncio.Event(), asyncio.Event()

    async def work():
        await database.raw(ONE)
        began.set()
        await go_on.wait()
        await database.raw(MORE, 7)

    task = asyncio.create_task(database.transaction(work))
    await began.wait()
    task.cancel()
    go_on.set()
    await asyncio.gather(task, return_exceptions=True)
    await settled()
    assert await count() in (None, 7)


async def test_every_statement_can_be_listened_to():
    seen = []
    database.statements.append(seen.append)
    try:
        await database.raw("SELECT 1")
        await Vendor.select().where(Vendor.slug == "x")
    finally:
        database.statements.remove(seen.append)
    assert [sql.split()[0] for sql in seen] == ["SELECT", "SELECT"]


async def test_a_bound_query_is_built_once():
    built = []

    def build(key):
        built.append(1)
        return RateLimit.select(RateLimit.count).where(RateLimit.key == key, RateLimit.count >= 0).limit(5)

    query = database.Bound(build, "key")
    await database.raw(ONE)
    assert [len(await query(key=key)) for key in ("k", "x", "k", "' OR 1=1 --")] == [1, 0, 1, 0]
    assert len(built) == 1


@pytest.mark.parametrize(
    ("url", "kind"),
    [("sqlite:////srv/x.sqlite", "WarmSQLiteEngine"), ("postgres://u:p@h/db", "PooledPostgresEngine"),
     ("postgresql://h/db", "PooledPostgresEngine"), ("cockroachdb://h/db", "PooledCockroachEngine")],
)  # fmt: skip
def test_the_address_chooses_the_engine(monkeypatch, url, kind):
    async def unasked(_engine):
        pass

    monkeypatch.setattr(engines.PostgresEngine, "check_version", unasked)
    assert type(engines.make_engine(url)).__name__ == kind


@pytest.mark.parametrize("url", ["", "mysql://h/db", "x.sqlite"])
def test_another_address_is_refused(url):
    with pytest.raises(ValueError, match="DATABASE_URL"):
        engines.make_engine(url)


@pytest.mark.skipif(not SQLITE, reason="asks SQLite for its pragmas")
async def test_sqlite_keeps_what_it_was_told():
    async def pragmas():
        return [
            next(iter((await database.raw(f"PRAGMA {name}"))[0].values()))
            for name in ("foreign_keys", "synchronous", "journal_mode")
        ]

    assert await database.transaction(pragmas) == [1, 2, "wal"]


@pytest.mark.skipif(not SQLITE, reason="asks SQLite to write while it reads")
async def test_sqlite_reads_cannot_write():
    with pytest.raises((database.Unavailable, sqlite3.Error)):
        await database.raw("SELECT 1; DELETE FROM rate_limits")


async def test_integers_come_back_as_integers():
    await database.raw("INSERT INTO rate_limits (key, count) VALUES ('k', 2147483647)")
    assert type(await count()) is int
