"""What htmx adds, and what must not get lost by it: addresses, titles, focus, Back, bad connections."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Page, expect
from post_office import code_of, links_of
from processes import until

ALICE = "alice@example.com"


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def focus(page: Page) -> str:
    return await page.evaluate("document.activeElement.id")


async def test_tabs_swap_the_main_part_alone(browse):
    page = await browse(email=ALICE)
    await page.goto("/acme/account")
    await page.evaluate("window.kept = 1")
    for name, path in (("Orders", "orders"), ("Addresses", "addresses")):
        await page.get_by_role("link", name=name, exact=True).click()
        await heading(page, name)
        await expect(page).to_have_url(re.compile(f"/acme/account/{path}$"))
        await expect(page).to_have_title(f"{name} · Acme Learning")
        assert await focus(page) == "main"
        assert await page.evaluate("window.kept") == 1
        assert await page.locator("main, header.top, footer.foot, title").count() == 4
    await page.go_back()
    await heading(page, "Orders")
    await expect(page.locator(".tabs [aria-current=page]")).to_have_text("Orders")
    await expect(page).to_have_title("Orders · Acme Learning")
    await page.wait_for_load_state("load")
    await page.go_back()
    await heading(page, "Personal information")
    # htmx hears of a step through the history only once it has been loaded.
    await page.wait_for_load_state("load")
    await page.go_forward()
    await heading(page, "Orders")
    await page.reload()
    await heading(page, "Orders")
    assert await page.locator("main, header.top").count() == 2


async def test_a_mistake_moves_to_the_summary_and_stays_where_it_was(browse):
    page = await browse(email=ALICE)
    await page.goto("/acme/account/profile")
    await page.get_by_label("First name").fill(" ")
    await page.get_by_label("Last name").fill("x" * 101)
    await page.get_by_role("button", name="Update profile").click()
    await expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert await focus(page) == "problem"
    await expect(page).to_have_title(re.compile("^Error: "))
    await expect(page).to_have_url(re.compile("/acme/account/profile$"))
    await expect(page.get_by_label("Last name")).to_have_value("x" * 101)
    await page.locator("#problem a").click()
    assert await focus(page) == "last_name"


async def test_after_signing_out_back_shows_nothing_of_the_account(browse, center):
    page = await browse()
    await page.goto(
        (await asyncio.to_thread(center.command, "customer", "link", "bob@example.com", "--vendor", "acme")).strip()
    )
    await page.get_by_role("button", name="Login Now").click()
    await page.goto("/acme/account")
    await page.get_by_role("link", name="Addresses", exact=True).click()
    await heading(page, "Addresses")
    await page.locator("#menu summary").click()
    await page.locator("#menu").get_by_role("button", name="Sign out").click()
    await heading(page, "Sign in")
    for _ in range(2):
        await page.wait_for_load_state("load")
        await page.go_back()
        await heading(page, "Sign in")
    assert await page.evaluate("Object.keys(sessionStorage).length") <= 1


async def ask(page: Page, office, email: str):
    """Ask for a sign-in mail in this tab; the message."""
    before = len(office.messages)
    await page.goto("/acme/sign-in")
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Continue").click()
    await heading(page, "Check your email")
    return await until(lambda: next((one for one in office.messages[before:] if is_link_for(email, one)), None))


def is_link_for(email: str, message) -> bool:
    """Not the notice of a new device that an earlier sign-in has caused, which may come late."""
    return message["To"] == email and "/sign-in/link/" in links_of(message)[0]


async def test_the_link_in_another_browser_has_a_button(browse, center, office):
    asking, other = await browse(), await browse()
    message = await ask(asking, office, "bob@example.com")
    await other.goto(links_of(message)[0])
    await heading(other, "Sign in to Acme Learning")
    await expect(other.get_by_text("b•••@example.com")).to_be_visible()
    await other.get_by_role("button", name="Login Now").click()
    await heading(other, "Personal information")
    await asking.goto("/acme/account")
    await heading(asking, "Sign in")
    await asking.goto(links_of(message)[0])
    await heading(asking, "This link was already used")


async def test_the_code_works_in_the_tab_that_asked(browse, center, office):
    page = await browse()
    message = await ask(page, office, "bob@example.com")
    await page.get_by_label("Code from the message").fill("12")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.locator("#problem")).to_be_focused()
    await page.get_by_label("Code from the message").fill(code_of(message))
    await page.get_by_role("button", name="Continue").click()
    await heading(page, "Personal information")


async def test_a_lost_network_is_said_and_nothing_is_lost(browse):
    page = await browse(email=ALICE, quiet=False)
    await page.goto("/acme/account/profile")
    await page.get_by_label("First name").fill("Typed")
    await page.context.set_offline(True)
    await page.get_by_role("button", name="Update profile").click()
    await expect(page.get_by_role("status").first).to_contain_text("offline")
    await expect(page.get_by_label("First name")).to_have_value("Typed")
    await page.context.set_offline(False)
    await page.get_by_label("First name").fill("Alice")
    await page.get_by_role("button", name="Update profile").click()
    await expect(page.get_by_text("Your profile was updated.")).to_be_visible()
    await expect(page.locator("#net")).to_be_empty()


@pytest.mark.parametrize("status", [502, 503])
async def test_a_proxys_own_error_leaves_the_page_as_it_was(browse, status):
    page = await browse(email=ALICE, quiet=False)
    await page.goto("/acme/account/addresses")
    await page.route(re.compile("/acme/account/orders"), lambda route: route.fulfill(status=status, body="Bad gateway"))
    await page.get_by_role("link", name="Orders", exact=True).click()
    await expect(page.locator("#net")).to_contain_text("did not work")
    await heading(page, "Addresses")
    await page.unroute_all()
    await page.get_by_role("link", name="Orders", exact=True).click()
    await heading(page, "Orders")


async def test_the_session_that_ended_meanwhile_leads_to_the_sign_in(browse):
    page = await browse(email=ALICE)
    await page.goto("/acme/account/addresses")
    await page.context.clear_cookies()
    await page.get_by_role("link", name="Orders", exact=True).click()
    await heading(page, "Sign in")
    await expect(page).to_have_url(re.compile(r"/acme/sign-in\?next=%2Faccount%2Forders$"))
    assert await page.locator("header.top").count() == 1


async def test_everything_can_be_reached_by_keyboard(browse):
    page = await browse(email=ALICE)
    await page.goto("/acme/account")
    await page.keyboard.press("Tab")
    await expect(page.locator(".skip")).to_be_focused()
    await page.keyboard.press("Enter")
    assert await focus(page) == "main"
    await page.locator("#menu summary").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#menu")).to_have_attribute("open", "")
    await page.keyboard.press("Tab")
    await expect(page.locator("#menu").get_by_role("link", name="My Account")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#menu")).not_to_have_attribute("open", "")
    await expect(page.locator("#menu summary")).to_be_focused()
    await page.locator("#menu summary").click()
    await page.get_by_role("heading", level=1).click()
    await expect(page.locator("#menu")).not_to_have_attribute("open", "")
