"""Closes the accounts whose customers asked for it two weeks ago."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

import database
from emails import account_deleted
from integrations import gravatar
from jobs.apart import apart
from jobs.stopping import Stopping
from tables import closing
from tables.export import Export
from tables.member import LastOwner
from tables.vendor import Vendor
from theming.center import center_of

BATCH = 5

log = structlog.get_logger("accounts")


async def close_accounts(stopping: Stopping) -> int:
    """Each in a transaction of its own; returns how many were taken."""
    rows = await closing.lease(BATCH)
    for row in rows:
        if stopping.asked:
            break
        await apart(close(row), customer=row["id"])
    return len(rows)


async def close(row: Any) -> None:
    vendor_id = row["vendor_id"]
    center = center_of(await Vendor.objects().get(Vendor.id == vendor_id))

    async def work() -> closing.Erased | None:
        await Vendor.hold(vendor_id)
        erased = await closing.erase(vendor_id, row["id"])
        if erased:
            await account_deleted.queue(center, erased.customer)
        return erased

    try:
        erased = await database.transaction(work)
    except LastOwner:
        # The other owners went after this one had asked: the account stays, and may be closed once there is one.
        await database.transaction(lambda: closing.withdraw(vendor_id, row["id"]))
        return log.warning("kept: the last owner of a center", customer=row["id"])
    if erased is None:
        return
    log.info("closed", vendor=center.slug, customer=row["id"])
    for name in erased.exports:
        await asyncio.to_thread(Export.path_of(vendor_id, name).unlink, missing_ok=True)
    await gravatar.forget(erased.customer.avatar)
