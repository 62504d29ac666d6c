"""A vendor with a Stripe account of their own, and the way of an event from there into the mirror."""

from __future__ import annotations

from typing import Any

from integrations import stripe
from jobs.apply_webhooks import APPLY
from tables import BillingCommand, CardSetup, Mail, Price, StripeCustomer, Vendor, WebhookEvent
from tests.integrations.clickfunnels import payloads
from tests.integrations.stripe.books import body_of
from tests.integrations.stripe.fake_stripe import WEBHOOK_SECRET, FakeStripe

OURS = {"version", "id", "vendor_id", "public_id", "created_at", "settled_at"}

WHOSE = {"customer", "customer_id"}


async def connect(vendor: Vendor, fake: FakeStripe) -> Vendor:
    """Give a vendor the keys of this account."""
    await Vendor.keep_stripe_key(vendor.id, fake.secret)
    await Vendor.rotate_secret(vendor.id, WEBHOOK_SECRET, "stripe")
    return await Vendor.objects().get(Vendor.id == vendor.id)


async def deliver(vendor: Vendor, *events: dict[str, Any]) -> None:
    """Take events in one after another, and work all that is due."""
    for event in events:
        await stripe.receive(vendor.id, body_of(event))
        await drain()


async def drain() -> None:
    for _ in range(1000):
        rows = await WebhookEvent.lease(10)
        if not rows:
            return
        for row in rows:
            await APPLY[row["source"]](row)
    raise AssertionError("the inbox never comes to rest")


async def verdict(vendor: Vendor, event: dict[str, Any]) -> tuple[str, str]:
    """What became of one event, and the words for it."""
    row = await WebhookEvent.select().where(
        WebhookEvent.vendor == vendor.id, WebhookEvent.event_id == event["id"]
    ).first()  # fmt: skip
    return row["status"], row["outcome"] or row["error"] or row["waiting_for"] or ""


async def dump(vendor: Vendor) -> dict[str, Any]:
    """All that the mirror shows, without what is ours alone, and how many mails there are of each kind."""
    found: dict[str, Any] = await payloads.dump(vendor)
    for name, table in {"Price": Price, "StripeCustomer": StripeCustomer, "CardSetup": CardSetup}.items():
        found[name] = await table.select().where(table.vendor == vendor.id)
    found = {
        name: sorted(({key: value for key, value in row.items() if key not in OURS and key not in WHOSE} for row in rows),
                     key=repr)
        for name, rows in found.items()
    }  # fmt: skip
    # A card that was removed before anybody looked is not known to have been there.
    found["PaymentMethod"] = [row for row in found["PaymentMethod"] if not row["removed_at"]]
    commands = await BillingCommand.select(BillingCommand.kind, BillingCommand.status).where(
        BillingCommand.vendor == vendor.id
    )
    mails = await Mail.select(Mail.kind).where(Mail.vendor == vendor.id)
    return found | {
        "commands": list(commands),
        "mails": sorted(row["kind"] for row in mails),
    }  # fmt: skip
