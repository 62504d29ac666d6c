"""Fixtures for whoever needs a real server; both `tests/server` and `tests/browser` take them from here."""

from __future__ import annotations

import os

import pytest
from post_office import PostOffice
from processes import Postgres, Server, Templates

__all__ = ["launch", "migrated", "open_post_office", "stage", "templates"]


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
async def launch(templates, tmp_path_factory):
    """`await launch(…)` starts a server with its own data and database; all are stopped at the end."""
    started: list[Server] = []

    async def start(name: str = "vendors", **options) -> Server:
        folder = tmp_path_factory.mktemp("server")
        server = Server(folder, await templates.copy(name, folder), **options)
        started.append(server)
        return await server.start()

    yield start
    for server in started:
        await server.stop()


@pytest.fixture(scope="session")
def open_post_office():
    opened: list[PostOffice] = []

    def open_one() -> PostOffice:
        opened.append(PostOffice().open())
        return opened[-1]

    yield open_one
    for office in opened:
        office.close()
