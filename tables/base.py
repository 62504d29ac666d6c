"""What every tenant's table shares: its vendor, its random public id, and the guard against older news."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from piccolo.columns import BigInt, ForeignKey, Serial, Text, Varchar

import database
from tables.timestamps import moment
from tables.vendor import Vendor

PUBLIC_ID_BYTES = 16
LOCAL = "local:"
"""What the ids of records begin with that were made here; an event that names such an id is refused."""
NEWEST = 2**62
"""Above every id: where a list that goes from the newest to the oldest begins."""


def public_id() -> str:
    """128 random bits in 22 URL-safe characters: the id that appears in addresses."""
    return secrets.token_urlsafe(PUBLIC_ID_BYTES)


def local_id(*parts: int | str) -> str:
    """An id of our own kind in a column of ClickFunnels ids, random unless it is made of parts (ADR 17)."""
    return LOCAL + ("-".join(map(str, parts)) if parts else public_id())


def is_local(clickfunnels_id: str | None) -> bool:
    """Whether a record was made here: no news of it ever comes."""
    return (clickfunnels_id or "").startswith(LOCAL)


def text(length: int | None = None) -> Varchar | Text:
    """A column for text that may be unknown."""
    return Varchar(length=length, null=True, default=None) if length else Text(null=True, default=None)


def minor() -> BigInt:
    """A column for an amount of money in the currency's minor unit (cents; whole yen), which may be unknown."""
    return BigInt(null=True, default=None)


def stretch(equal: Mapping[str, str], below: int) -> tuple[str, str, list[Any]]:
    """Condition, order and values of the rows with these values below an id, newest first.

    They are one stretch of an index on (vendor_id, *columns, id). Said plainly, PostgreSQL reckons for a value it does
    not know yet that one will soon come by, and reads every row from the newest on; SQLite follows only plain words.
    """
    columns, values = list(equal), list(equal.values())
    if not columns or database.engine.engine_type == "sqlite":
        return "".join(f"{name} = {{}} AND " for name in columns) + "id < {}", "id DESC", [*values, below]
    names, marks = ", ".join(columns), ", ".join(["{}"] * len(columns))
    condition = f"({names}, id) < ({marks}, {{}}) AND ({names}) >= ({marks})"
    return condition, ", ".join(f"{name} DESC" for name in (*columns, "id")), [*values, below, *values]


# The columns are mixed into tables; a checker must know that the methods are called on one.
if TYPE_CHECKING:
    from piccolo.table import Table as Mixin
else:
    Mixin = object


class Owned(Mixin):
    """Columns of every row that belongs to a vendor."""

    id = Serial(primary_key=True)
    vendor = ForeignKey(Vendor, null=False, db_column_name="vendor_id")


class Remote(Owned):
    """A row that mirrors a ClickFunnels record.

    `version` is `updated_at|created_at of the event|event id`: it grows with the record's age, so that the newest
    news wins whatever the order of arrival (ClickFunnels docs, webhooks: order is not guaranteed, duplicates happen).
    """

    clickfunnels_id = Varchar(length=64, null=False)
    version = Varchar(length=160, null=False, default="")
    deleted_at = moment()

    @classmethod
    async def known(cls, vendor_id: int, clickfunnels_id: str | None) -> Self | None:
        """The vendor's row for a ClickFunnels id."""
        if clickfunnels_id is None:
            return None
        return await cls.objects().where(cls.vendor == vendor_id, cls.clickfunnels_id == clickfunnels_id).first()

    @classmethod
    async def record(
        cls, vendor_id: int, clickfunnels_id: str, version: str, values: dict[Any, Any]
    ) -> tuple[Self, bool]:
        """Insert or update by the vendor's ClickFunnels id; returns the row and whether this was the newest news.

        The caller holds the vendor's row (`Vendor.hold`), so no second writer can slip in between.
        """
        row = await cls.known(vendor_id, clickfunnels_id)
        if row is not None and row.version > version:
            return row, False
        values = {**values, cls.version: version}
        if row is None:
            row = cls({cls.vendor: vendor_id, cls.clickfunnels_id: clickfunnels_id, **values})
            await row.save()
        else:
            await cls.update(values).where(cls.vendor == vendor_id, cls.id == row.id)
            for column, value in values.items():
                setattr(row, column._meta.name, value)
        return row, True
