"""Empties the outbox of text messages; a loop of its own, so that neither gateway holds up the other."""

from __future__ import annotations

import httpx
import structlog

import database
from database import Row
from integrations import text_messages
from jobs.stopping import Stopping
from settings import settings
from tables.mail import TEXT, Mail, overdue

BATCH = 20

log = structlog.get_logger("texts")


async def deliver_texts(stopping: Stopping) -> int:
    """Send what is due; returns how many rows were taken. Without a gateway everything waits."""
    if not settings.sms_url:
        return 0
    rows = await Mail.lease(BATCH, TEXT)
    async with text_messages.client() as connection:
        for place, row in enumerate(rows):
            if stopping.asked:
                await Mail.release(rows[place:])
                break
            await deliver(connection, row)
    return len(rows)


async def deliver(connection: httpx.AsyncClient, row: Row) -> None:
    if overdue(row, database.now()):
        return await Mail.expired(row)
    try:
        await text_messages.deliver(connection, row)
    except text_messages.Refused as error:
        log.warning("refused", mail=row["public_id"], kind=row["kind"], error=str(error))
        await Mail.failed(row, str(error))
    except text_messages.Unreachable as error:
        log.warning("postponed", mail=row["public_id"], kind=row["kind"], tries=row["tries"], error=str(error))
        await Mail.postpone(row, str(error))
    else:
        await Mail.sent(row)
