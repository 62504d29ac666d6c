"""A new owner's way: from the first run to a customer who has opened a lesson, by nothing but what the console shows."""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import opener
from PIL import Image
from playwright.async_api import Browser, Page, expect
from post_office import PostOffice, html_of
from processes import PAST, Server, until
from terminal import W3m
from test_walk_through import mailed

OWNER, CUSTOMER = "fay@example.com", "carl@example.com"
ACCENT, GROUND = ("#0055ff", "rgb(0, 85, 255)"), ("#fff4e0", "rgb(255, 244, 224)")
FIRST_RUN = re.compile(r"Begin at (http://\S+)")
BUTTON = re.compile(r'<a class="button" href="([^"]+)"')
WAYS = [
    pytest.param({"java_script_enabled": False}, id="no JavaScript", marks=pytest.mark.postgres_journey),
    pytest.param({}, id="htmx"),
]


class Place(NamedTuple):
    """A server that nobody owns anything on, and the post office it mails through."""

    server: Server
    office: PostOffice
    start: str
    """The link of the first run, as the server printed it."""


@pytest.fixture
async def place(launch: Any, open_post_office: Any) -> Place:
    office = open_post_office()
    server = await launch("empty", SMTP_URL=office.url, TRUSTED_PROXIES="127.0.0.1")
    return Place(server, office, FIRST_RUN.findall(server.said())[0])


def picture() -> dict[str, Any]:
    out = io.BytesIO()
    Image.new("RGB", (120, 40), ACCENT[0]).save(out, "PNG")
    return {"name": "logo.png", "mimeType": "image/png", "buffer": out.getvalue()}


NOTES = {"name": "notes.csv", "mimeType": "text/csv", "buffer": b"month,feed\nMarch,yes\n"}


@pytest.mark.parametrize("way", WAYS)
async def test_from_the_first_run_to_a_lesson_opened(chromium: Browser, place: Place, way: dict[str, Any]) -> None:
    async with opener(chromium, place.server.base, {})() as browse:
        page, visitor = await browse(**way), await browse(**way)
        await begin(page, place)
        await make_a_course(page)
        await give_it_a_look(page)
        await write_a_template(page, place)
        await settle(page)
        await enroll(page)
        await learn(visitor, place.office)
        await look_after(page)


async def begin(page: Page, place: Place) -> None:
    """The printed link, the center's name, and the first steps that the overview tells."""
    await page.goto(place.start)
    await heading(page, "Set up your console")
    await page.get_by_label("Your email address").fill(OWNER)
    await page.get_by_label("First name").fill("Fay")
    await page.get_by_label("Name of the center").fill("Fay’s Bees")
    await page.get_by_label("Its part of the address").fill("bees")
    await press(page, "Create the console")
    await heading(page, "Overview")
    await expect(page.get_by_text("1 of 6 done")).to_be_visible()


async def make_a_course(page: Page) -> None:
    await page.get_by_role("link", name="Publish a course").click()
    await page.get_by_role("main").get_by_role("link", name="Make a course").click()
    await page.get_by_label("Title").fill("Keeping Bees")
    await page.get_by_label("What it is about").fill("A year with **one hive**.")
    await press(page, "Make the course")
    await heading(page, "Keeping Bees")
    await page.get_by_role("link", name="New lesson").click()
    await page.get_by_label("Title").fill("Spring")
    await page.get_by_label("Text").fill("# The first look\n\nOpen the hive on a *warm* day.")
    await press(page, "Preview")
    await expect(page.locator("#preview").get_by_role("heading", name="The first look")).to_be_visible()
    await press(page, "Save the lesson")
    await page.get_by_label("Add a file").set_input_files(NOTES)
    await press(page, "Add the file")
    await expect(page.get_by_role("link", name="notes.csv", exact=True)).to_be_visible()
    await page.get_by_role("link", name="Keeping Bees").click()
    await page.get_by_role("link", name="Publish", exact=True).click()
    await page.get_by_label("Now", exact=True).check()
    await page.get_by_label("Publish what is in it, too").check()
    await press(page, "Save")
    await heading(page, "Keeping Bees")
    await expect(page.get_by_role("link", name="Publishing", exact=True)).to_be_visible()


async def give_it_a_look(page: Page) -> None:
    """Colours, words, a logo."""
    await menu(page, "Theme")
    await page.get_by_label("Accent", exact=True).fill(ACCENT[0])
    await page.get_by_label("Ground").fill(GROUND[0])
    await press(page, "Preview")
    await expect(page.locator(".screen.light .btn").first).to_have_css("background-color", ACCENT[1])
    await press(page, "Publish")
    await expect(page.locator(".notice")).to_contain_text("Published")
    await menu(page, "Words")
    await page.get_by_label("Text").fill("your courses")
    await press(page, "Search")
    await page.get_by_role("link", name="Your courses", exact=True).first.click()
    await page.get_by_label("Your words").fill("Your year with bees")
    await press(page, "Save")
    await expect(page.locator(".notice")).to_contain_text("Saved")
    await menu(page, "Logo")
    await page.get_by_label("Picture").set_input_files(picture())
    await page.get_by_label("The logo in words").fill("Fay in blue")
    await press(page, "Save the logo")
    await expect(page.get_by_role("img", name="Fay in blue")).to_be_visible()


