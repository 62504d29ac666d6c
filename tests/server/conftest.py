"""Real processes. The run's own database is left alone here; every server has one of its own."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import pytest
from running import *  # noqa: F403
from webhooks_sender import ClickFunnels


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("server")


@pytest.fixture(scope="session")
async def shared_post(open_post_office):
    return open_post_office()


@pytest.fixture(scope="session")
async def shared(launch, shared_post):
    """A server for every test that neither stops it nor spoils its mail. Addresses come from X-Forwarded-For."""
    return await launch(SMTP_URL=shared_post.url, TRUSTED_PROXIES="127.0.0.1")


@pytest.fixture
async def server(shared):
    """The shared server with every rate limit untouched."""
    await shared.data.forget_limits()
    return shared


@pytest.fixture
def post(shared_post):
    return shared_post


@pytest.fixture
def clickfunnels(server):
    return ClickFunnels(server)
