"""From the wire into the inbox, and from there by a look at the vendor's account into the mirrored tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import database
from integrations.billing import Unreachable
from integrations.clickfunnels.envelope import NotUnderstood, label, parse
from integrations.clickfunnels.inbox import NOBODY, described, is_open
from integrations.clickfunnels.records import Parked
from integrations.stripe.client import KeyRefused, Missing, StripeMissing, connected, installed
from integrations.stripe.effects import effect_of
from integrations.stripe.events import SOURCE, event_of, topic_of
from integrations.stripe.looks import Look
from integrations.stripe.signature import verify
from tables.vendor import Vendor
from tables.webhook_event import WebhookEvent

ATTEMPTS = 3
REST = timedelta(seconds=10)
"""How long the other events of a vendor wait whose Stripe account was just out of reach, before it is asked again."""
resting: dict[int, datetime] = {}


async def deliver(vendor: Vendor | None, headers: Mapping[bytes, bytes], body: bytes) -> bool | None:
    """A delivery as it came: True kept, False here before, None refused. Raises StripeMissing.

    A vendor that does not exist, or has no secret, takes as long to refuse as a wrong signature.
    """
    if not installed():
        raise StripeMissing
    secrets = vendor.stripe_secrets if vendor else []
    genuine = verify(headers, body, secrets or NOBODY)
    if vendor is None or not secrets or not genuine:
        return None
    return await receive(vendor.id, body)


async def receive(vendor_id: int, body: bytes) -> bool:
    """Keep a verified event, whatever it holds; False when it was here before."""
    text = body.decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    envelope = parse(text)
    event_id, event_type = label(envelope, "id"), label(envelope, "type")
    if not event_id or len(event_id) > 100 or event_id.startswith("here:"):
        event_id = hashlib.sha256(body).hexdigest()
    return await WebhookEvent.keep(vendor_id, SOURCE, event_id, event_type, text, topic_of(event_type))


async def apply(row: Any) -> None:
    """Work one leased event: look at the account outside every transaction, then write and settle in one.

    What Stripe, or the key, cannot answer now is worked later, for as long as it takes: such an event never fails.
    Raises database.Unavailable, after which the lease ends by itself and the event is taken up again.
    """
    try:
        look = await looked(row)
    except (Unreachable, KeyRefused, StripeMissing) as error:
        resting[row["vendor_id"]] = database.now() + REST
        return await WebhookEvent.postpone(row, str(error), getattr(error, "seconds", None))
    except (NotUnderstood, Missing) as reason:
        return await WebhookEvent.settle(row, "ignored", str(reason))
    except database.Unavailable:
        raise
    except Exception as error:
        return await WebhookEvent.settle(row, "failed", error=described(error))
    await settled(row, look)


async def looked(row: Any) -> Look:
    """What the event is about, fetched as it is now."""
    vendor_id = row["vendor_id"]
    event = event_of(row)
    effect = effect_of(event.type)
    vendor = await Vendor.by_id(vendor_id)
    key = vendor.stripe_api_key if vendor else None
    if not key:
        raise KeyRefused("There is no secret key of Stripe here, so nothing can be fetched. Enter one under Payments.")
    if (until := resting.get(vendor_id)) and until > database.now():
        raise Unreachable("Stripe could not be reached a moment ago")
    async with connected(key) as stripe:
        return await effect(stripe, event, heard_at(row))


def heard_at(row: Any) -> datetime | None:
    """When it happened; what we made ourselves is no news."""
    envelope = parse(row["body"]) or {}
    created = envelope.get("created")
    return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else None


async def settled(row: Any, look: Look) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await database.transaction(lambda: work(row, look))
        except database.Unavailable:
            raise
        except Exception as error:
            if not isinstance(error, database.CONFLICT) or attempt == ATTEMPTS:
                return await WebhookEvent.settle(row, "failed", error=described(error))


async def work(row: Any, look: Look) -> None:
    # One writer of a vendor's records at a time: whoever comes second sees what the first one wrote.
    await Vendor.hold(row["vendor_id"])
    if not await is_open(row):
        return
    try:
        outcome = await look()
    except Parked as waiting:
        await WebhookEvent.park(row, waiting.key)
    except NotUnderstood as reason:
        await WebhookEvent.settle(row, "ignored", str(reason))
    else:
        await WebhookEvent.settle(row, "processed", outcome)
