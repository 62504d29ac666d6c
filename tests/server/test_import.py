"""A worker of its own imports over loopback, is killed in the middle more than once, and loses and doubles nothing."""

from __future__ import annotations

import random
import threading

import pytest
import uvicorn
from processes import free_port, litestar, until

from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, FakeClickFunnels, large

PEOPLE, KILLS = 120, 3


class Loopback:
    """The fake on a port of this machine, in a thread; some of its answers are troubles."""

    def __init__(self, fake: FakeClickFunnels) -> None:
        self.port = free_port()
        self.server = uvicorn.Server(uvicorn.Config(fake, port=self.port, log_config=None, lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> Loopback:
        self.thread.start()
        await until(lambda: self.server.started)
        return self

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
async def shop():
    fake = FakeClickFunnels(large(PEOPLE))
    loopback = await Loopback(fake).open()
    yield fake, loopback.url
    loopback.close()


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN)
    return str(path)


def command(server, token_file, *words: str, check: bool = True):
    return litestar(
        server.environ, "import", "clickfunnels", "--vendor", "acme",
        "--token-file", token_file, "--subdomain", SUBDOMAIN, *words, check=check,
    )  # fmt: skip


async def test_an_import_survives_kills_of_its_worker(launch, shop, token_file):
    fake, url = shop
    server = await launch(CLICKFUNNELS_URL=url)
    assert "more" in command(server, token_file, "--check").stdout
    await server.data.rows(
        "INSERT INTO import_runs (vendor_id, public_id, state, workspace, welcomes, resource, counts, tries, next_try_at, "
        "started_by, created_at) SELECT id, 'the-run', 'queued', '42000', false, 'products', '{}', 0, "
        "'2000-01-01 00:00:00+00:00', 'a test', '2026-11-22 00:00:00+00:00' FROM vendors WHERE slug = 'acme'"
    )
    dice = random.Random(30)
    for asked in sorted(dice.sample(range(8, 60), KILLS)):
        await until(lambda asked=asked: len(fake.asked) > asked, 60)
        server.kill()
        # What the dead process had leased comes back at once, not when its lease ends.
        await server.data.rows("UPDATE import_runs SET leased_until = NULL WHERE state = 'running'")
        await server.start()
    fake.answers = [(503, {}, {}), (429, {"retry-after": "0"}, {})]
    await until(lambda: ended(server), 120)

    assert await server.data.value("SELECT state FROM import_runs") == "done"
    assert await server.data.value("SELECT count(*) FROM import_refusals") == 0
    for table in ("orders", "invoices", "enrollments", "completions", "contacts", "customers"):
        vendor = "(SELECT id FROM vendors WHERE slug = 'acme')"
        assert await server.data.value(f"SELECT count(*) FROM {table} WHERE vendor_id = {vendor}") == PEOPLE, table
    assert await server.data.value("SELECT count(*) FROM payments") == len(fake.records["transactions"])
    assert await server.data.value("SELECT count(*) FROM mails") == 0
    assert TOKEN not in server.said()


async def ended(server) -> bool:
    # A wait for ClickFunnels ends now: it stands in for the clock.
    await server.data.rows("UPDATE import_runs SET next_try_at = '2000-01-01 00:00:00+00:00' WHERE state = 'waiting'")
    return await server.data.value("SELECT count(*) FROM import_runs WHERE state IN ('done', 'failed')") == 1


async def test_the_command_imports_by_itself_and_ends_with_its_verdict(launch, shop, token_file):
    fake, url = shop
    server = await launch(CLICKFUNNELS_URL=url, WORKER="0")
    fake.records |= large(12)
    fake.forbidden["orders"] = "Missing required scope: store:read"
    refused = command(server, token_file, check=False)
    assert refused.returncode == 1
    assert "store:read" in refused.stderr
    fake.forbidden.clear()
    done = command(server, token_file)
    assert "12 seen, 12 new" in done.stdout
    assert done.stdout.rstrip().endswith("Done. Nothing was changed in ClickFunnels.")
    assert TOKEN not in done.stdout + done.stderr
