"""Cancelling from a mail's deep link in two pages, and taking it back: with scripts off, with htmx, and in w3m."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, expect
from post_office import links_of
from processes import until
from terminal import W3m
from webhooks_sender import contact, event

buyers = itertools.count(1)
UNTIL = datetime.now(UTC) + timedelta(days=20)
PRICE = {"id": 870, "amount": "9.00", "currency": "USD", "interval": "months", "interval_count": 1}


async def subscribe(clickfunnels, center, office) -> tuple[str, str]:
    """A fresh subscriber's address, and where their subscription is cancelled."""
    email = f"leaver{next(buyers)}@example.com"
    buyer, until_ = contact(email), UNTIL.isoformat()
    number = buyer["id"] % 10**9
    await clickfunnels.deliver([event("subscription.activated", {
        "id": number, "order_number": str(number), "contact_id": buyer["id"], "contact": buyer, "currency": "USD",
        "total_amount": "9.00", "tax_amount": "0.00", "order_type": "subscription-order", "billing_status": "paid",
        "service_status": "active", "paid_until": until_, "renewal_at": until_, "next_charge_at": until_,
        "line_items": [{"id": 1, "quantity": 1, "original_product": {"id": 7, "name": "Hive radio"},
                        "products_price": PRICE}],
    })])  # fmt: skip
    await until(lambda: office.to(email))
    found = await center.data.value(
        f"SELECT s.public_id FROM subscriptions s JOIN orders o ON o.id = s.order_id WHERE o.number = '{number}'"
    )
    return email, f"{center.base}/acme/account/subscriptions/{found}/cancellation"


async def mailed(office, email: str, subject: str) -> str:
    """The first link of a message."""
    [message] = await until(lambda: [one for one in office.to(email) if one["Subject"].startswith(subject)])
    return links_of(message)[0]


@pytest.mark.parametrize("way", [{"java_script_enabled": False}, {}], ids=["no JavaScript", "htmx"])
async def test_in_chromium(clickfunnels, center, office, browse, way):
    email, link = await subscribe(clickfunnels, center, office)
    page = await browse(**way)
    await page.goto(link)
    await page.get_by_label("Email address").fill(email)
    await page.get_by_role("button", name="Continue", exact=True).click()
    await heading(page, "Check your email")
    await page.goto(await mailed(office, email, "Sign in"))
    await heading(page, "Cancel subscription")
    await expect(page.get_by_text("you keep access until")).to_be_visible()
    await page.get_by_role("button", name="Cancel subscription").click()
    await heading(page, "We received your request")
    await expect(page.get_by_text("It is not done yet.")).to_be_visible()
    await page.goto(await mailed(office, email, "We received your request: Cancellation"))
    await page.get_by_role("button", name="Take this request back").click()
    await expect(page.get_by_text("You took your request back.")).to_be_visible()


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def test_in_w3m(clickfunnels, center, office, tmp_path, needs):
    needs("w3m")
    email, link = await subscribe(clickfunnels, center, office)
    screen = await asyncio.to_thread(W3m, link, tmp_path)
    try:
        await asyncio.to_thread(ask_by_keys, screen, email)
        screen.open(await mailed(office, email, "Sign in"))
        await asyncio.to_thread(cancel_by_keys, screen)
        await mailed(office, email, "We received your request: Cancellation")
    finally:
        screen.close()


def ask_by_keys(screen: W3m, email: str) -> None:
    screen.shows("Sign in", "Email address", "Continue")
    screen.fill(email, "email")
    screen.submit("Continue")
    screen.shows("Check your email", email)


def cancel_by_keys(screen: W3m) -> None:
    screen.shows("Why do you want to cancel?", "you keep access until")
    # The heading reads the same as the button.
    screen.follow("Cancel subscription", nth=2)
    screen.shows("We received your request", "It is not done yet.")
    screen.submit("Take it back and keep my subscription")
    screen.shows("You took your request back. Nothing was changed.")
