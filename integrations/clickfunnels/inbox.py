"""From the wire into the inbox, and from the inbox into the mirrored tables."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import database
from integrations.clickfunnels.effects import effect_of, topic_of
from integrations.clickfunnels.envelope import SOURCE, NotUnderstood, event_of, label, parse
from integrations.clickfunnels.records import Parked
from integrations.clickfunnels.signature import verify
from tables.vendor import Vendor
from tables.webhook_event import WebhookEvent

ATTEMPTS = 3
NOBODY = ("a secret that signs nothing: " * 2,)
LONGEST_ID = 100
ERROR_LENGTH = 500
OPEN = ("received", "parked")
CURRENT_PATH = re.compile(r'("current_path"\s*:\s*)"[^"\\]*+(?:\\.[^"\\]*+)*+"')


async def deliver(vendor: Vendor | None, headers: Mapping[bytes, bytes], body: bytes) -> bool | None:
    """A delivery as it came: True kept, False here before, None refused.

    A vendor that does not exist, or has no secret, takes as long to refuse as a wrong signature.
    """
    secrets = vendor.webhook_secrets if vendor else []
    genuine = verify(headers, body, secrets or NOBODY)
    if vendor is None or not secrets or not genuine:
        return None
    return await receive(vendor.id, body)


async def receive(vendor_id: int, body: bytes) -> bool:
    """Keep a verified event, whatever it holds; False when it was here before.

    Nothing is refused here: what cannot be read is kept with an empty type, so that somebody can look at it. Only an
    enrollment's `current_path` is left out, since it opens the course to whoever has it.
    """
    text = body.decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    envelope = parse(text)
    event_id = label(envelope, "event_id", "uuid")
    if not event_id or len(event_id) > LONGEST_ID:
        event_id = hashlib.sha256(body).hexdigest()
    event_type = label(envelope, "event_type", "event_type_id")
    return await WebhookEvent.keep(
        vendor_id, SOURCE, event_id, event_type, CURRENT_PATH.sub(r"\1null", text), topic_of(event_type)
    )


async def apply(row: Any) -> None:
    """Work one leased event: its effect and its verdict in one transaction.

    Raises database.Unavailable, after which the lease ends by itself and the event is taken up again.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return await database.transaction(lambda: work(row))
        except database.Unavailable:
            raise
        except Exception as error:
            if not isinstance(error, database.CONFLICT) or attempt == ATTEMPTS:
                return await WebhookEvent.settle(row, "failed", error=described(error))


async def work(row: Any) -> None:
    # One writer of a vendor's records at a time: whoever comes second sees what the first one wrote.
    await Vendor.hold(row["vendor_id"])
    if not await is_open(row):
        return
    try:
        event = event_of(row)
        outcome = await effect_of(event.type)(event)
    except Parked as waiting:
        await WebhookEvent.park(row, waiting.key)
    except NotUnderstood as reason:
        await WebhookEvent.settle(row, "ignored", str(reason))
    else:
        await WebhookEvent.settle(row, "processed", outcome)


async def is_open(row: Any) -> bool:
    """Whether the event is still to do: another worker may have had it after this one's lease ended."""
    return await WebhookEvent.exists().where(
        WebhookEvent.vendor == row["vendor_id"], WebhookEvent.id == row["id"], WebhookEvent.status.is_in(list(OPEN))
    )


def described(error: Exception) -> str:
    """What went wrong, for the vendor; a database's own words may quote a customer's data and are left out."""
    known = isinstance(error, ValueError | KeyError | TypeError)
    return f"{type(error).__name__}: {error}"[:ERROR_LENGTH] if known else type(error).__name__
