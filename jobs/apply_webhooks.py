"""Works the inbox."""

from __future__ import annotations

import structlog

from integrations import clickfunnels, stripe
from jobs.stopping import Stopping
from tables.webhook_event import WebhookEvent

BATCH = 20
APPLY = {clickfunnels.SOURCE: clickfunnels.apply, stripe.SOURCE: stripe.apply}

log = structlog.get_logger("inbox")


async def apply_webhooks(stopping: Stopping) -> int:
    """Apply the events that are due, oldest first; returns how many were taken."""
    rows = await WebhookEvent.lease(BATCH)
    for place, row in enumerate(rows):
        if stopping.asked:
            await WebhookEvent.release(rows[place:])
            break
        await APPLY[row["source"]](row)
        log.info("applied", vendor=row["vendor_id"], id=row["event_id"], type=row["event_type"])
    return len(rows)
