"""Makes the files that customers asked for: everything we keep about them."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog

import database
from emails import export_ready
from jobs import export_archive
from jobs.stopping import Stopping
from tables.customer import Customer
from tables.export import Export
from tables.vendor import Vendor
from theming import words
from theming.center import Center, center_of

log = structlog.get_logger("exports")


async def make_exports(stopping: Stopping) -> int:
    """Make one that is due; returns how many were taken. Killed half way, it is made anew when its lease ends."""
    row = await Export.lease()
    if row is None:
        return 0
    try:
        await make(row, stopping)
    except export_archive.Stopped:
        await Export.missed(row, counted=False)
    except Exception:
        log.exception("missed", export=row["public_id"], tries=row["tries"])
        await Export.missed(row)
    return 1


async def make(row: Any, stopping: Stopping) -> None:
    vendor_id, customer_id = row["vendor_id"], row["customer_id"]
    center = await center_for(vendor_id, customer_id)
    path = Export.path_of(vendor_id, row["public_id"])
    size = await export_archive.write(path, vendor_id, customer_id, center.name, stopping)

    async def work() -> bool:
        export = await Export.made(row, size)
        if export:
            customer = await Customer.objects().get((Customer.vendor == vendor_id) & (Customer.id == customer_id))
            await export_ready.queue(center, customer, export)
        return export is not None

    if await database.transaction(work):
        log.info("made", export=row["public_id"], size=size)
    elif not await Export.exists().where(Export.vendor == vendor_id, Export.id == row["id"]):
        # The account was closed meanwhile, and nothing of it may stay.
        await asyncio.to_thread(path.unlink, missing_ok=True)
    else:
        # It became part of another account, whose copy it is now; one that another worker made stays as it is.
        await Export.missed(row, counted=False)


async def center_for(vendor_id: int, customer_id: int) -> Center:
    """The center in the customer's own language, which is the file's as well."""
    row = (
        await Customer.select(Customer.language).where(Customer.vendor == vendor_id, Customer.id == customer_id).first()
    )
    center = center_of(await Vendor.objects().get(Vendor.id == vendor_id)).speaking(row["language"] if row else None)
    words.speak(center.locale, center.words)
    return center
