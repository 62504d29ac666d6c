"""A vendor's Stripe account itself: whether a key opens it, and taking in the subscriptions that are there already."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import database
from integrations.stripe.client import NotAllowed, connected
from integrations.stripe.events import SOURCE, Event, made_here
from integrations.stripe.looks import Look
from integrations.stripe.values import inside, text
from tables.webhook_event import WebhookEvent

if TYPE_CHECKING:
    from stripe import StripeClient

TAKING_IN = "here.subscriptions"
"""The type of the event that goes through an account's subscriptions, page by page."""
PAGE = 100


class Sight(NamedTuple):
    """What a key opens; a restricted key may not tell the account's name."""

    account: str
    name: str
    live: bool


async def check(key: str) -> Sight:
    """Ask Stripe with a key. Raises what the client raises."""
    live = "_live_" in key
    try:
        async with connected(key) as stripe:
            found = (await stripe.v1.accounts.retrieve_current_async()).to_dict()
    except NotAllowed:
        async with connected(key) as stripe:
            await stripe.v1.subscriptions.list_async({"limit": 1})
        return Sight("", "", live)
    name = inside(found, "settings", "dashboard", "display_name") or inside(found, "business_profile", "name")
    return Sight(text(found["id"], 64), text(name, 120), live)


async def take_in(vendor_id: int) -> None:
    """Have every subscription of the account mirrored, inside a transaction; who is welcomed already is not again."""
    await keep_page(vendor_id, f"{database.now():%Y%m%d%H%M%S}", None)


async def keep_page(vendor_id: int, run: str, after: str | None) -> None:
    event_id, body = made_here(TAKING_IN, f"{run}-{after or 'start'}", {"id": run, "object": "run", "after": after})
    await WebhookEvent.keep(vendor_id, SOURCE, event_id, TAKING_IN, body, "subscription")


async def look_page(stripe: StripeClient, event: Event, heard_at: Any) -> Look:
    """The next hundred, each as an event of its own."""
    after = event.subject.get("after")
    page = await stripe.v1.subscriptions.list_async({"limit": PAGE, **({"starting_after": after} if after else {})})
    keys = [row.id for row in page.data]
    return partial(write_page, event.vendor_id, event.id, keys, page.has_more)


async def write_page(vendor_id: int, run: str, keys: list[str], more: bool) -> str:
    for key in keys:
        kind = "customer.subscription.updated"
        event_id, body = made_here(kind, f"{run}-{key}", {"id": key, "object": "subscription"})
        await WebhookEvent.keep(vendor_id, SOURCE, event_id, kind, body, "subscription")
    if more and keys:
        await keep_page(vendor_id, run, keys[-1])
    return f"{len(keys)} subscriptions are being fetched"