async def write_a_template(page: Page, place: Place) -> None:
    """Asked for a fresh sign-in, as after ten minutes, and let through by the mailed link."""
    await place.server.data.rows(f"UPDATE sessions SET created_at = '{PAST}'")
    await menu(page, "Templates")
    await page.get_by_role("link", name="Footer").click()
    await heading(page, "Please sign in once more")
    await press(page, "Send Email")
    await heading(page, "Check your email")
    await page.goto(await mailed(place.office, OWNER, "Login Now"))
    await heading(page, "Footer")
    await page.get_by_label("Template").fill("<p>Made by {{ center.name }} with honey.</p>")
    await press(page, "Preview")
    await expect(page.get_by_text("with honey.").first).to_be_visible()
    await press(page, "Save and show")
    await expect(page.get_by_text("Your version 1 is shown.")).to_be_visible()


async def settle(page: Page) -> None:
    await menu(page, "Settings")
    await page.get_by_label("Support address").fill("help@example.com")
    await page.get_by_label("Headline").fill("A year with one hive")
    await press(page, "Update Customer Center")
    await expect(page.locator(".notice")).to_be_visible()


async def enroll(page: Page) -> None:
    await menu(page, "Courses")
    await page.get_by_role("link", name="Keeping Bees").click()
    await page.get_by_role("link", name="People", exact=True).click()
    await page.get_by_label("Email address").fill(CUSTOMER)
    await page.get_by_label("First name").fill("Carl")
    await press(page, "Enroll")
    await expect(page.get_by_role("list").get_by_text(CUSTOMER)).to_be_visible()


async def learn(page: Page, office: PostOffice) -> None:
    """What the customer makes of it: the mail, the sign-in, the lesson with its file."""
    [welcome] = await until(lambda: office.to(CUSTOMER))
    assert "Keeping Bees" in html_of(welcome)
    await page.goto(BUTTON.findall(html_of(welcome))[0])
    await expect(page.get_by_role("img", name="Fay in blue")).to_be_visible()
    await expect(page.get_by_text("with honey.")).to_be_visible()
    await expect(page.get_by_role("button", name="Continue")).to_have_css("background-color", ACCENT[1])
    await expect(page.locator("body")).to_have_css("background-color", GROUND[1])
    await page.get_by_label("Email address").fill(CUSTOMER)
    await press(page, "Continue")
    await heading(page, "Check your email")
    await page.goto(await mailed(office, CUSTOMER, "Login Now"))
    await heading(page, "Keeping Bees")
    await page.get_by_role("link", name="Start: ").click()
    await heading(page, "Spring")
    async with page.expect_download() as loading:
        await page.get_by_role("link", name="notes.csv").click()
    assert (await (await loading.value).path()).read_bytes() == NOTES["buffer"]
    await press(page, "Mark complete")
    await expect(page.get_by_text("1 of 1 lesson done")).to_be_visible()
    await page.get_by_role("banner").get_by_role("link").first.click()
    await heading(page, "Your year with bees")


async def look_after(page: Page) -> None:
    """What the console has seen of it."""
    await menu(page, "Customers")
    await page.get_by_role("link", name="Carl").click()
    await (
        page.get_by_role("navigation", name="What is known of this customer")
        .get_by_role("link", name="Courses")
        .click()
    )
    await expect(page.get_by_text("1 of 1 lesson done")).to_be_visible()
    await menu(page, "Overview")
    for figure in ("Sign-ins", "New customers", "Active learners", "Lessons completed"):
        await expect(page.locator(".figures li").filter(has_text=figure).locator(".figure")).to_have_text("1")
    await expect(page.get_by_text("4 of 6 done")).to_be_visible()
    await menu(page, "Log of changes")
    for entry in ("Created the center", "Made the course Keeping Bees", "Published the course Keeping Bees",
                  "Published a look", "Changed the logo", "Wrote a template", "Changed the settings", CUSTOMER):  # fmt: skip
        await expect(page.get_by_role("main").locator("li").filter(has_text=entry).first).to_be_visible()


async def menu(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="Console").get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def test_in_w3m(place: Place, tmp_path: Path, needs: Any) -> None:
    """The shortest part of it by keys: in, a course, published, somebody enrolled."""
    needs("w3m")
    path = place.start.removeprefix(place.server.base)
    async with place.server.visitor() as visitor:
        await visitor.send_form(path, path, email=OWNER, name="Fay’s Bees", slug="bees")
    screen = await asyncio.to_thread(W3m, place.server.base + "/console/sign-in", tmp_path)
    try:
        await asyncio.to_thread(ask_by_keys, screen)
        screen.open(await mailed(place.office, OWNER, "Login Now"))
        await asyncio.to_thread(teach_by_keys, screen)
        [welcome] = await until(lambda: place.office.to(CUSTOMER))
        assert "Keeping Bees" in html_of(welcome)
    finally:
        screen.close()


def ask_by_keys(screen: W3m) -> None:
    screen.shows("Email address", "Continue")
    screen.fill(OWNER, "email")
    screen.submit("Continue")
    screen.shows("Check your email", OWNER)


def teach_by_keys(screen: W3m) -> None:
    screen.shows("Overview", "Publish a course")
    screen.follow("Publish a course")
    screen.shows("Make a course")
    screen.follow("Make a course")
    screen.shows("New course")
    screen.fill("Keeping Bees", "title")
    screen.submit("Make the course")
    screen.shows("What is in it", "Publish")
    screen.follow("Publish")
    screen.shows("When do customers see it?")
    screen.follow("Now")
    screen.submit("Save")
    screen.shows("What is in it", "Publishing")
    screen.follow("People")
    screen.shows("Nobody is enrolled yet.")
    screen.fill(CUSTOMER, "email")
    screen.find("Tell them by mail")
    screen.keys("\t\r")
    screen.shows("Enrolled. The course is in their center now.", CUSTOMER)
