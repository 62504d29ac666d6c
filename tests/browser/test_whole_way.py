"""From the purchase to signing out: in Chromium with htmx, without it, without JavaScript, in w3m and in lynx."""

from __future__ import annotations

import asyncio
import itertools
import re

import pytest
from playwright.async_api import Page, expect
from post_office import links_of
from processes import until
from promises import TABS
from terminal import Lynx, W3m
from webhooks_sender import enrollment, purchase

buyers = itertools.count(1)
COURSE = 100
ADDRESS = {
    f"{kind}_address_{part}": value for kind in ("shipping", "billing") for part, value in {
        "first_name": "Cora", "last_name": "Clay", "street_one": "7 Kiln Road", "city": "Hudson", "region": "NY",
        "postal_code": "12534", "country": "United States",
    }.items()
}  # fmt: skip


async def buy(clickfunnels, office) -> tuple[str, str, str]:
    """A fresh customer: their address, order number and the link of their welcome mail."""
    email = f"cora{next(buyers)}@example.com"
    order = purchase(email, **ADDRESS)
    await clickfunnels.deliver([order, enrollment(email, COURSE, order)])
    [welcome] = await until(lambda: office.to(email))
    return email, order["data"]["order_number"], links_of(welcome)[0]


async def sign_in_link(office, email: str) -> str:
    [message] = await until(lambda: [one for one in office.to(email) if one["Subject"].startswith("Sign in")])
    return links_of(message)[0]


WAYS = {
    "htmx": {}, "htmx blocked": {"without": r"htmx.*\.js", "quiet": False}, "no JavaScript": {"java_script_enabled": False},
    "phone": {"width": 360},
}  # fmt: skip


@pytest.mark.parametrize("way", [pytest.param("htmx", marks=pytest.mark.postgres_journey), *list(WAYS)[1:]])
async def test_in_chromium(clickfunnels, office, browse, way):
    email, number, link = await buy(clickfunnels, office)
    page = await browse(**WAYS[way])
    await page.goto(link)
    await sign_in(page, office, email)
    await learn(page)
    await look_at_every_tab(page)
    await look_at_the_order(page, number)
    await change_the_name(page)
    await sign_out(page)


async def sign_in(page: Page, office, email: str) -> None:
    await heading(page, "Sign in")
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Continue").click()
    await heading(page, "Check your email")
    await expect(page.get_by_text(email)).to_be_visible()
    await page.goto(await sign_in_link(office, email))
    await heading(page, "Your courses")


async def learn(page: Page) -> None:
    await page.get_by_role("main").get_by_role("link", name="Intro to Beekeeping").click()
    await heading(page, "Intro to Beekeeping")
    await page.get_by_role("link", name="Start: ").click()
    await expect(page.get_by_text("Lesson 1 of ")).to_be_visible()
    await page.get_by_role("button", name="Mark complete and go on").click()
    await expect(page.get_by_text("Lesson 2 of ")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Contents").get_by_text("(done)")).to_have_count(1)


async def from_the_menu(page: Page, name: str, role: str = "link") -> None:
    await page.locator("#menu summary").click()
    await page.locator("#menu").get_by_role(role, name=name).click()


async def look_at_every_tab(page: Page) -> None:
    await from_the_menu(page, "My Account")
    await heading(page, "Personal information")
    tabs = page.get_by_role("navigation", name="My Account")
    assert await tabs.get_by_role("link").all_inner_texts() == [name for name, _ in TABS]
    for name, path in TABS:
        await tabs.get_by_role("link", name=name, exact=True).click()
        await heading(page, name)
        await expect(page).to_have_url(re.compile(f"/acme/account/{path}$"))
        await expect(tabs.locator("[aria-current=page]")).to_have_text(name)
        await expect(page).to_have_title(f"{name} · Acme Learning")


async def look_at_the_order(page: Page, number: str) -> None:
    await page.get_by_role("link", name="Orders", exact=True).click()
    await page.get_by_role("link", name=f"Order {number}").click()
    await heading(page, f"Order {number}")
    for text in ("Intro to Beekeeping", "7 Kiln Road"):
        await expect(page.get_by_text(text).first).to_be_visible()
    await expect(page.locator(".totals .strong")).to_contain_text("$97.00")


async def change_the_name(page: Page) -> None:
    await page.get_by_role("link", name="My Account").first.click()
    await page.get_by_role("main").get_by_role("link", name="Manage account").click()
    await heading(page, "Manage account")
    await page.get_by_label("First name").fill("Dora")
    await page.get_by_role("button", name="Update profile").click()
    await expect(page.get_by_text("Your profile was updated.")).to_be_visible()
    await expect(page.locator("#menu summary")).to_contain_text("DC")
    await expect(page.get_by_label("First name")).to_have_value("Dora")


async def sign_out(page: Page) -> None:
    await from_the_menu(page, "Sign out", "button")
    await heading(page, "Sign in")
    await page.go_back()
    await heading(page, "Sign in")
    await page.goto("/acme/account/orders")
    await heading(page, "Sign in")


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


@pytest.mark.parametrize("program", [W3m, Lynx], ids=["w3m", "lynx"])
async def test_in_a_text_browser(clickfunnels, office, tmp_path, needs, program):
    needs(program.__name__.lower())
    email, number, link = await buy(clickfunnels, office)
    screen = await asyncio.to_thread(program, link, tmp_path)
    try:
        await asyncio.to_thread(ask_by_keys, screen, email)
        screen.open(await sign_in_link(office, email))
        await asyncio.to_thread(go_by_keys, screen, number)
    finally:
        screen.close()


def ask_by_keys(screen, email: str) -> None:
    screen.shows("Sign in", "Email address")
    screen.fill(email, "email")
    screen.submit("Continue", "/sign-in")
    screen.shows("Check your email", email)


def go_by_keys(screen, number: str) -> None:
    screen.shows("Your courses")
    screen.follow("Intro to Beekeeping", address=r"/courses/[\w-]{22}")
    screen.shows("Start: ")
    screen.follow("Start: ", address=r"/courses/[\w-]{22}/lessons/[\w-]{22}")
    screen.shows("Lesson 1 of ", "Mark complete and go on")
    screen.submit("Mark complete and go on", "/completion")
    screen.shows("Lesson 2 of ", "(done)")
    screen.follow("My Account", address="/acme/account")
    screen.shows("Personal information", "Manage account")
    for name, path in TABS:
        # The menu has a link of this name too.
        screen.follow(f"{name}", nth=2 if name == "Courses" else 1, address=f"/acme/account/{path}")
        screen.shows(f"{name} · Acme Learning")
    screen.follow("Orders", address="/acme/account/orders")
    screen.shows("Your orders, newest first")
    screen.follow(f"Order {number}", address=f"/acme/account/orders/{number}")
    screen.shows(f"Order {number}", "$97.00", "7 Kiln Road")
    screen.follow("Manage account", address="/acme/account/profile")
    screen.shows("Your name", "First name")
    screen.fill("Dora", "first_name")
    screen.submit("Update profile", "/acme/account/profile")
    screen.shows("Your profile was updated.")
    screen.submit("Sign out", "/acme/sign-out")
    screen.shows("Email address")
    screen.open(re.search("http://[^/]+", screen.address)[0] + "/acme/account/orders")
    screen.shows("Email address")
