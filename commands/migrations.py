"""`litestar migrate`, and the check that none is pending."""

from __future__ import annotations

import contextlib
import io
import sqlite3

import asyncpg
import click
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

import database
from commands.running import with_database
from settings import ROOT, settings


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


async def refuse_pending() -> None:
    """In production a server or worker does not start on an older schema."""
    if not settings.production:
        return
    await database.engine.start()
    try:
        waiting = await pending()
    finally:
        await database.engine.stop()
    if waiting:
        raise SystemExit(f"refusing to start: {len(waiting)} migration(s) pending; run `litestar migrate` first")
