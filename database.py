"""The engine of this process, `transaction()`: the one way to write more than one row, and compiled queries."""

from __future__ import annotations

import asyncio
import contextvars
import random
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import asyncpg
from piccolo.querystring import QueryString

from engines import UNREACHABLE, Row, Unavailable, make_engine, statements
from settings import settings

__all__ = [
    "CONFLICT",
    "Bound",
    "Parameter",
    "Row",
    "Unavailable",
    "attempt",
    "engine",
    "now",
    "raw",
    "statements",
    "transaction",
]

T = TypeVar("T")

ATTEMPTS = 6


def now() -> datetime:
    """The time in UTC; everything that compares times asks here, so that a test can move the clock."""
    return datetime.now(UTC)


engine = make_engine(settings.database_url)

RETRIED = (
    Unavailable,
    sqlite3.OperationalError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
CONFLICT = (sqlite3.IntegrityError, asyncpg.UniqueViolationError)


async def transaction(work: Callable[[], Awaitable[T]]) -> T:
    """Run `work` in one transaction and return what it returns.

    The body must only touch the database: it is run again, with a little jitter, when the database reports a lock or
    a serialisation failure, and a caller that is cancelled does not cancel it half way (Piccolo would lose the
    connection). Nested use is refused. Raises Unavailable when the database stays out of reach.
    """
    if engine.current_transaction.get():
        raise RuntimeError("transaction() inside transaction(): pass the work on instead")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await asyncio.shield(asyncio.create_task(once(work), context=contextvars.copy_context()))
        except RETRIED as error:
            if attempt == ATTEMPTS or not busy(error):
                raise error if isinstance(error, Unavailable) else Unavailable(str(error)) from error
            await asyncio.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        except UNREACHABLE as error:
            raise Unavailable(str(error)) from error
    raise AssertionError("unreachable")


async def once(work: Callable[[], Awaitable[T]]) -> T:
    async with engine.transaction():
        return await work()


async def attempt(work: Callable[[], Awaitable[T]]) -> T:
    """Run a part of a transaction that may fail alone: what it has written is undone, and the rest stands."""
    await raw("SAVEPOINT attempt")
    try:
        result = await work()
    except Exception as error:
        # After these the whole transaction is lost, and is run again from its beginning.
        if not isinstance(error, (*RETRIED, *UNREACHABLE)):
            await raw("ROLLBACK TO SAVEPOINT attempt")
            await raw("RELEASE SAVEPOINT attempt")
        raise
    await raw("RELEASE SAVEPOINT attempt")
    return result


def busy(error: BaseException) -> bool:
    """Whether trying again soon can help: a lock or a serialisation failure, not a dead server or a full disk."""
    cause = error.__cause__ if isinstance(error, Unavailable) else error
    return isinstance(cause, asyncpg.SerializationError | asyncpg.DeadlockDetectedError) or "locked" in str(cause)


class Parameter:
    """Stands for a value in a query that is built once."""

    def __init__(self, name: str) -> None:
        self.name = name


class Bound:
    """A Piccolo select that is built and compiled once and only bound afterwards.

    Piccolo needs 0.1–0.4 ms to build and compile a query, more than running it takes. `build` gets one Parameter for
    each name and returns the query; calling the result with the values by name returns the rows.
    """

    def __init__(self, build: Callable[..., Any], *names: str) -> None:
        self.build, self.names = build, names
        self.sql: str | None = None

    async def __call__(self, **values: Any) -> Sequence[Row]:
        if self.sql is None:
            query = self.build(*(Parameter(name) for name in self.names))
            self.sql, self.slots = query.querystrings[0].compile_string(engine_type=engine.engine_type)
        return await engine.fetch(
            self.sql, [values[slot.name] if isinstance(slot, Parameter) else slot for slot in self.slots]
        )


async def raw(sql: str, *args: Any) -> list[Row]:
    """Run one statement written by hand, with `{}` for each value; for what Piccolo's builder cannot say."""
    return list(await engine.run_querystring(QueryString(sql, *args)))


def lock_clause() -> str:
    """What makes a SELECT hold its row: SQLite's write transaction already holds everything."""
    return "" if engine.engine_type == "sqlite" else " FOR NO KEY UPDATE"


def taking(table: str, due: str, limit: int, order: str = "id") -> str:
    """The head of a statement that takes up to `limit` rows no other worker is taking: `taken`, with `taken_id`.

    Where a row is taken many times, `order` is the column of its turn, or the first few would hold up all others.

    Materialised, because a plain `IN (SELECT … LIMIT … FOR UPDATE SKIP LOCKED)` may be run again for every row of the
    outer table, and then it locks rows that nobody takes.
    """
    skip = "" if engine.engine_type == "sqlite" else " FOR UPDATE SKIP LOCKED"
    return (
        f"WITH taken AS MATERIALIZED (SELECT id AS taken_id FROM {table} WHERE {due} "
        f"ORDER BY {order} LIMIT {int(limit)}{skip})"
    )
