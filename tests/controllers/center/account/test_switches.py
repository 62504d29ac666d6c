"""Each switch of a vendor has exactly one effect: its own page and the links to it."""

import json

import pytest

from tables import Order, Vendor
from tables.vendor import SWITCHES
from tests.client import words
from web import tenancy

PAGES = {
    "subscription_cancel": "/account/subscriptions/{subscription}/cancellation",
    "subscription_updates": "/account/subscriptions/{subscription}/plan",
    "subscription_pause": "/account/subscriptions/{subscription}/pause",
    "payment_method_updates": "/account/payment-methods/new",
}
LABELS = {
    "subscription_cancel": "Cancel subscription", "subscription_updates": "Change plan",
    "subscription_pause": "Pause subscription", "payment_method_updates": "Add payment method",
}  # fmt: skip
BILLING = "9 Ledger Street"


@pytest.fixture
async def shown(world, signed_in):
    """What Alice sees of everything a switch may take away, with these switches on."""
    await Order.update({Order.billing_address: json.dumps({"street_one": BILLING})}).where(
        Order.vendor == world.acme.id, Order.number == world.alice.order
    )
    one, own = await signed_in(world.alice.customer), world.alice

    async def look(on):
        await Vendor.update({getattr(Vendor, name): name in on for name in SWITCHES}).where(Vendor.id == world.acme.id)
        tenancy.kept.clear()
        pages = {
            name: await one.get(own.home + path.format(subscription=own.subscription)) for name, path in PAGES.items()
        }
        texts = words(await one.get(f"{own.home}/account/subscriptions/{own.subscription}"))
        texts += words(await one.get(f"{own.home}/account/payment-methods"))
        order = words(await one.get(f"{own.home}/account/orders/{own.order}"))
        return (
            {name for name, page in pages.items() if page.status_code == 200}
            | ({"billing_information"} if BILLING in order else set()),
            {name for name, label in LABELS.items() if label in texts},
        )

    return look


async def test_with_every_switch_on_everything_is_there(shown):
    assert await shown(SWITCHES) == (set(SWITCHES), set(PAGES))


@pytest.mark.parametrize("off", SWITCHES)
async def test_a_switch_that_is_off_takes_its_own_page_and_links_away_and_nothing_else(shown, off):
    assert await shown(set(SWITCHES) - {off}) == (set(SWITCHES) - {off}, set(PAGES) - {off})


@pytest.mark.parametrize("on", SWITCHES)
async def test_a_switch_alone_shows_its_own_page_and_links_and_nothing_else(shown, on):
    assert await shown({on}) == ({on}, {on} & set(PAGES))


async def test_cancelling_and_pausing_are_off_until_the_vendor_says_otherwise(acme):
    assert acme.switches == set(SWITCHES) - {"subscription_cancel", "subscription_pause"}


async def test_tabs_come_in_the_vendors_order_and_the_rest_after(world, signed_in):
    await Vendor.update({Vendor.tab_order: '["orders", "phone-numbers", "no-such-tab"]'}).where(
        Vendor.id == world.acme.id
    )
    page = await (await signed_in(world.alice.customer)).get("/acme/account")
    tabs = words(page).partition("My Account")[2]
    order = ["Orders", "Phone Numbers", "Subscriptions", "Courses", "Credit Memos", "Payment Methods", "Addresses"]
    assert " ".join(order) in tabs


async def test_links_at_the_bottom_stand_on_pages_that_may_lead_outside(world, signed_in, browser):
    await Vendor.update({Vendor.footer_links: '[["Our <shop>", "https://shop.example/?a=1&b=2"]]'}).where(
        Vendor.id == world.acme.id
    )
    page = await browser().get("/acme/sign-in")
    assert '<a href="https://shop.example/?a=1&amp;b=2">Our &lt;shop&gt;</a>' in page.text
    assert "shop.example" not in (await browser().get(f"/acme/sign-in/link/{world.alice.link}")).text
