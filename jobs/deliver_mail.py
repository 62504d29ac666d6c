"""Empties the outbox."""

from __future__ import annotations

import structlog

import database
from emails import smtp
from jobs.stopping import Stopping
from settings import settings
from tables.mail import Mail, overdue

BATCH = 20

log = structlog.get_logger("mail")


async def deliver_mail(stopping: Stopping) -> int:
    """Send what is due over one connection; returns how many rows were taken."""
    if not settings.smtp_url:
        return 0
    rows = await Mail.lease(BATCH)
    connection = smtp.client()
    for place, row in enumerate(rows):
        if stopping.asked:
            await Mail.release(rows[place:])
            break
        await deliver(connection, row)
    await smtp.leave(connection)
    return len(rows)


async def deliver(connection: smtp.aiosmtplib.SMTP, row: dict) -> None:  # type: ignore[type-arg]
    if overdue(row, database.now()):
        return await Mail.expired(row)
    try:
        await smtp.deliver(connection, row)
    except smtp.Refused as error:
        log.warning("refused", mail=row["public_id"], kind=row["kind"], error=str(error)[:120])
        await Mail.failed(row, str(error))
    except smtp.Unreachable as error:
        log.warning("postponed", mail=row["public_id"], kind=row["kind"], tries=row["tries"])
        await Mail.postpone(row, str(error))
    else:
        await Mail.sent(row)
