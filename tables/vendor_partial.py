"""What a vendor has written in place of a part of their pages or mails: every version, at most one of them shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from piccolo.columns import Boolean, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.timestamps import moment
from tables.vendor import Vendor

VERSIONS = 50
"""How many versions of a part are kept."""


class VendorPartial(Owned, Table, tablename="vendor_partials"):
    slot = Varchar(length=40)
    number = Integer()
    """Of the version, counted from 1 for each slot."""
    source = Text()
    made_by = Varchar(length=320, default="")
    made_at = moment()
    active = Boolean(default=False)
    fault = Text(null=True, default=None)
    """Why the stock part was shown instead, the last time that happened to this version."""
    fault_at = moment()

    @classmethod
    async def keep(cls, vendor_id: int, slot: str, source: str, made_by: str) -> int:
        """Write a new version and show it; returns its number. Inside a transaction."""
        await Vendor.hold(vendor_id)
        newest = await cls.select(cls.number).where(cls.vendor == vendor_id, cls.slot == slot).order_by(
            cls.number, ascending=False
        ).first()  # fmt: skip
        number = (newest["number"] if newest else 0) + 1
        await cls.hide(vendor_id, slot)
        await cls(vendor=vendor_id, slot=slot, number=number, source=source, made_by=made_by[:320],
                  made_at=database.now(), active=True).save()  # fmt: skip
        await cls.delete().where(cls.vendor == vendor_id, cls.slot == slot, cls.number <= number - VERSIONS)
        await cls.announce(vendor_id)
        return number

    @classmethod
    async def switch_off(cls, vendor_id: int, slot: str) -> bool:
        """Show the stock part again, the versions stay; False where it is shown already. Inside a transaction."""
        await Vendor.hold(vendor_id)
        was_shown = await cls.hide(vendor_id, slot)
        if was_shown:
            await cls.announce(vendor_id)
        return was_shown

    @classmethod
    async def hide(cls, vendor_id: int, slot: str) -> bool:
        shown = (cls.vendor == vendor_id, cls.slot == slot, cls.active.eq(True))
        return bool(await cls.update({cls.active: False}).where(*shown).returning(cls.id))

    @classmethod
    async def announce(cls, vendor_id: int) -> None:
        """Count the change on the vendor's row: that is what every worker reads anyway."""
        await database.raw(
            "UPDATE vendors SET partials_changed = partials_changed + 1 WHERE id = {}", vendor_id
        )  # fmt: skip

    @classmethod
    async def shown_at(cls, vendor_id: int) -> Sequence[VendorPartial]:
        """What stands in place of stock parts now, one for each slot."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.active.eq(True)).order_by(cls.slot)

    @classmethod
    async def versions(cls, vendor_id: int, slot: str) -> Sequence[VendorPartial]:
        """All that are kept, newest first."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.slot == slot).order_by(
            cls.number, ascending=False
        )  # fmt: skip

    @classmethod
    async def version(cls, vendor_id: int, slot: str, number: int) -> VendorPartial | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.slot == slot, cls.number == number).first()

    @classmethod
    async def fell_back(cls, vendor_id: int, partial_id: int, fault: str) -> None:
        """Note why a page had to show the stock part; its vendor reads it in the console."""
        values: dict[Any, Any] = {cls.fault: fault[:500], cls.fault_at: database.now()}
        await cls.update(values).where(cls.vendor == vendor_id, cls.id == partial_id)
