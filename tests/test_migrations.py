import contextlib
import importlib
import io
import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager
from piccolo.columns import ForeignKey

import database
import engines
from settings import ROOT
from tables import TABLES, TENANT_TABLES, Customer, Order
from tests.conftest import ENGINE

SQLITE = ENGINE == "sqlite"
UNIQUE = {
    "vendors": {("slug",), ("domain",)}, "customers": {("vendor_id", "email"), ("vendor_id", "id")},
    "sessions": {("token_hash",)}, "sign_in_requests": {("link_hash",)},
    "mails": {("vendor_id", "dedupe_key"), ("vendor_id", "public_id")},
    "webhook_events": {("vendor_id", "source", "event_id")},
    "pictures": {("vendor_id", "source_url")}, "orders": {("vendor_id", "number"), ("vendor_id", "clickfunnels_id"),
                                                          ("vendor_id", "id")},
    "subscriptions": {("order_id",), ("vendor_id", "public_id")}, "credit_memos": {("vendor_id", "number")},
    "addresses": {("vendor_id", "customer_id", "fingerprint"), ("vendor_id", "public_id")},
    "phone_numbers": {("vendor_id", "customer_id", "digits")}, "payment_methods": {("vendor_id", "customer_id",
        "reference")},
    "courses": {("vendor_id", "clickfunnels_id"), ("vendor_id", "public_id")},
    "sections": {("vendor_id", "clickfunnels_id")},
    "lessons": {("vendor_id", "clickfunnels_id"), ("vendor_id", "public_id"), ("vendor_id", "id")},
    "lesson_files": {("vendor_id", "public_id")}, "enrollments": {("vendor_id", "clickfunnels_id")},
    "completions": {("vendor_id", "customer_id", "lesson_clickfunnels_id")},
    "contacts": {("vendor_id", "clickfunnels_id")},
    "invoices": {("vendor_id", "clickfunnels_id")}, "payments": {("vendor_id", "clickfunnels_id")},
    "parcels": {("vendor_id", "clickfunnels_id")}, "products": {("vendor_id", "clickfunnels_id")},
    "variants": {("vendor_id", "clickfunnels_id")},
}  # fmt: skip


async def columns(table):
    """Name → whether it may be NULL, as the database has it."""
    if SQLITE:
        return {
            row["name"]: not (row["notnull"] or row["pk"]) for row in await database.raw(f"PRAGMA table_info({table})")
        }
    rows = await database.raw(
        "SELECT column_name, is_nullable FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = {}",
        table,
    )
    return {row["column_name"]: row["is_nullable"] == "YES" for row in rows}


async def indexes(table):
    """The columns of every unique index, and of every index."""
    if SQLITE:
        listed = await database.raw(f"PRAGMA index_list({table})")
        parts = {
            row["name"]: tuple(part["name"] for part in await database.raw(f"PRAGMA index_info({row['name']})"))
            for row in listed
        }
        return {parts[row["name"]] for row in listed if row["unique"]}, set(parts.values())
    rows = await database.raw(
        "SELECT i.indisunique AS one, array("
        "SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(n, o) "
        "JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n ORDER BY k.o"
        ") AS parts FROM pg_index i WHERE i.indrelid = {}::regclass",
        table,
    )
    return {tuple(row["parts"]) for row in rows if row["one"]}, {tuple(row["parts"]) for row in rows}


def named(table):
    return table._meta.tablename


@pytest.mark.parametrize("table", TABLES, ids=named)
async def test_the_schema_is_what_the_tables_say(table):
    declared = {column._meta.db_column_name: column._meta.null for column in table._meta.columns}
    assert await columns(named(table)) == declared


@pytest.mark.parametrize("table", TABLES, ids=named)
async def test_what_must_be_unique_is(table):
    unique, _ = await indexes(named(table))
    assert UNIQUE.get(named(table), set()) <= unique


@pytest.mark.parametrize("table", TENANT_TABLES, ids=named)
async def test_every_list_index_leads_with_the_vendor(table):
    over_all_vendors = {
        "due",
        "expiry",
        "id",
        "token_hash",
        "link_hash",
        "order_id",
        "state",
        "status",
        "next_try_at",
        "expires_at",
        "avatar_due_at",
        "closes_at",
        "avatar",
        "processed_at",
        "person_id",
        "tell_at",
        "renewal_at",
        "next_charge_at",
        "trial_end_at",
        "exp_year",
    }
    _, found = await indexes(named(table))
    assert {parts for parts in found if parts[0] != "vendor_id" and parts[0] not in over_all_vendors} == set()


