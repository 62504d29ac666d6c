"""Empties the outbox of text messages; a loop of its own, so that neither gateway holds up the other."""

from __future__ import annotations

from functools import partial

import structlog

from integrations import text_messages
from jobs.outbox import BATCH, hand_on
from jobs.stopping import Stopping
from settings import settings
from tables.mail import TEXT, Mail

log = structlog.get_logger("texts")


async def deliver_texts(stopping: Stopping) -> int:
    """Send what is due; returns how many rows were taken. Without a gateway everything waits."""
    if not settings.sms_url:
        return 0
    rows = await Mail.lease(BATCH, TEXT)
    async with text_messages.client() as connection:
        await hand_on(rows, partial(text_messages.deliver, connection), stopping, log)
    return len(rows)
