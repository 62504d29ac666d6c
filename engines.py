"""The engines: SQLite on kept connections, PostgreSQL through a pool whose waits end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosqlite
import asyncpg
from piccolo.engine.cockroach import CockroachEngine
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.querystring import QueryString

Row = Any

BUSY_SECONDS = 10
WAIT_SECONDS = 2
STATEMENT_SECONDS = 5
READ_SECONDS = 0.5

# Piccolo turns every INTEGER cell into a Decimal first, which costs more than the query; our integers are integers.
sqlite3.register_converter("INTEGER", int)

statements: list[Callable[[str], None]] = []
"""Called with the SQL of every statement: how the tests and the bench count and check them."""


class Unavailable(Exception):
    """The database cannot be reached, is full, or is too busy: say so, and let the sender try again."""


class Compiled:
    """Runs Piccolo's queries by their compiled text, so that a query can be built once and bound many times."""

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Sequence[Row]:
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        return await self.fetch(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Sequence[Row]:
        return await self.fetch(ddl, ())

    async def fetch(self, sql: str, args: Sequence[Any]) -> Sequence[Row]:
        for notify in statements:
            notify(sql)
        try:
            return await self.execute(sql, args)
        except UNREACHABLE as error:
            raise told(error) from error


def told(error: Exception) -> Exception:
    """Unavailable for trouble that may pass; a statement that is wrong stays the error it is."""
    wrong = isinstance(error, sqlite3.OperationalError) and any(word in str(error) for word in ("no such", "syntax"))
    return error if wrong else Unavailable(str(error))


UNREACHABLE = (
    OSError,
    TimeoutError,
    sqlite3.OperationalError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,
    asyncpg.AdminShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
)


class WarmSQLiteEngine(Compiled, SQLiteEngine):
    """SQLite on kept connections; Piccolo's own opens a connection and a thread for every query (ADR 2).

    Reads run at once on the event loop: with WAL no writer holds them up, every list is a keyset page on an index,
    and handing such a query to a thread takes longer than the query. Writes wait for the disk, so they have threads.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path=path, timeout=BUSY_SECONDS)
        self.idle: list[aiosqlite.Connection] = []
        self.reader: sqlite3.Connection | None = None
        self.writing = asyncio.Lock()

    async def start(self) -> None:
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        self.idle.append(await self.get_connection())

    async def stop(self) -> None:
        if self.reader:
            self.reader.close()
            self.reader = None
        while self.idle:
            await self.idle.pop().close()

    async def get_connection(self) -> aiosqlite.Connection:
        connection = aiosqlite.connect(**self.connection_kwargs)
        # A forgotten connection must not keep a process that was told to stop (Piccolo's commands never close theirs).
        connection._thread.daemon = True
        await connection
        try:
            connection.row_factory = dict_factory
            await connection.execute_fetchall("PRAGMA journal_mode = WAL")
            await connection.execute_fetchall("PRAGMA foreign_keys = ON")
            await connection.execute_fetchall("PRAGMA synchronous = FULL")
        except BaseException:
            await connection.close()
            raise
        return connection

    async def take(self) -> aiosqlite.Connection:
        return self.idle.pop() if self.idle else await self.get_connection()

    @asynccontextmanager
    async def warm(self) -> AsyncIterator[aiosqlite.Connection]:
        connection = await self.take()
        try:
            yield connection
        except BaseException:
            # A cancelled or failed statement may still run in its thread: such a connection is not used again.
            await asyncio.shield(connection.close())
            raise
        self.idle.append(connection)

    async def execute(self, sql: str, args: Sequence[Any]) -> Sequence[Row]:
        if transaction := self.current_transaction.get():
            return list(await transaction.connection.execute_fetchall(sql, args))
        if sql.lstrip().startswith("SELECT"):
            return self.read(sql, args)
        # Writers queue here rather than spin in SQLite's busy handler.
        async with self.writing, self.warm() as connection:
            return list(await connection.execute_fetchall(sql, args))

    def read(self, sql: str, args: Sequence[Any]) -> Sequence[Row]:
        if self.reader is None:
            self.reader = sqlite3.connect(**{**self.connection_kwargs, "timeout": READ_SECONDS})
            self.reader.execute("PRAGMA query_only = ON")
        cursor = self.reader.execute(sql, args)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def transaction(self, transaction_type: Any = None, allow_nested: bool = False) -> ImmediateTransaction:
        """A write transaction from its first statement: a deferred one fails at once when two want to write."""
        return ImmediateTransaction(self, TransactionType.immediate, allow_nested=allow_nested)


class ImmediateTransaction(SQLiteTransaction):
    """BEGIN IMMEDIATE on a warm connection that is handed back, or closed after a failure."""

    async def __aenter__(self) -> ImmediateTransaction:
        async with asyncio.timeout(BUSY_SECONDS):
            await self.engine.writing.acquire()
        try:
            self.connection = await self.engine.take()
        except BaseException:
            self.engine.writing.release()
            raise
        try:
            await self.connection.execute_fetchall("BEGIN IMMEDIATE")
        except BaseException:
            # Piccolo would leave the connection's thread behind, and the process could never end.
            await asyncio.shield(self.connection.close())
            self.engine.writing.release()
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        self.engine.current_transaction.reset(self.context)
        try:
            await self.connection.execute_fetchall("ROLLBACK" if error else "COMMIT")
        except BaseException:
            await asyncio.shield(self.connection.close())
            raise
        else:
            self.engine.idle.append(self.connection)
        finally:
            self.engine.writing.release()
        return False


class PlainConnection(asyncpg.Connection):
    """We keep no session state, so there is nothing to reset: one round trip less for every query."""

    def get_reset_query(self) -> str:
        return ""


class Pooled(Compiled):
    """PostgreSQL through a pool whose waits end, so that a dead database is an answer and not a hang."""

    async def start(self) -> None:
        try:
            await self.open_pool()
        except UNREACHABLE:
            # The server may come up before its database does; the first query tries again.
            self.pool = None

    async def stop(self) -> None:
        if self.pool:
            pool, self.pool = self.pool, None
            try:
                await asyncio.wait_for(pool.close(), WAIT_SECONDS)
            except TimeoutError:
                pool.terminate()

    async def open_pool(self) -> asyncpg.Pool:
        if self.pool is None:
            async with self.opening:
                if self.pool is None:
                    self.pool = await asyncpg.create_pool(
                        **self.config, min_size=1, max_size=10, timeout=WAIT_SECONDS,
                        command_timeout=STATEMENT_SECONDS, connection_class=PlainConnection,
                    )  # fmt: skip
        return self.pool

    async def execute(self, sql: str, args: Sequence[Any]) -> Sequence[Row]:
        if transaction := self.current_transaction.get():
            return await transaction.connection.fetch(sql, *args)
        pool = await self.open_pool()
        async with pool.acquire(timeout=WAIT_SECONDS) as connection:
            return await connection.fetch(sql, *args)

    def transaction(self, allow_nested: bool = False) -> PooledTransaction:
        return PooledTransaction(self, allow_nested=allow_nested)


class PooledTransaction(PostgresTransaction):
    async def get_connection(self) -> asyncpg.Connection:
        return await (await self.engine.open_pool()).acquire(timeout=WAIT_SECONDS)


class PooledPostgresEngine(Pooled, PostgresEngine):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.opening = asyncio.Lock()


class PooledCockroachEngine(Pooled, CockroachEngine):  # type: ignore[misc]
    """CockroachDB speaks PostgreSQL's protocol; selected by its own scheme and never run by our tests."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.opening = asyncio.Lock()


def make_engine(url: str) -> Any:
    """The engine for a DATABASE_URL: `sqlite:///path` (four slashes when absolute), `postgres://…`, `cockroachdb://…`.

    Raises ValueError for anything else.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return WarmSQLiteEngine(path=rest.removeprefix("/"))
    if scheme in ("postgres", "postgresql"):
        return PooledPostgresEngine(config={"dsn": "postgresql://" + rest, "database": database_name(url)})
    if scheme == "cockroachdb":
        return PooledCockroachEngine(config={"dsn": "postgresql://" + rest, "database": database_name(url)})
    raise ValueError("DATABASE_URL must begin with sqlite:///, postgres:// or cockroachdb://")


def database_name(url: str) -> str | None:
    return unquote(urlsplit(url).path.lstrip("/")) or None
