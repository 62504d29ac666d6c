"""To Stripe's own page and back, in Chromium without JavaScript and with htmx: the form may lead there."""

from __future__ import annotations

import threading

import pytest
import uvicorn
from playwright.async_api import Page, expect
from processes import free_port, until

from tests.integrations.stripe.fake_stripe import KEY, FakeStripe

CARDS = ((False, "4242424242424242", "Visa ending 4242"), (True, "5555555555554444", "Mastercard ending 4444"))


@pytest.fixture
async def stripe():
    """The stand-in on a port of this machine, with its hosted pages."""
    port = free_port()
    fake = FakeStripe(address=f"http://127.0.0.1:{port}")
    server = uvicorn.Server(uvicorn.Config(fake, port=port, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    await until(lambda: server.started)
    yield fake
    server.should_exit = True
    thread.join(10)


@pytest.fixture
async def shop(launch, stripe):
    return await launch("demo", STRIPE_URL=stripe.address, HOUSE_VENDOR="acme", STRIPE_SECRET_KEY=KEY)


async def test_a_card_is_added_with_and_without_scripts(shop, stripe, chromium):
    async with shop.visitor() as visitor:
        await visitor.sign_in_by_command("bob@example.com", "acme")
        cookie = visitor.cookies["center-acme"]
    said: list[str] = []
    for scripts, number, label in CARDS:
        context = await chromium.new_context(base_url=shop.base, java_script_enabled=scripts)
        context.on(
            "console", lambda message: said.append(message.text) if shop.base in message.location["url"] else None
        )
        await context.add_cookies([{"name": "center-acme", "value": cookie, "url": shop.base, "httpOnly": True}])
        await add(await context.new_page(), number, label, scripts)
        await context.close()
    assert said == []
    assert (stripe.done["customer"], stripe.done["session"], stripe.done["setup"]) == (1, 2, 2)


async def add(page: Page, number: str, label: str, scripts: bool) -> None:
    await page.goto("/acme/account/payment-methods")
    await page.get_by_role("link", name="Add payment method").click()
    await expect(page.get_by_text("Stripe's page needs JavaScript.")).to_be_visible()
    await page.get_by_role("button", name="Continue to Stripe").click()
    await expect(page.get_by_role("heading", name="Save your card")).to_be_visible()
    await page.get_by_label("Card number").fill("4000000000000002")
    await page.get_by_role("button", name="Save card").click()
    await expect(page.get_by_text("Your card was declined.")).to_be_visible()
    await page.get_by_label("Card number").fill(number)
    await page.get_by_role("button", name="Save card").click()
    if not scripts:
        await look_again(page)
    await expect(page.get_by_role("heading", name="Card saved")).to_be_visible(timeout=60_000)
    await expect(page.get_by_text(label)).to_be_visible()
    await page.get_by_role("main").get_by_role("link", name="Payment Methods").first.click()
    await expect(page.get_by_text(label, exact=True)).to_be_visible()


async def look_again(page: Page) -> None:
    """What the page asks people to do who have no script."""
    link = page.get_by_role("link", name="Look again")
    for _ in range(200):
        if not await link.count():
            return
        await page.wait_for_timeout(200)
        await link.click()
