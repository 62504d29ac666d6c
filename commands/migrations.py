"""`litestar migrate`, and the check that none is pending."""

from __future__ import annotations

import contextlib
import io
import re
import sqlite3

import asyncpg
import click
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

import database
from commands.running import with_database
from settings import ROOT, settings

UNIQUE_INDEX = re.compile(r"CREATE UNIQUE INDEX (\w+)")


@click.command()
@with_database
async def migrate() -> None:
    """Bring the database to this version."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        await ForwardsMigrationManager(app_name="customer_center", migration_id="all").run()
    print("The database is up to date.")


async def pending() -> list[str]:
    """The migrations of this version that the database has not seen."""
    files = sorted(path.stem for path in (ROOT / "migrations").glob("customer_center_*.py"))
    try:
        rows = await database.raw("SELECT name FROM migration")
    except (sqlite3.Error, asyncpg.PostgresError, database.Unavailable):
        return files
    done = {"".join(sign for sign in row["name"] if sign.isdigit()) for row in rows}
    return [name for name in files if "".join(sign for sign in name if sign.isdigit()) not in done]


async def missing_indexes() -> list[str]:
    """Unique indexes of the migrations that the database lacks: single use and one row an event rest on them."""
    texts = [path.read_text() for path in (ROOT / "migrations").glob("customer_center_*.py")]
    wanted = {name for text in texts for name in UNIQUE_INDEX.findall(text)}
    catalog = "sqlite_master WHERE type = 'index'" if database.engine.engine_type == "sqlite" else "pg_indexes"
    column = "name" if database.engine.engine_type == "sqlite" else "indexname"
    there = {row[column] for row in await database.raw(f"SELECT {column} FROM {catalog}")}
    return sorted(wanted - there)


async def refuse_pending() -> None:
    """In production a server or worker does not start on an older or a damaged schema."""
    if not settings.production:
        return
    await database.engine.start()
    try:
        waiting = await pending()
        missing = [] if waiting else await missing_indexes()
    finally:
        await database.engine.stop()
    if waiting:
        raise SystemExit(f"refusing to start: {len(waiting)} migration(s) pending; run `litestar migrate` first")
    if missing:
        raise SystemExit(f"refusing to start: the database lacks the unique index(es) {', '.join(missing)}")
