"""Hands on messages that are due, whichever way they go: each ends sent, refused for good, or put off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import database
from database import Row
from jobs.stopping import Stopping
from tables.mail import Mail, Refused, Unreachable, overdue

BATCH = 20

Send = Callable[[Row], Awaitable[None]]
"""Hands one message over; raises Refused or Unreachable."""


async def hand_on(rows: list[Row], send: Send, stopping: Stopping, log: Any) -> None:
    """In their order; what is left when the worker stops is given back."""
    for place, row in enumerate(rows):
        if stopping.asked:
            return await Mail.release(rows[place:])
        await deliver(row, send, log)


async def deliver(row: Row, send: Send, log: Any) -> None:
    if overdue(row, database.now()):
        return await Mail.expired(row)
    try:
        await send(row)
    except Refused as error:
        log.warning("refused", mail=row["public_id"], kind=row["kind"], error=str(error)[:120])
        await Mail.failed(row, str(error))
    except Unreachable as error:
        log.warning("postponed", mail=row["public_id"], kind=row["kind"], tries=row["tries"])
        await Mail.postpone(row, str(error))
    except database.Unavailable:
        raise
    except Exception as error:
        # Only its kind: the vendor reads it in the console.
        log.exception("missed", mail=row["public_id"], kind=row["kind"], tries=row["tries"])
        await Mail.postpone(row, type(error).__name__)
    else:
        await Mail.sent(row)
