"""The customer's walk in the words of ClickFunnels' own guide, in its order: with scripts off, with htmx, and in w3m."""

from __future__ import annotations

import asyncio
import itertools
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect
from post_office import html_of, links_of
from processes import until
from promises import TABS
from terminal import W3m
from webhooks_sender import enrollment, purchase

buyers = itertools.count(1)
COURSE = 100
PASSWORD = "seven hives behind the barn"


async def buy(clickfunnels, office) -> tuple[str, str]:
    """A purchase comes in; the fresh customer's address and the center's link from their welcome mail."""
    email = f"walker{next(buyers)}@example.com"
    order = purchase(email)
    await clickfunnels.deliver([order, enrollment(email, COURSE, order)])
    [welcome] = await until(lambda: office.to(email))
    return email, links_of(welcome)[0]


async def mailed(office, email: str, button: str) -> str:
    """The address behind a button of the newest mail that has one of this name."""

    def found() -> list[str]:
        bodies = [html_of(message) for message in office.to(email)]
        links = [re.search(rf'<a class="button" href="([^"]+)"[^>]*>{button}</a>', body) for body in bodies]
        return [link[1] for link in links if link]

    return (await until(found))[-1]


@pytest.mark.parametrize("way", [{"java_script_enabled": False}, {}], ids=["no JavaScript", "htmx"])
async def test_in_chromium(clickfunnels, office, browse, way):
    email, link = await buy(clickfunnels, office)
    page = await browse(**way)
    await page.goto(link)
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Continue", exact=True).click()
    await heading(page, "Check your email")
    await page.goto(await mailed(office, email, "Login Now"))
    await heading(page, "Your courses")
    await account(page)
    await password(page, office, email)


async def account(page: Page) -> None:
    """The initials, My Account, the seven tabs, Manage account, Update profile; and out."""
    await expect(page.locator("#menu summary")).to_contain_text("CC")
    await page.locator("#menu summary").click()
    await page.locator("#menu").get_by_role("link", name="My Account").click()
    await heading(page, "Personal information")
    tabs = page.get_by_role("navigation", name="My Account")
    assert await tabs.get_by_role("link").all_inner_texts() == [name for name, _ in TABS]
    for name, _ in TABS:
        await tabs.get_by_role("link", name=name, exact=True).click()
        await heading(page, name)
    await page.get_by_role("link", name="My Account").first.click()
    await heading(page, "Personal information")
    await page.get_by_role("main").get_by_role("link", name="Manage account").click()
    await page.get_by_label("First name").fill("Walter")
    await page.get_by_role("button", name="Update profile", exact=True).click()
    await expect(page.get_by_text("Your profile was updated.")).to_be_visible()
    await page.locator("#menu summary").click()
    await page.locator("#menu").get_by_role("button", name="Sign out").click()


async def password(page: Page, office: Any, email: str) -> None:
    """Sign in with Password, Set a New Password, Send Email, Change My Password; and in with it."""
    await heading(page, "Sign in")
    await page.get_by_role("link", name="Sign in with Password", exact=True).click()
    await heading(page, "Sign in with Password")
    await page.get_by_role("link", name="Set a New Password", exact=True).click()
    await heading(page, "Set a new password")
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Send Email", exact=True).click()
    await heading(page, "Check your email")
    await page.goto(await mailed(office, email, "Change My Password"))
    await page.get_by_label("New password", exact=True).fill(PASSWORD)
    await page.get_by_label("New password once more", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Change My Password", exact=True).click()
    await page.get_by_label("Email address").fill(email)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await heading(page, "Your courses")
    await expect(page.locator("#menu summary")).to_contain_text("WC")


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def test_in_w3m(clickfunnels, office, tmp_path, needs):
    needs("w3m")
    email, link = await buy(clickfunnels, office)
    screen = await asyncio.to_thread(W3m, link, tmp_path)
    try:
        await asyncio.to_thread(ask_by_keys, screen, email)
        screen.open(await mailed(office, email, "Login Now"))
        await asyncio.to_thread(account_by_keys, screen)
        await asyncio.to_thread(ask_password_by_keys, screen, email)
        screen.open(await mailed(office, email, "Change My Password"))
        await asyncio.to_thread(password_by_keys, screen, email)
    finally:
        screen.close()


def ask_by_keys(screen: W3m, email: str) -> None:
    screen.shows("Sign in", "Email address", "Continue")
    screen.fill(email, "email")
    screen.submit("Continue")
    screen.shows("Check your email", email)


def account_by_keys(screen: W3m) -> None:
    screen.shows("Your courses", "CC, account menu for")
    screen.follow("My Account")
    screen.shows("Personal information", *(name for name, _ in TABS))
    for name, _ in TABS:
        # The menu has a link of this name too.
        screen.follow(name, nth=2 if name == "Courses" else 1)
        screen.shows(f"{name} · Acme Learning")
    screen.follow("Manage account")
    screen.shows("Your name", "First name", "Update profile")
    screen.fill("Walter", "first_name")
    screen.submit("Update profile")
    screen.shows("Your profile was updated.")
    screen.submit("Sign out")


def ask_password_by_keys(screen: W3m, email: str) -> None:
    screen.shows("Sign in with Password")
    screen.follow("Sign in with Password")
    screen.shows("Set a New Password", "Password")
    screen.follow("Set a New Password")
    screen.shows("Send Email")
    screen.fill(email, "email")
    screen.submit("Send Email")
    screen.shows("Check your email")


def password_by_keys(screen: W3m, email: str) -> None:
    screen.shows("Change My Password", "New password")
    screen.fill(PASSWORD, "password")
    screen.fill(PASSWORD, "password_confirmation", nth=2)
    screen.submit("Change My Password", "/password")
    screen.shows("Your password was changed")
    screen.fill(email, "email")
    screen.fill(PASSWORD, "password", nth=2)
    # The notice and the heading say so too.
    screen.follow("Sign in", nth=3)
    screen.shows("Your courses")