REFERENCES = [
    (table, column) for table in TENANT_TABLES for column in table._meta.columns
    if isinstance(column, ForeignKey) and column._meta.name != "vendor"
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "column"), REFERENCES, ids=lambda part: getattr(getattr(part, "_meta", None), "name", None) or named(part)
)
async def test_a_row_cannot_point_at_another_vendors(world, table, column):
    """The database itself keeps tenants apart, when the code is wrong."""
    theirs = await first(column._foreign_key_meta.resolved_references, world.globex)
    ours = await first(table, world.acme)
    assert theirs, "let somebody at globex own one in tests/world.py"
    assert ours, "let somebody at acme own one in tests/world.py"
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await database.raw(f"UPDATE {named(table)} SET {column._meta.db_column_name} = {theirs} WHERE id = {ours}")


async def first(table, vendor):
    rows = await database.raw(f"SELECT MIN(id) AS id FROM {named(table)} WHERE vendor_id = {vendor.id}")
    return rows[0]["id"]


async def test_an_order_of_one_vendor_cannot_be_a_customers_of_another(world):
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await Order(vendor=world.acme.id, customer=world.zoe.id, clickfunnels_id="x", number="x", currency="USD").save()


async def test_migrating_again_changes_nothing():
    before = await schema()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        await ForwardsMigrationManager(app_name="customer_center", migration_id="all").run()
    assert await schema() == before


async def schema():
    return {named(table): (await columns(named(table)), await indexes(named(table))) for table in TABLES}


async def test_no_migration_is_pending():
    from commands.migrations import pending

    assert await pending() == []


async def test_an_id_is_never_given_twice(acme):
    """Not even when the newest row was deleted: mails and sessions know each other by it."""
    from tables import Picture

    ids = []
    for number in range(3):
        picture = Picture(vendor=acme.id, source_url=f"https://a.example/{number}")
        await picture.save()
        ids.append(picture.id)
        await Picture.delete(force=True)
    assert len(set(ids)) == 3


OLD = """INSERT INTO vendors (slug, name, headline, locale, time_zone, tokens, hidden_tabs, logo_alt, logo_width, logo_height,
answer_unknown) VALUES ('acme', 'Acme', '', 'en', 'UTC', '{}', '[]', '', '', '', true);
INSERT INTO customers (vendor_id, public_id, email, email_version, first_name, last_name)
VALUES (1, 'p1', 'a@b.example', '', 'Ann', '');
INSERT INTO sessions (vendor_id, customer_id, token_hash, auth_method, device, ip_prefix)
VALUES (1, 1, 'h1', 'link', '', ''), (1, 1, 'h2', 'link', '', '')"""


async def test_a_database_of_the_version_before_is_brought_along(other_database):
    """Every migration after the first on a database that holds rows already: nothing lost, every column filled."""
    first, *later = sorted((ROOT / "migrations").glob("customer_center_*.py"))
    await migrate(first)
    for statement in OLD.split(";"):
        await database.engine.run_ddl(statement)
    for path in later:
        await migrate(path)
    customer = await Customer.objects().first()
    assert (customer.first_name, customer.password_hash, customer.show_gravatar, customer.password_failures) == (
        "Ann", None, True, 0
    )  # fmt: skip
    ids = {row["public_id"] for row in await database.raw("SELECT public_id FROM sessions")}
    assert len(ids) == 2
    assert all(ids)
    assert {len(text) for text in ids} == {22}


async def migrate(path):
    manager = await importlib.import_module(f"migrations.{path.stem}").forwards()
    for change in manager.raw:
        await change()


@pytest.fixture
async def other_database(tmp_path, monkeypatch):
    """An empty database beside the one of the run."""
    main = database.engine
    if ENGINE == "sqlite":
        other = engines.make_engine(f"sqlite:///{tmp_path}/other.sqlite")
    else:
        await main.run_ddl("DROP DATABASE IF EXISTS other")
        await main.run_ddl("CREATE DATABASE other")
        url = urlsplit(os.environ["DATABASE_URL"])
        other = engines.make_engine(urlunsplit(url._replace(path="/other")))
    monkeypatch.setattr(database, "engine", other)
    for table in TABLES:
        monkeypatch.setattr(table._meta, "_db", other)
    await other.start()
    yield
    await other.stop()
