"""Real servers on free ports, each with its own data folder and database, stopped by the id they were started with."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "the key of the tests, long enough to be one"
SECRETS = {"acme": "0123456789abcdef" * 4, "globex": "fedcba9876543210" * 4}
NAMES = {"acme": "Acme Learning", "globex": "Globex"}
START_SECONDS = 30
PAST = "2000-01-01 00:00:00+00:00"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Data:
    """The database of one server, asked directly."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.path = Path(url.removeprefix("sqlite:///")) if self.is_sqlite else None

    async def rows(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a statement; a change is written down at once."""
        return self.sqlite_rows(sql) if self.is_sqlite else await self.postgres_rows(sql)

    async def value(self, sql: str) -> Any:
        [row] = await self.rows(sql)
        [value] = row.values()
        return value

    def sqlite_rows(self, sql: str) -> list[dict[str, Any]]:
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(sql)]
        finally:
            connection.close()

    async def postgres_rows(self, sql: str) -> list[dict[str, Any]]:
        connection = await asyncpg.connect(self.url.replace("postgres://", "postgresql://", 1))
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    async def hurry(self) -> None:
        """Make every wait of the queues end now: leases of the dead, tries to come. Stands in for the clock."""
        await self.rows(
            f"UPDATE mails SET next_try_at = '{PAST}', leased_until = NULL WHERE state = 'queued' AND "
            f"(leased_until IS NOT NULL OR tries > 0)"
        )
        await self.rows(
            f"UPDATE webhook_events SET next_try_at = '{PAST}', leased_until = NULL WHERE status = 'received' "
            f"AND leased_until IS NOT NULL"
        )

    async def forget_limits(self) -> None:
        """Start every rate limit anew."""
        await self.rows("DELETE FROM rate_limits")


class Postgres:
    """Databases in the PostgreSQL that the run has started (tests/conftest.py)."""

    count = 0

    def __init__(self, url: str) -> None:
        self.url = url

    async def make(self, template: str | None = None) -> str:
        Postgres.count += 1
        name = f"server_{Postgres.count}_{os.getpid()}"
        source = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
        await Data(self.url).rows(f'CREATE DATABASE "{name}"{source}')
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))


def environment(folder: Path, url: str, **more: str) -> dict[str, str]:
    """What a process of ours gets: nothing of the run's own settings but the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "DATA_DIR": str(folder), "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "ENVIRONMENT": "development",
        "LOG_FORMAT": "json", "PYTHONUNBUFFERED": "1", "GRAVATAR_URL": "",
    } | more  # fmt: skip


def litestar(environ: dict[str, str], *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of our commands to its end."""
    return subprocess.run(
        [sys.executable, "-m", "litestar", *words], cwd=ROOT, env=environ, check=check, capture_output=True, text=True,
        timeout=120,
    )  # fmt: skip


class Server:
    """`litestar run` as a process of its own."""

    def __init__(self, folder: Path, url: str, *, workers: int = 1, **environ: str) -> None:
        self.folder, self.workers = folder, workers
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.data = Data(url)
        self.environ = environment(folder, url, **{"BASE_URL": self.base, **environ})
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self, *, ready: bool = True) -> Server:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "litestar", "run", "--port", str(self.port), "--workers", str(self.workers)],
                cwd=ROOT, env=self.environ, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        if ready:
            await self.wait_for_answer()
        return self

    async def wait_for_answer(self) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            for _ in range(START_SECONDS * 20):
                try:
                    if (await client.get(f"{self.base}/health/live")).status_code == 200:
                        return
                except httpx.TransportError:
                    assert self.process
                    assert self.process.poll() is None, self.said()
                await asyncio.sleep(0.05)
        raise AssertionError(f"the server did not come up:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def command(self, *words: str) -> str:
        return litestar(self.environ, *words).stdout

    def terminate(self) -> None:
        """Ask it to stop, as a service manager does."""
        assert self.process
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """kill -9, its workers too."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    async def ended(self, seconds: float) -> int:
        """Its exit status, once it has come to its end by itself."""
        assert self.process
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it still runs after {seconds} seconds:\n{self.said()[-3000:]}"
            await asyncio.sleep(0.05)
        return self.process.returncode

    def children(self) -> list[psutil.Process]:
        assert self.process
        return psutil.Process(self.process.pid).children(recursive=True)

    async def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.terminate()
        try:
            await self.ended(30)
        except AssertionError:
            self.kill()

    def visitor(self, **options: Any) -> Visitor:
        return Visitor(self, **options)


class Visitor(httpx.AsyncClient):
    """A browser without JavaScript: keeps cookies, fills in the form it was shown."""

    def __init__(self, server: Server, **options: Any) -> None:
        super().__init__(base_url=server.base, trust_env=False, timeout=60, **options)
        self.server = server

    async def send_form(self, page: str, action: str, **fields: str) -> httpx.Response:
        """POST `fields` with the form token of `page`, as coming from there."""
        shown = await self.get(page, follow_redirects=True)
        return await self.post(
            action, data={"_csrf": form_token(shown.text), **fields}, headers={"referer": f"{self.server.base}{page}"}
        )

    async def ask(self, email: str, vendor: str = "acme") -> httpx.Response:
        return await self.send_form(f"/{vendor}/sign-in", f"/{vendor}/sign-in", email=email)

    async def sign_in_by_command(self, email: str, vendor: str = "acme") -> None:
        """Through a link printed by the command, so that no mail is needed."""
        link = await asyncio.to_thread(self.server.command, "customer", "link", email, "--vendor", vendor)
        path = link.strip().removeprefix(self.server.base)
        answer = await self.send_form(path, path)
        assert answer.status_code == 303, answer.text


def form_token(html: str) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', html)
    assert found, html
    return found[1]


async def until(question: Any, seconds: float = 30) -> Any:
    """Ask until the answer is true, and return it; the generous end is there so that a broken test does not hang."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer or time.monotonic() > end:
            assert answer, "this did not come true in time"
            return answer
        await asyncio.sleep(0.05)


class Templates:
    """Databases made once and copied for every server that wants one."""

    def __init__(self, folder: Path, postgres: Postgres | None) -> None:
        self.folder, self.postgres = folder, postgres
        self.made: dict[str, tuple[Path, str]] = {}

    async def copy(self, name: str, target: Path) -> str:
        """A data folder and database of its own at `target`, like the template `empty`, `vendors` or `demo`; its URL."""
        if name not in self.made:
            self.made[name] = await self.build(name)
        folder, url = self.made[name]
        shutil.copytree(folder, target, dirs_exist_ok=True)
        if self.postgres:
            return await self.postgres.make(url)
        return f"sqlite:///{target / 'center.sqlite'}"

    async def build(self, name: str) -> tuple[Path, str]:
        folder = self.folder / name
        folder.mkdir(parents=True)
        url = await self.postgres.make() if self.postgres else f"sqlite:///{folder / 'center.sqlite'}"
        environ = environment(folder, url)
        litestar(environ, "migrate")
        if name == "demo":
            litestar(environ, "demo")
            words = [("set", slug, "--clickfunnels-secret", secret) for slug, secret in SECRETS.items()]
        elif name == "empty":
            words = []
        else:
            words = [("add", slug, "--name", NAMES[slug], "--clickfunnels-secret", SECRETS[slug]) for slug in NAMES]
        await asyncio.gather(*(asyncio.to_thread(litestar, environ, "vendor", *line) for line in words))
        return folder, url
