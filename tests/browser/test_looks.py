"""A vendor makes the center look and speak like their own, in a browser with scripts and in one without."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.async_api import Page, expect
from post_office import code_of, links_of
from processes import until

from settings import ROOT

OLGA = "olga@example.com"
ACCENT = "rgb(0, 85, 255)"


@pytest.fixture
async def desk(browse, center, office):
    """`await desk(scripts=…)`: the console of acme, signed in by the code of a mail."""

    async def open_desk(*, scripts: bool) -> Page:
        page, before = await browse(java_script_enabled=scripts), len(office.messages)
        await page.goto("/console/sign-in")
        await page.get_by_label("Email address").fill(OLGA)
        await page.get_by_role("button", name="Continue").click()
        message = await until(lambda: next((one for one in office.messages[before:] if is_link(one)), None))
        await page.get_by_label("Code from the message").fill(code_of(message))
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Your centers")
        return page

    return open_desk


def is_link(message) -> bool:
    return message["To"] == OLGA and "/sign-in/link/" in links_of(message)[0]


def logo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (120, 40), "#0055ff").save(out, "PNG")
    return {"name": "../logo.png", "mimeType": "image/png", "buffer": out.getvalue()}


async def painted(page: Page, selector: str) -> str:
    return await page.locator(selector).first.evaluate("element => getComputedStyle(element).backgroundColor")


async def choose(page: Page, color: str) -> None:
    await page.locator("#accent").fill(color)


async def test_the_preview_follows_the_form_and_publishing_is_undone(desk):
    page = await desk(scripts=True)
    await page.goto("/console/acme/theme")
    before = await painted(page, ".screen.light .btn")
    await choose(page, "#0055ff")
    await expect(page.locator(".screen.light .btn").first).to_have_css("background-color", ACCENT)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".notice")).to_contain_text("Published")
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.locator(".notice")).to_contain_text("looks as it did before")
    await expect(page.locator(".screen.light .btn").first).to_have_css("background-color", before)


async def test_words_are_found_while_one_types(desk):
    page = await desk(scripts=True)
    await page.goto("/console/acme/words")
    await page.locator("#q").press_sequentially("login now")
    await expect(page.locator("#words li")).to_have_count(3)
    assert await page.evaluate("document.activeElement.id") == "q"


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_center_is_made_ones_own(desk, browse, center, scripts):
    page = await desk(scripts=scripts)
    await page.goto("/console/acme/theme")
    await choose(page, "#0055ff")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.locator(".screen.light .btn").first).to_have_css("background-color", ACCENT)
    await page.get_by_role("button", name="Publish", exact=True).click()
    await expect(page.locator(".notice")).to_contain_text("Published")

    await page.goto("/console/acme/logo")
    await page.locator("#logo").set_input_files(logo())
    await page.get_by_label("The logo in words").fill("Acme in blue")
    await page.get_by_role("button", name="Save the logo").click()
    await expect(page.locator(".notice")).to_contain_text("new logo")

    await page.goto("/console/acme/words?q=questions")
    await page.get_by_role("link", name="Questions?", exact=True).click()
    await page.get_by_label("Your words").fill("Ask <us>:")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".notice")).to_contain_text("Saved")

    visitor = await browse()

    async def shown() -> bool:
        await visitor.goto("/acme/sign-in")
        return "Ask <us>:" in await visitor.inner_text("footer") and await painted(visitor, "main .btn") == ACCENT

    await until(shown)
    await expect(visitor.get_by_role("img", name="Acme in blue")).to_be_visible()
    await put_back(page)


async def put_back(page: Page) -> None:
    """The other tests look at acme as the demo made it."""
    await page.goto("/console/acme/theme")
    await page.get_by_role("button", name="Undo", exact=True).click()
    await expect(page.locator(".notice")).to_contain_text("looks as it did before")
    await page.goto("/console/acme/logo")
    await page.locator("#logo").set_input_files(ROOT / "demo" / "acme" / "logo.png")
    await page.get_by_label("The logo in words").fill("Acme Learning")
    await page.get_by_role("button", name="Save the logo").click()
    await expect(page.locator(".notice")).to_contain_text("new logo")
    await page.goto("/console/acme/words")
    await page.get_by_role("link", name="Ask <us>:").click()
    await page.get_by_role("button", name="Back to our words").click()
    await expect(page.locator(".notice")).to_contain_text("Back to our own words")
