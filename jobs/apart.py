"""Several vendors' work in one turn: the trouble of one is its own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

import structlog

import database

log = structlog.get_logger("worker")


async def apart(work: Awaitable[Any], **what: Any) -> None:
    """Do it, and log what goes wrong, so that the next in line has its turn; what was leased comes again.

    Raises database.Unavailable: that is everybody's trouble.
    """
    try:
        await work
    except database.Unavailable:
        raise
    except Exception:
        log.exception("missed", **what)
