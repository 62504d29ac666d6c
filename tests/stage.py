"""The rows a test begins with: none, or the world's, which are made once in a while and put back as often as needed."""

from __future__ import annotations

import copy
import sqlite3
from datetime import timedelta
from pathlib import Path

import database
from tables import TABLES, Customer, Vendor
from tables.vendor import HOUSE
from tests import world as cast
from tests.world import World

SECRET = "0123456789abcdef" * 4
FRESH = timedelta(seconds=5)
"""How old the kept rows may be: they hold times, and to a test the world is of this moment."""
NAMES = [table._meta.tablename for table in TABLES]
WIPE = [f"DELETE FROM {name}" for name in reversed(NAMES)]
HOUSE_STAYS = [f"{line} WHERE slug <> '{HOUSE}'" if line.endswith(" vendors") else line for line in WIPE]
"""The console's own center is made by a migration."""
PUT_BACK = [f"INSERT INTO {name} SELECT * FROM kept.{name}" for name in NAMES]


NEUTRAL = """
docs/ forms/ theming/test_account_words theming/test_address_forms theming/test_browsers theming/test_catalogs
theming/test_colors theming/test_formats theming/test_markdown theming/test_words_template
integrations/clickfunnels/test_envelope
integrations/clickfunnels/test_time_zones integrations/clickfunnels/test_values jobs/test_worker
tables/test_countries tables/test_dialing tables/test_hashing tables/test_money tables/test_outline
test_layers test_settings web/test_csrf
""".split()
"""Tests that ask no database: bin/test runs them once. One that does ask fails (the fixture `stage`)."""


def is_neutral(path: Path) -> bool:
    here = Path(__file__).parent
    return path.is_relative_to(here) and path.relative_to(here).as_posix().startswith(tuple(NEUTRAL))


async def add_acme() -> Vendor:
    vendor = await Vendor.add("acme", "Acme Learning", headline="Keep bees, calmly", support_email="help@acme.example")
    await Vendor.rotate_secret(vendor.id, SECRET)
    return await Vendor.objects().get(Vendor.id == vendor.id)


async def add_globex() -> Vendor:
    vendor = await Vendor.add("globex", "Globex Pottery")
    await Vendor.rotate_secret(vendor.id, SECRET[::-1])
    return await Vendor.objects().get(Vendor.id == vendor.id)


async def add_alice(acme: Vendor) -> Customer:
    return await Customer.open(acme.id, "alice@example.com", first_name="Alice", last_name="Ames")


async def add_bob(acme: Vendor) -> Customer:
    return await Customer.open(acme.id, "bob@example.com", first_name="Bob")


async def add_zoe(globex: Vendor) -> Customer:
    return await Customer.open(globex.id, "zoe@example.com", first_name="Zoe", last_name="Zimmer")


async def add_everybody() -> World:
    acme, globex = await add_acme(), await add_globex()
    return await cast.build(acme, globex, await add_alice(acme), await add_bob(acme), await add_zoe(globex))


class SQLiteRows:
    """Copies in memory beside the database; a connection without foreign keys, for all rows go and come together."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(database.engine.path, timeout=20, isolation_level=None)
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("ATTACH ':memory:' AS kept")

    async def run(self, *statements: str) -> None:
        try:
            self.connection.executescript(";\n".join(["BEGIN IMMEDIATE", *statements, "COMMIT"]))
        except BaseException:
            self.connection.rollback()
            raise

    async def close(self) -> None:
        self.connection.close()


class PostgresRows:
    """Copies in a schema of their own; one round trip, and no checks of foreign keys row by row."""

    async def run(self, *statements: str) -> None:
        quiet = "PERFORM set_config('session_replication_role', 'replica', true)"
        await database.engine.run_ddl(f"DO $$ BEGIN {quiet}; {'; '.join(statements)}; END $$")

    async def close(self) -> None:
        await database.engine.run_ddl("DROP SCHEMA IF EXISTS kept CASCADE")


class Stage:
    """What stands in the database between two tests."""

    def __init__(self) -> None:
        self.asked = 0
        """Statements since the run began."""
        self.written = True
        """Whether a statement since the last scene may have left rows: most tests leave none."""
        self.standing = "whatever there was before"
        self.world: World | None = None
        self.rows: SQLiteRows | PostgresRows = (
            SQLiteRows() if database.engine.engine_type == "sqlite" else PostgresRows()
        )

    def note(self, sql: str) -> None:
        self.asked += 1
        if not sql.lstrip().startswith("SELECT"):
            self.written = True

    async def empty(self) -> None:
        if self.written or self.standing != "nothing":
            await self.rows.run(*HOUSE_STAYS)
        self.standing, self.written = "nothing", False

    async def show_world(self) -> World:
        """Everybody with all they own, as if it had just been made."""
        if self.world is None or not timedelta(0) <= database.now() - self.made < FRESH:
            await self.make_world()
        elif self.written or self.standing != "world":
            await self.rows.run(*WIPE, *PUT_BACK)
        self.standing, self.written = "world", False
        shown = copy.deepcopy(self.world)
        cast.write_files(shown)
        return shown

    async def make_world(self) -> None:
        await self.empty()
        self.world, self.made = await add_everybody(), database.now()
        copies = [line for name in NAMES for line in (
            f"DROP TABLE IF EXISTS kept.{name}", f"CREATE TABLE kept.{name} AS SELECT * FROM {name}"
        )]  # fmt: skip
        if isinstance(self.rows, PostgresRows):
            copies.insert(0, "CREATE SCHEMA IF NOT EXISTS kept")
        await self.rows.run(*copies)
