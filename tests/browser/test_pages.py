"""Every page, as a person could come upon it: quiet, ours alone, readable in light and dark, wide and narrow."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.async_api import Page, expect
from processes import until
from promises import TABS

ALICE, BOB, ZOE, OLGA = "alice@example.com", "bob@example.com", "zoe@example.com", "olga@example.com"
OF_A_KIND = 2
"""How many pages of one kind (orders, lessons) are opened."""

COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
LOOKS = [(360, "light"), (1280, "light"), (1280, "dark")]
FEWER_LOOKS = [(360, "light"), (1280, "dark")]
"""For the console, whose pages are many and made of the same few parts."""
TOO_WIDE_AT = """size => {
    const page = document.documentElement;
    page.style.fontSize = size;
    return page.scrollWidth - innerWidth;
}"""
TOO_SMALL = """() => [...document.querySelectorAll(
    ".btn, .tabs a, .menu summary, .menu-panel a, .menu-panel button, .foot-links a, .back a, .choice label"
)].filter(one => !one.closest(".screen"))
  .map(one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(one => one[1] < 44)"""
NAMED = re.compile(
    r"/[\w-]{22}(?=/|$)|(?<=orders/)[^/]+|(?<=invoices/)[^/]+|(?<=memos/)[^/]+|(?<=products/)[^/]+|(?<=words/)[a-z-]+/[^/]+|"
    r"(?<=partials/)[^/]+|(?<=^/console)/(?:acme|globex)(?=/|$)"
)
LINK = re.compile(r'<a\b[^>]* href="([^"]*)"')
SIGNED_OUT = [
    "/acme/sign-in", "/acme/sign-in/password", "/acme/password", "/acme/password/check-email", "/acme/nothing-here",
    "/acme/sign-in/link/unknown", "/acme/password/unknown", "/", "/dev/mail",
]  # fmt: skip


def kind(path: str) -> str:
    """Pages of one template: ids and numbers do not matter, nor whose console it is."""
    return re.sub(NAMED, "/…", path.partition("?")[0]) + ("?…" if "?" in path else "")


async def addresses(page: Page) -> list[str]:
    return own_pages(page.url, await page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"))


def own_pages(url: str, links: list[str]) -> list[str]:
    """The pages of ours among the links of one; files, raw mails and pages of other hosts are not pages of ours."""
    own = urlsplit(url).netloc
    found = [urlsplit(urljoin(url, unescape(link))) for link in links]
    paths = [one._replace(scheme="", netloc="", fragment="").geturl() for one in found if one.netloc == own]
    others = ("/files/", "/exports/", "/pdf", "/theme/export", "/body", "/html", "/dev/mail/")
    return [path for path in paths if not any(part in path for part in others)]


async def walk(
    open_it: Callable[[str], Awaitable[tuple[int, list[str]]]], *starts: str, of_a_kind: int = OF_A_KIND
) -> dict[str, int]:
    """Open every page that can be reached from these; path → status."""
    seen: dict[str, int] = {}
    waiting, kinds = list(starts), {}
    while waiting:
        path = waiting.pop(0)
        if path in seen or kinds.get(kind(path), 0) >= of_a_kind:
            continue
        kinds[kind(path)] = kinds.get(kind(path), 0) + 1
        seen[path], found = await open_it(path)
        waiting += found
    return seen


WALKS = {
    "alice": (ALICE, ["/acme/", "/acme/account"]), "bob": (BOB, ["/acme/", "/acme/courses"]),
    "zoe in press": (ZOE, ["/globex/", "/globex/account"]), "nobody": (None, SIGNED_OUT),
    "olga in the console": (OLGA, ["/console/acme"]),
}  # fmt: skip
IN_THE_DARK = (
    "() => new Promise(done => requestAnimationFrame(() => done(matchMedia('(prefers-color-scheme: dark)').matches)))"
)


@pytest.mark.parametrize("who", WALKS)
async def test_every_link_leads_somewhere_and_no_page_says_a_word(browse, who):
    """Opening a page checks its console, its hosts and its policy (see `browse`); here also what it leaves behind."""
    email, starts = WALKS[who]
    page = await browse(email=email)

    async def open_it(path: str) -> tuple[int, list[str]]:
        """In the light, then in the dark, where other pictures and colours may be asked for."""
        await page.emulate_media(color_scheme="light")
        answer = await page.goto(path)
        await page.emulate_media(color_scheme="dark")
        assert await page.evaluate(IN_THE_DARK)
        return answer.status, await addresses(page)

    seen = await walk(open_it, *starts, of_a_kind=1 if email == OLGA else OF_A_KIND)
    meant = {"/acme/nothing-here": 404, "/acme/sign-in/link/unknown": 410, "/acme/password/unknown": 410}
    assert {path: status for path, status in seen.items() if status != meant.get(path, 200)} == {}
    if email:
        assert len({kind(path) for path in seen}) >= (14 if email == ALICE else 10)
    kept = json.loads(await page.evaluate("JSON.stringify([Object.keys(localStorage), Object.keys(sessionStorage)])"))
    assert kept[0] == []
    assert set(kept[1]) <= {"htmx-current-path-for-history"}
    assert await page.evaluate("document.cookie") == ""


@pytest.fixture(scope="session")
async def kinds(demo, cookies) -> dict[str | None, list[str]]:
    """One page of each kind, and those with films, for everybody who looks at all of them; found without a browser."""
    found = {}
    for email, starts in ((ALICE, ["/acme/courses", "/acme/account"]), (BOB, ["/acme/courses", "/acme/account"]),
                          (ZOE, ["/globex/courses", "/globex/account"]), (OLGA, ["/console/acme"])):  # fmt: skip
        async with demo.visitor(headers={"cookie": cookies[email]}, follow_redirects=True) as visitor:

            async def open_it(path: str, visitor=visitor) -> tuple[int, list[str]]:
                answer = await visitor.get(path)
                return answer.status_code, own_pages(str(answer.url), LINK.findall(answer.text))

            pages = await walk(open_it, *starts)
        found[email] = list(
            {kind(path): path for path in reversed(pages) if email != OLGA or is_console(path)}.values()
        )
    shown = {path.rpartition("/")[2] for path in found[ALICE]}
    assert shown >= {path for _, path in TABS}
    return found | {None: SIGNED_OUT}


def is_console(path: str) -> bool:
    """A page of a vendor's console; what it leads to in the centers is looked at by their customers."""
    return re.match("/console/(acme|globex)(/|$)|/dashboard", path) is not None


class Findings(NamedTuple):
    """What is wrong, by page; each list has a test of its own."""

    axe: list[str]
    sideways: list[str]
    small: list[str]


@pytest.fixture(scope="session")
async def findings(open_pages, axe, kinds) -> Findings:
    """Every page looked at once for all the tests below: opening it takes longer than most of what is asked there."""
    found = Findings([], [], [])
    async with open_pages() as open_page:
        await asyncio.gather(*(examine(open_page, axe, email, paths, found) for email, paths in kinds.items()))
    return found


async def examine(open_page, axe: str, email: str | None, paths: list[str], found: Findings) -> None:
    page = await open_page(email=email, bypass_csp=True, reduced_motion="reduce")
    await page.add_init_script(axe)
    for path in paths:
        await page.set_viewport_size({"width": 320, "height": 800})
        await page.goto(path)
        for width, size in ((320, "100%"), (360, "200%"), (360, "")):
            await page.set_viewport_size({"width": width, "height": 800})
            if (over := await page.evaluate(TOO_WIDE_AT, size)) > 0:
                found.sideways.append(f"{path} {width} px, text {size}: {over} px")
        if email:
            for menu in await page.locator("#menu summary").all():
                await menu.click()
            found.small.extend(f"{path}: {text} {height}" for text, height in await page.evaluate(TOO_SMALL))
        for width, scheme in FEWER_LOOKS if email == OLGA else LOOKS:
            await page.set_viewport_size({"width": width, "height": 800})
            await page.emulate_media(color_scheme=scheme)
            what = COLOURS if scheme == "dark" else {}
            wrong = await page.evaluate("what => axe.run({resultTypes: ['violations'], ...what})", what)
            found.axe.extend(f"{path} {width} {scheme}: {told(one)}" for one in wrong["violations"])


def test_axe_finds_nothing(findings):
    """Every page wide and as on a phone, each in light and in dark; the dark changes colours only."""
    assert findings.axe == []


def test_nothing_has_to_be_scrolled_sideways(findings):
    """At 320 px, and at 360 px with text of twice the size."""
    assert findings.sideways == []


def test_targets_are_large_enough_for_a_finger(findings):
    """Buttons, tabs and menus 44 px high, whatever stands alone 24 px (WCAG 2.5.8)."""
    assert findings.small == []


def told(violation: dict[str, Any]) -> str:
    node = violation["nodes"][0]
    return f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"


async def test_the_checks_themselves_find_what_is_wrong(browse, axe):
    page = await browse(email=BOB, bypass_csp=True, width=320)
    await page.add_init_script(axe)
    await page.goto("/acme/account")
    await page.evaluate("""() => {
        document.querySelector("main").insertAdjacentHTML("beforeend", "<img src=/favicon.ico><div id=wide>x</div>");
        document.querySelector("#wide").style.width = "400px";
        document.querySelector(".tabs a").style.cssText = "display: block; height: 20px; min-height: 0; padding: 0";
    }""")
    assert await page.evaluate(TOO_WIDE_AT, "100%") > 0
    assert [height for _, height in await page.evaluate(TOO_SMALL)] == [20]
    wrong = await page.evaluate("() => axe.run({resultTypes: ['violations']})")
    assert "image-alt" in {one["id"] for one in wrong["violations"]}


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
    await until(lambda: [frame.url for frame in page.frames[1:]] == ["chrome-error://chromewebdata/"])
