"""A vendor's own words in place of ours: one row for each form of a message in a language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from piccolo.columns import SmallInt, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.timestamps import moment
from tables.vendor import Vendor

MOST = 2000
"""How many a vendor may have: they are read with the center."""


class VendorWord(Owned, Table, tablename="vendor_words"):
    """`form` is the place of a plural form as the language's catalog counts them; 0 for what has no plural."""

    language = Varchar(length=20)
    message = Varchar(length=1000)
    form = SmallInt(default=0)
    text = Text()
    changed_by = Varchar(length=254, default="")
    changed_at = moment()

    @classmethod
    async def of(cls, vendor_id: int, language: str) -> dict[str, dict[int, str]]:
        """Message → form → text."""
        rows = await cls.select(cls.message, cls.form, cls.text).where(
            cls.vendor == vendor_id, cls.language == language
        ).order_by(cls.id)  # fmt: skip
        found: dict[str, dict[int, str]] = {}
        for row in rows:
            found.setdefault(row["message"], {})[row["form"]] = row["text"]
        return found

    @classmethod
    async def full(cls, vendor_id: int) -> bool:
        return bool(await cls.count().where(cls.vendor == vendor_id) >= MOST)

    @classmethod
    async def say(cls, vendor_id: int, language: str, message: str, forms: Mapping[int, str], by: str) -> None:
        """Set every form of a message; none is ours again. Run it in a transaction that holds the vendor."""
        await cls.delete().where(cls.vendor == vendor_id, cls.language == language, cls.message == message)
        for form, text in forms.items():
            await cls(vendor=vendor_id, language=language, message=message, form=form, text=text, changed_by=by,
                      changed_at=database.now()).save()  # fmt: skip
        await cls.collect(vendor_id)

    @classmethod
    async def collect(cls, vendor_id: int) -> None:
        """Put all of them into the vendor's row, where every page and mail has them at hand."""
        rows = await cls.select().where(cls.vendor == vendor_id).order_by(cls.id)
        await Vendor.update({Vendor.words: json.dumps(together(rows))}).where(Vendor.id == vendor_id)


def together(rows: Sequence[Any]) -> dict[str, dict[str, dict[str, str]]]:
    """Language → message → form → text."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row["language"], {}).setdefault(row["message"], {})[str(row["form"])] = row["text"]
    return found
