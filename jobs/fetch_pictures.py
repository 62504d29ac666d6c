"""Fetches the pictures that courses and lessons show from elsewhere."""

from __future__ import annotations

import structlog

from integrations import pictures
from jobs.stopping import Stopping
from tables.picture import Picture

BATCH = 5

log = structlog.get_logger("pictures")


async def fetch_pictures(stopping: Stopping) -> int:
    rows = await Picture.lease(BATCH)
    for row in rows:
        if stopping.asked:
            break
        try:
            kept = await pictures.fetch(row["source_url"])
        except pictures.Unusable as error:
            log.warning("missed", picture=row["id"], tries=row["tries"], error=str(error)[:120])
            await Picture.missed(row, str(error))
        else:
            await Picture.arrived(row, kept.path, kept.width, kept.height)
    return len(rows)
