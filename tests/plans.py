"""How the database answers the statements of a call: its plans on a table too large to be read through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

import database
from tests.conftest import ENGINE

SQLITE = ENGINE == "sqlite"
LARGE = (
    "UPDATE pg_class SET relpages = 1, reltuples = 100000 "
    "WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
)
"""Whatever the last vacuum has counted: of a table that it found small, PostgreSQL would read the whole index."""
SUBQUERY = re.compile(r"^(?:MATERIALIZE|CO-ROUTINE) (\w+)", re.MULTILINE)


async def tables_read_through(monkeypatch: Any, call: Callable[[], Awaitable[Any]], *tables: str) -> set[str]:
    """Which of these tables are read from end to end by the statements of a call, as the planner says.

    PostgreSQL reads through what is small, however good the index: so it is told not to where it can do otherwise.
    """
    seen: list[tuple[str, Any]] = []
    kind = type(database.engine)
    execute = kind.execute

    async def noted(self: Any, sql: str, args: Any) -> Any:
        seen.append((sql, args))
        return await execute(self, sql, args)

    with monkeypatch.context() as patched:
        patched.setattr(kind, "execute", noted)
        await call()
    found: set[str] = set()
    for sql, args in seen:
        found |= scanned(await plan(sql, args), sql)
    return found & set(tables)


async def plan(sql: str, args: Any) -> str:
    if SQLITE:
        rows = await database.engine.execute(f"EXPLAIN QUERY PLAN {sql}", args)
        return "\n".join(row["detail"] for row in rows)

    async def work() -> None:
        for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            await database.raw(f"SET LOCAL enable_{way} = off")
        await database.raw(LARGE)
        raise Told(await database.engine.fetch(f"EXPLAIN {sql}", args))

    with pytest.raises(Told) as told:
        await database.transaction(work)
    return "\n".join(row["QUERY PLAN"] for row in told.value.args[0])


class Told(Exception):
    """Carries the plan out, so that what was said of the tables' size is undone."""


def scanned(text: str, sql: str) -> set[str]:
    """The tables in a plan that are read through, or whose index is: nothing says where to begin and to end."""
    if not SQLITE:
        nodes = re.split(r"\n\s*->", text)
        return {
            match[1] for node in nodes if "Index Cond" not in node and (match := re.search(r"Scan.* on (\w+)", node))
        }
    names = {alias or table: table for table, alias in re.findall(r"(?:FROM|JOIN) (\w+)(?: (?:AS )?(\w+))?", sql)}
    # SQLite names tables by their alias, and a subquery that it reads as well.
    scans, inner = Counter(re.findall(r"^SCAN (\w+)", text, re.MULTILINE)), Counter(SUBQUERY.findall(text))
    return {names.get(name, name) for name in (scans - inner)}
