"""What the demo's first customer has gathered in her account besides orders: places, numbers, messages, another device."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial

import emails
from tables.address import Address
from tables.address_parts import ALL
from tables.customer import Customer
from tables.device import Device
from tables.mail import Mail
from tables.phone_number import PhoneNumber
from tables.session import CUSTOMERS, Session
from tables.vendor import Vendor
from theming.browsers import browser_words
from theming.center import center_of
from theming.formats import minute

PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/18.5 Mobile/15E148 Safari/604.1")  # fmt: skip
SISTER = {
    "first_name": "Alice", "last_name": "Ames", "organization_name": "c/o Nora Ames", "street_one": "4 Mill Lane",
    "city": "Bristol", "postal_code": "BS1 4DJ", "country": "GB",
}  # fmt: skip


async def furnish(vendor: Vendor, alice: Customer, now: datetime) -> None:
    """Two addresses in two countries, two numbers with labels, messages, and a phone that is signed in."""
    await Customer.update({Customer.created_at: now - timedelta(days=420)}).where(
        Customer.vendor == vendor.id, Customer.id == alice.id
    )
    home = await Address.newest(vendor.id, alice.id)
    await Address.add(vendor.id, alice.id, dict.fromkeys(ALL, "") | SISTER)
    if home:
        await home.prefer()
    await PhoneNumber.add(vendor.id, alice.id, alice.phone or "", "Mobile")
    await PhoneNumber.add(vendor.id, alice.id, "+441174960123", "At my sister’s")
    await open_phone(vendor, alice, now)
    await write_messages(vendor, alice, now)


async def open_phone(vendor: Vendor, alice: Customer, now: datetime) -> None:
    """A session nobody holds the token of, to be signed out."""
    since = now - timedelta(days=9)
    device = await Device.remember(vendor.id, alice.id, secrets.token_urlsafe(32), PHONE)
    await Session.start(vendor.id, alice.id, "link", PHONE, "", device)
    await Session.update({
        Session.created_at: since, Session.last_seen_at: now - timedelta(days=1), Session.expires_at: since + CUSTOMERS.absolute,
    }).where(Session.vendor == vendor.id, Session.device_id == device)  # fmt: skip


async def write_messages(vendor: Vendor, alice: Customer, now: datetime) -> None:
    """As if they had been sent at the time: the welcome of the first purchase, and what came later."""
    center, opened = center_of(vendor), now - timedelta(days=9)
    await pretend_sent(vendor, alice, now - timedelta(days=400))
    when = minute(opened, center.zone, center.locale)
    await emails.queue(
        center, "new_device", "demo:new-device", alice.email, {
            "first_name": alice.first_name, "browser": partial(browser_words, PHONE), "when": when.text if when else "",
            "devices": center.link("/account/devices"), "password": center.link("/password"),
        }, customer=alice.id,
    )  # fmt: skip
    await pretend_sent(vendor, alice, opened)
    await emails.queue(
        center, "phone_changed", "demo:phone-changed", alice.email,
        {"first_name": alice.first_name, "tail": (alice.phone or "")[-4:], "link": center.link("/account/phone")},
        customer=alice.id,
    )  # fmt: skip
    await pretend_sent(vendor, alice, now - timedelta(days=3))


async def pretend_sent(vendor: Vendor, alice: Customer, at: datetime) -> None:
    await Mail.update({Mail.state: "sent", Mail.created_at: at, Mail.sent_at: at}).where(
        Mail.vendor == vendor.id, Mail.customer == alice.id, Mail.state == "queued"
    )
