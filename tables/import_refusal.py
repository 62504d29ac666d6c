"""A record that an import could not take, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import NEWEST, Owned
from tables.import_run import ImportRun

KEPT = 500
"""So many are kept for each list of a run; the others are only counted."""
KEPT_FOR = timedelta(days=90)
PAGE = 50


class ImportRefusal(Owned, Table, tablename="import_refusals"):
    run = ForeignKey(ImportRun, null=False, db_column_name="run_id")
    resource = Varchar(length=20)
    clickfunnels_id = Varchar(length=64)
    reason = Varchar(length=300)

    @classmethod
    async def note(cls, run: ImportRun, clickfunnels_id: str, reason: str) -> None:
        before = run.tallies.get(run.resource, {}).get("refused", 0)
        if before < KEPT:
            await cls(
                vendor=run.vendor, run=run.id, resource=run.resource, clickfunnels_id=clickfunnels_id[:64],
                reason=reason[:300],
            ).save()  # fmt: skip

    @classmethod
    async def of(cls, run: ImportRun, below: int = NEWEST) -> list[Self]:
        """The last first: a page and one more, below an id."""
        return await (
            cls.objects().where(cls.vendor == run.vendor, cls.run == run.id, cls.id < below)
            .order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip

    @classmethod
    async def sweep(cls) -> None:
        """Forget those of runs that ended long ago; the runs keep their figures."""
        await database.raw(
            "DELETE FROM import_refusals WHERE (vendor_id, run_id) IN "
            "(SELECT vendor_id, id FROM import_runs WHERE ended_at < {})", database.now() - KEPT_FOR,
        )  # fmt: skip
