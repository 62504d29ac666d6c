"""Looks for the pictures of customers who are here."""

from __future__ import annotations

from typing import Any

import structlog

from integrations import gravatar, pictures
from jobs.stopping import Stopping
from settings import settings
from tables.avatar import Avatar

BATCH = 5

log = structlog.get_logger("pictures")


async def fetch_avatars(stopping: Stopping) -> int:
    """Look up those that are due; returns how many were taken."""
    if not settings.gravatar_url:
        return 0
    rows = await Avatar.lease(BATCH)
    for row in rows:
        if stopping.asked:
            break
        await (look(row) if await Avatar.is_wanted(row) else Avatar.rest(row))
    return len(rows)


async def look(row: Any) -> None:
    try:
        name = await gravatar.fetch(row["email"])
    except pictures.Absent:
        await Avatar.absent(row)
        await gravatar.forget(row["avatar"])
    except pictures.Unusable as error:
        log.warning("missed", customer=row["id"], error=str(error)[:120])
        await Avatar.missed(row)
    else:
        await Avatar.arrived(row, name)
        # Theirs before; or the new one, where they have switched it off meanwhile.
        for old in {row["avatar"], name}:
            await gravatar.forget(old)
