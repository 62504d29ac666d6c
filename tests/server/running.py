"""Fixtures for whoever needs a real server; both `tests/server` and `tests/browser` take them from here."""

from __future__ import annotations

import os

import pytest
from post_office import PostOffice
from processes import Postgres, Server, Templates

__all__ = ["launch", "migrated", "open_post_office", "own_servers", "stage", "started", "templates"]


@pytest.fixture(scope="session")
def migrated():
    """The run's own database is left alone: every server has one of its own."""


@pytest.fixture
def stage():
    """The run's own database is left alone."""


@pytest.fixture(scope="session")
def templates(tmp_path_factory):
    on_postgres = os.environ.get("TEST_ENGINE") == "postgres"
    return Templates(
        tmp_path_factory.mktemp("templates"), Postgres(os.environ["DATABASE_URL"]) if on_postgres else None
    )


@pytest.fixture(scope="session")
async def started():
    """The servers that run; all are stopped at the end."""
    servers: list[Server] = []
    yield servers
    for server in servers:
        await server.stop()


@pytest.fixture(autouse=True)
async def own_servers(started):
    """A server that a test has started for itself ends with it: PostgreSQL has only so many connections.

    Those that several tests share were started before, by a fixture of a larger scope.
    """
    shared = len(started)
    yield
    for server in started[shared:]:
        await server.stop()
    del started[shared:]


@pytest.fixture(scope="session")
def launch(templates, tmp_path_factory, started):
    """`await launch(…)` starts a server with its own data and database."""

    async def start(name: str = "vendors", **options) -> Server:
        folder = tmp_path_factory.mktemp("server")
        server = Server(folder, await templates.copy(name, folder), **options)
        started.append(server)
        return await server.start()

    return start


@pytest.fixture(scope="session")
def open_post_office():
    opened: list[PostOffice] = []

    def open_one() -> PostOffice:
        opened.append(PostOffice().open())
        return opened[-1]

    yield open_one
    for office in opened:
        office.close()
