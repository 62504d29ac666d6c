"""Every page, as a person could come upon it: quiet, ours alone, readable in light and dark, wide and narrow."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect
from promises import TABS

ALICE, BOB, ZOE = "alice@example.com", "bob@example.com", "zoe@example.com"
OF_A_KIND = 2
"""How many pages of one kind (orders, lessons) are opened."""

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
TOO_WIDE_AT = """size => {
    const page = document.documentElement;
    page.style.fontSize = size;
    return page.scrollWidth - innerWidth;
}"""
SIGNED_OUT = [
    "/acme/sign-in", "/acme/sign-in/password", "/acme/password", "/acme/password/check-email", "/acme/nothing-here",
    "/acme/sign-in/link/unknown", "/acme/password/unknown", "/", "/dev/mail",
]  # fmt: skip


def kind(path: str) -> str:
    """Pages of one template: ids and numbers do not matter."""
    return re.sub(r"/[\w-]{22}(?=/|$)|(?<=orders/)[^/]+|(?<=memos/)[^/]+|\?.*", "/…", path)


async def addresses(page: Page) -> list[str]:
    """The pages of ours that this one links to; files, raw mails and pages of other hosts are not pages of ours."""
    own = urlsplit(page.url).netloc
    links = await page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    found = [urlsplit(link) for link in links]
    paths = [one._replace(scheme="", netloc="", fragment="").geturl() for one in found if one.netloc == own]
    others = ("/files/", "/exports/", "/html", "/dev/mail/")
    return [path for path in paths if not any(part in path for part in others)]


async def walk(page: Page, *starts: str) -> dict[str, int]:
    """Open every page that can be reached from these; path → status."""
    seen: dict[str, int] = {}
    waiting, kinds = list(starts), {}
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds.get(kind(path), 0) >= OF_A_KIND:
            continue
        kinds[kind(path)] = kinds.get(kind(path), 0) + 1
        answer = await page.goto(path)
        seen[path] = answer.status
        waiting += await addresses(page)
    return seen


WALKS = {
    "alice": (ALICE, False, ["/acme/", "/acme/account"]), "alice in the dark": (ALICE, True, ["/acme/", "/acme/account"]),
    "bob": (BOB, False, ["/acme/", "/acme/courses"]), "zoe in press": (ZOE, False, ["/globex/", "/globex/account"]),
    "zoe in press in the dark": (ZOE, True, ["/globex/", "/globex/account"]), "nobody": (None, False, SIGNED_OUT),
}  # fmt: skip


@pytest.mark.parametrize("who", WALKS)
async def test_every_link_leads_somewhere_and_no_page_says_a_word(browse, who):
    """Opening a page checks its console, its hosts and its policy (see `browse`); here also what it leaves behind."""
    email, dark, starts = WALKS[who]
    page = await browse(email=email, dark=dark)
    seen = await walk(page, *starts)
    meant = {"/acme/nothing-here": 404, "/acme/sign-in/link/unknown": 410, "/acme/password/unknown": 410}
    assert {path: status for path, status in seen.items() if status != meant.get(path, 200)} == {}
    if email:
        assert len({kind(path) for path in seen}) >= (14 if email == ALICE else 10)
    kept = json.loads(await page.evaluate("JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])"))
    assert kept[0] == []
    assert set(kept[1]) <= {"htmx-current-path-for-history"}
    assert await page.evaluate("document.cookie") == ""


@pytest.fixture(scope="session")
async def kinds(chromium, demo, cookies) -> dict[str, list[str]]:
    """One page of each kind, and those with films, for everybody who looks at all of them."""
    found = {}
    for email, starts in ((ALICE, ["/acme/courses", "/acme/account"]), (BOB, ["/acme/courses", "/acme/account"]),
                          (ZOE, ["/globex/courses", "/globex/account"])):  # fmt: skip
        name, _, value = cookies[email].partition("=")
        context = await chromium.new_context(base_url=demo.base, java_script_enabled=False)
        await context.add_cookies([{"name": name, "value": value, "url": demo.base}])
        await context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
        pages = await walk(await context.new_page(), *starts)
        found[email] = list({kind(path): path for path in reversed(pages)}.values())
        await context.close()
    shown = {path.rpartition("/")[2] for path in found[ALICE]}
    assert shown >= {path for _, path in TABS}
    return found


async def test_axe_finds_nothing(browse, axe, kinds):
    """Every page wide and as on a phone, each in light and in dark; the dark changes colours only."""
    looks = [examine(browse, axe, email, paths) for email, paths in [*kinds.items(), (None, SIGNED_OUT)]]
    assert [wrong for found in await asyncio.gather(*looks) for wrong in found] == []


async def examine(browse, axe: str, email: str | None, paths: list[str]) -> list[str]:
    page = await browse(email=email, bypass_csp=True, reduced_motion="reduce")
    await page.add_init_script(axe)
    wrong = []
    for path in paths:
        await page.goto(path)
        if email:
            await page.locator("#menu summary").click()
        for width in (1280, 360):
            await page.set_viewport_size({"width": width, "height": 800})
            for scheme, what in (("light", {}), ("dark", COLOURS)):
                await page.emulate_media(color_scheme=scheme)
                found = await page.evaluate("what => axe.run({resultTypes: ['violations'], ...what})", what)
                wrong += [f"{path} {width} {scheme}: {told(one)}" for one in found["violations"]]
    return wrong


def told(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"


@pytest.mark.parametrize("email", [ALICE, BOB, ZOE, None], ids=["alice", "bob", "zoe", "nobody"])
@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (360, "200%")], ids=["320 px", "200 % text"])
async def test_nothing_has_to_be_scrolled_sideways(browse, kinds, email, width, size):
    page = await browse(email=email, width=width, java_script_enabled=True)
    wide = {}
    for path in kinds[email] if email else SIGNED_OUT:
        await page.goto(path)
        over = await page.evaluate(TOO_WIDE_AT, size)
        if over > 0:
            wide[path] = over
    assert wide == {}


async def test_targets_are_large_enough_for_a_finger(browse, kinds):
    """Buttons, tabs and menus 44 px high, whatever stands alone 24 px (WCAG 2.5.8)."""
    page = await browse(email=ALICE, width=360)
    small = {}
    for path in kinds[ALICE]:
        await page.goto(path)
        await page.locator("#menu summary").click()
        found = await page.eval_on_selector_all(
            ".btn, .tabs a, .menu summary, .menu-panel a, .menu-panel button, .foot-links a, .back a, .choice label",
            "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(one => one[1] < 44)",
        )
        if found:
            small[path] = found
    assert small == {}


async def test_an_order_on_paper_is_an_order_alone(browse, kinds, needs, tmp_path):
    page = await browse(email=ALICE)
    await page.goto("/acme/account/orders/1002")
    await page.emulate_media(media="print")
    for selector in (".tabs", ".menu", ".back", ".foot-links", ".skip", ".account-name"):
        await expect(page.locator(selector)).not_to_be_visible()
    for text in ("Order 1002", "Starter hive kit", "18 Orchard Lane", "$249.00"):
        await expect(page.get_by_text(text).first).to_be_visible()
    await page.pdf(path=tmp_path / "order.pdf", format="A4")
    assert b"%PDF" in (tmp_path / "order.pdf").read_bytes()[:8]


async def test_another_site_cannot_frame_a_page(browse, center):
    page = await browse(quiet=False)
    framing = f"<!doctype html><title>x</title><iframe src='{center.base}/acme/sign-in'></iframe>"
    await page.context.route(
        "http://framer.example/", lambda route: route.fulfill(body=framing, content_type="text/html")
    )
    await page.goto("http://framer.example/")
    await page.wait_for_timeout(500)
    assert [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"]
