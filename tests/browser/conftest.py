"""Browsers against a real server with the demo's data. What is missing on the machine is skipped, or fails under CI."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "server")]

import pytest  # noqa: E402
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect  # noqa: E402
from running import *  # noqa: E402, F403
from webhooks_sender import ClickFunnels  # noqa: E402

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
TIMEOUT = 15_000
"""Milliseconds a page may take; generous, for a machine that has other work as well."""
expect.set_options(timeout=TIMEOUT)
CAST = {
    "alice@example.com": "acme",
    "bob@example.com": "acme",
    "zoe@example.com": "globex",
    "olga@example.com": "console",
}
VIDEO_HOSTS = {"www.youtube-nocookie.com", "player.vimeo.com"}
# The browser's own notes on answers that are meant to be so.
EXPECTED = re.compile(
    r"Failed to load resource: the server responded with a status of 4\d\d|Clear-Site-Data header on .* Cleared|"
    # The summary of mistakes asks for the focus itself, for pages without a script; after a swap it has it already.
    r"info: Autofocus processing was blocked because a document already has a focused element|"
    # Advice for password managers. The page does not tell the address in full to whoever holds its link.
    r"verbose: \[DOM\] Password forms should have \(optionally hidden\) username fields"
)
AXE, AXE_SHA256 = "4.14.1", "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def needed(program: str) -> str:
    """Where a program is; without it the test cannot be run, which under CI is a failure."""
    found = shutil.which(program)
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{program} is not installed")
    return str(found)


@pytest.fixture(scope="session")
async def chromium():
    path = needed("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    """The accessibility checker's script, fetched once from the npm registry into the virtual environment."""
    kept = Path(sys.prefix) / f"axe-core-{AXE}.min.js"
    if not kept.exists():
        folder = tmp_path_factory.mktemp("axe")
        subprocess.run([needed("npm"), "pack", "--silent", f"axe-core@{AXE}"], cwd=folder, check=True, timeout=120)
        with tarfile.open(next(folder.glob("*.tgz"))) as packed:
            script = packed.extractfile("package/axe.min.js").read()
        assert hashlib.sha256(script).hexdigest() == AXE_SHA256
        kept.write_bytes(script)
    return kept.read_text()


@pytest.fixture(scope="session")
def office(open_post_office):
    return open_post_office()


@pytest.fixture(scope="session")
async def demo(launch, office):
    """The demo, with globex in the press theme."""
    server = await launch("demo", SMTP_URL=office.url, TRUSTED_PROXIES="127.0.0.1")
    server.command("vendor", "set", "globex", "--theme", "press")
    return server


@pytest.fixture
async def center(demo):
    """The demo's server with every rate limit untouched."""
    await demo.data.forget_limits()
    return demo


@pytest.fixture
def clickfunnels(center):
    return ClickFunnels(center)


@pytest.fixture(scope="session")
async def cookies(demo) -> dict[str, str]:
    """A session for each of the cast, made once."""

    async def enter(vendor: str, email: str) -> str:
        async with demo.visitor() as visitor:
            await visitor.sign_in_by_command(email, vendor)
            name = vendor if vendor == "console" else f"center-{vendor}"
            return f"{name}={visitor.cookies[name]}"

    return dict(zip(CAST, await asyncio.gather(*(enter(vendor, email) for email, vendor in CAST.items())), strict=True))


class Watch:
    """Everything a page says, and every host it turns to."""

    def __init__(self, base: str) -> None:
        self.own = urlsplit(base).netloc
        self.console: list[str] = []
        self.foreign: set[str] = set()

    async def over(self, context: BrowserContext) -> None:
        context.on("console", lambda message: self.note(f"{message.type}: {message.text}"))
        context.on("weberror", lambda error: self.note(f"thrown: {error.error}"))
        await context.route(lambda url: urlsplit(url).netloc != self.own, self.keep_out)

    def note(self, said: str) -> None:
        if not EXPECTED.search(said):
            self.console.append(said)

    async def keep_out(self, route: Any) -> None:
        """Nothing leaves the machine: a known video host gets an empty page, any other is a fault."""
        self.foreign.add(urlsplit(route.request.url).netloc)
        await route.fulfill(body="<!doctype html><title>film</title>", content_type="text/html")


def opener(chromium: Browser, base: str, cookies: dict[str, str]) -> Any:
    """`async with opener(…)() as open_page` opens each page in a context of its own; none may say a word to the end."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Callable[..., Awaitable[Page]]]:
        contexts: list[BrowserContext] = []
        watches: list[Watch] = []

        async def open_page(*, email: str | None = None, width: int = 1280, quiet: bool = True, without: str = "",
                            **options: Any) -> Page:  # fmt: skip
            context = await chromium.new_context(
                base_url=base, viewport={"width": width, "height": 800}, **options
            )  # fmt: skip
            contexts.append(context)
            context.set_default_timeout(TIMEOUT)
            watch = Watch(base)
            await watch.over(context)
            if quiet:
                watches.append(watch)
            if without:
                await context.route(re.compile(without), lambda route: route.abort())
            if email:
                name, _, value = cookies[email].partition("=")
                await context.add_cookies([{"name": name, "value": value, "url": base, "httpOnly": True}])
            return await context.new_page()

        try:
            yield open_page
        finally:
            for context in contexts:
                await context.close()
        for watch in watches:
            assert watch.console == []
            assert watch.foreign <= VIDEO_HOSTS

    return opening


@pytest.fixture(scope="session")
def open_pages(chromium, demo, cookies):
    return opener(chromium, demo.base, cookies)


@pytest.fixture
async def browse(open_pages, center):
    """`await browse(…)` opens a page in a context of its own; at the end no page may have said a word."""
    async with open_pages() as open_page:
        yield open_page


@pytest.fixture
def needs():
    return needed
