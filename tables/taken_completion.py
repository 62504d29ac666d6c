"""A completed lesson that an import has taken: once is enough, or the customer's own undoing would be undone."""

from __future__ import annotations

from piccolo.columns import Varchar
from piccolo.table import Table

import database
from tables.base import Owned


class TakenCompletion(Owned, Table, tablename="taken_completions"):
    clickfunnels_id = Varchar(length=64)

    @classmethod
    async def claim(cls, vendor_id: int, clickfunnels_id: str) -> bool:
        """Whether nobody has taken it before: true once."""
        rows = await database.raw(
            "INSERT INTO taken_completions (vendor_id, clickfunnels_id) VALUES ({}, {}) "
            "ON CONFLICT (vendor_id, clickfunnels_id) DO NOTHING RETURNING id", vendor_id, clickfunnels_id,
        )  # fmt: skip
        return bool(rows)
