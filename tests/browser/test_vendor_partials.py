"""Nothing a vendor writes makes a browser send a request or run a script."""

from __future__ import annotations

import asyncio
import sqlite3
from urllib.parse import urlsplit

import pytest

from tests.theming.partials.hostile import HOSTILE_DATA, MARKUP
from theming.partials.partial import Partial
from theming.slots import SLOTS

PAGE = "<!doctype html><html lang=en><title>Partials</title><body>{}</body></html>"
SWALLOWS = ("textarea", "select", "iframe", "srcdoc", "noscript", "title", "comment", "template", "svg", "style", "object",
            "script", "nested script", "script elsewhere", "svg use", "svg in math")  # fmt: skip
"""Without an end they would hide what follows from the server's own sanitiser, and so from this test."""


@pytest.mark.parametrize("clean", [True, False], ids=["cleaned", "as it came"])
async def test_cleaned_markup_sends_nothing_and_runs_nothing_even_without_a_policy(chromium, clean):
    """Every snippet of ours on one page that has no Content-Security-Policy to lean on; as it came, most of them act."""
    partials = [Partial(SLOTS["header"], source) for name, source in MARKUP.items() if clean or name not in SWALLOWS]
    shown = [(partial.html if clean else partial.raw)(HOSTILE_DATA) for partial in partials]
    context = await chromium.new_context()
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    await context.route(lambda url: True, lambda route: route.fulfill(
        body=PAGE.format("".join(f"<section>.{html}</section>" for html in shown)), content_type="text/html"))  # fmt: skip
    page = await context.new_page()
    page.on("dialog", lambda dialog: (said.append(dialog.message), asyncio.ensure_future(dialog.accept())))
    await page.goto("http://center.example/")
    if clean:
        await page.evaluate("""() => document.querySelectorAll("section *").forEach(one => ["mouseover", "focus", "load"]
            .forEach(kind => one.dispatchEvent(new Event(kind, {bubbles: true}))))""")
        assert await page.locator("body > section").count() == len(MARKUP)
    await page.keyboard.press("Tab")
    assert (asked == ["http://center.example/"]) == clean
    assert (said == []) == clean
    await context.close()


@pytest.fixture
async def written(center):
    """The demo's center with a hostile header, footer and course card, put where the console would put them."""
    if "sqlite" not in center.environ["DATABASE_URL"]:
        pytest.skip("writes into the demo's file by itself")
    source = "".join(snippet for name, snippet in MARKUP.items() if name not in SWALLOWS)
    with sqlite3.connect(center.environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=20) as file:
        (vendor,) = file.execute("SELECT id FROM vendors WHERE slug = 'globex'").fetchone()
        file.execute("DELETE FROM vendor_partials WHERE vendor_id = ?", (vendor,))
        for slot in ("header", "footer", "hub_intro", "course_card"):
            usable = source.replace("{{ person.first_name }}", "").replace("{{ person.name }}", "")
            file.execute("INSERT INTO vendor_partials (vendor_id, slot, number, source, active) VALUES (?, ?, 1, ?, 1)",
                         (vendor, slot, f'<p class="v-here">{slot}</p>{usable}'))  # fmt: skip
        file.execute("UPDATE vendors SET partials_changed = partials_changed + 1 WHERE id = ?", (vendor,))
    file.close()
    yield center
    with sqlite3.connect(center.environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=20) as file:
        file.execute("DELETE FROM vendor_partials")
        file.execute("UPDATE vendors SET partials_changed = partials_changed + 1")
    file.close()


async def test_a_hostile_vendors_pages_only_ask_for_what_they_always_ask_for(written, browse):
    page = await browse(email="zoe@example.com")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto("/globex/courses")
    for _ in range(20):
        if await page.locator(".v-here").count() >= 3:
            break
        await page.wait_for_timeout(500)
        asked.clear()
        await page.reload()
    assert await page.locator(".v-here").all_inner_texts() != []
    assert set(await page.locator(".v-here").all_inner_texts()) >= {"header", "footer", "hub_intro"}
    own = urlsplit(page.url)
    paths = [urlsplit(url) for url in asked]
    assert {path.netloc for path in paths} == {own.netloc}
    kinds = {path.path.split("/")[1] for path in paths if path.path != own.path}
    assert kinds <= {"static", "theme", "media", "avatar", "favicon.ico"}
    assert await page.locator("main").count() == 1
    assert await page.locator("h1").count() == 1
