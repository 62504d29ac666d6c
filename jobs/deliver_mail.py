"""Empties the outbox of mails."""

from __future__ import annotations

from functools import partial

import structlog

from emails import smtp
from jobs.outbox import BATCH, hand_on
from jobs.stopping import Stopping
from settings import settings
from tables.mail import Mail

log = structlog.get_logger("mail")


async def deliver_mail(stopping: Stopping) -> int:
    """Send what is due over one connection; returns how many rows were taken."""
    if not settings.smtp_url:
        return 0
    rows, connection = await Mail.lease(BATCH), smtp.client()
    await hand_on(rows, partial(smtp.deliver, connection), stopping, log)
    await smtp.leave(connection)
    return len(rows)
