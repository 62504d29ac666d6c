"""A vendor's look as it was at one time: the draft, and everything that was published."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Self

from piccolo.columns import BigInt, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.timestamps import moment
from tables.vendor import Vendor

SHOWN = 20


class ThemeVersion(Owned, Table, tablename="theme_versions"):
    """What a center looks like is `vendors.tokens`; `vendors.theme_version` says which of these it was taken from."""

    tokens = Text()
    made_by = Varchar(length=254, default="")
    follows = BigInt(null=True, default=None)
    created_at = moment()
    published_at = moment()

    @classmethod
    async def draft_of(cls, vendor_id: int) -> Self | None:
        """What was saved and not yet published."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.published_at.is_null()).first()

    @classmethod
    async def published_of(cls, vendor_id: int) -> Sequence[Any]:
        """The newest few that were published."""
        return (
            await cls.select()
            .where(cls.vendor == vendor_id, cls.published_at.is_not_null())
            .order_by(cls.id, ascending=False)
            .limit(SHOWN)
        )

    @classmethod
    async def by_id(cls, vendor_id: int, version: int | None) -> Self | None:
        """A published look of this vendor."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.id == version, cls.published_at.is_not_null()
        ).first()  # fmt: skip

    @classmethod
    async def keep(cls, vendor_id: int, tokens: Mapping[str, str], made_by: str) -> None:
        """Keep a look as the vendor's one draft. Run it in a transaction that holds the vendor."""
        draft = await cls.draft_of(vendor_id) or cls(vendor=vendor_id)
        draft.tokens, draft.made_by, draft.created_at = json.dumps(dict(tokens)), made_by, database.now()
        await draft.save()

    @classmethod
    async def drop_draft(cls, vendor_id: int) -> None:
        await cls.delete().where(cls.vendor == vendor_id, cls.published_at.is_null())

    @classmethod
    async def publish(cls, vendor_id: int, tokens: Mapping[str, str], made_by: str) -> None:
        """Make a look the center's; it takes the draft's place. Run it in a transaction that holds the vendor."""
        before = await cls.current(vendor_id)
        now, text = database.now(), json.dumps(dict(tokens))
        row = cls(vendor=vendor_id, tokens=text, made_by=made_by, follows=before, created_at=now, published_at=now)
        await row.save()
        await cls.drop_draft(vendor_id)
        await show(vendor_id, text, row.id)

    @classmethod
    async def current(cls, vendor_id: int) -> int:
        """The version that is shown; a look that was made without one is kept as one first."""
        vendor = await held(vendor_id)
        if vendor.theme_version is not None:
            return int(vendor.theme_version)
        row = cls(vendor=vendor_id, tokens=vendor.tokens, created_at=database.now(), published_at=database.now())
        await row.save()
        return int(row.id)

    @classmethod
    async def undo(cls, vendor_id: int) -> bool:
        """Go back to what was there before; returns whether there was anything. In a transaction, the vendor held."""
        vendor = await held(vendor_id)
        shown = await cls.by_id(vendor_id, vendor.theme_version)
        before = await cls.by_id(vendor_id, shown.follows) if shown and shown.follows is not None else None
        if before is None:
            return False
        await show(vendor_id, before.tokens, before.id)
        return True


async def held(vendor_id: int) -> Vendor:
    vendor = await Vendor.by_id(vendor_id)
    if vendor is None:
        raise LookupError("no such vendor")
    return vendor


async def show(vendor_id: int, tokens: str, version: int) -> None:
    await Vendor.update({Vendor.tokens: tokens, Vendor.theme_version: version}).where(Vendor.id == vendor_id)
