"""Who runs a scheduled job next: one row a job, so that two workers do not run it twice."""

from __future__ import annotations

from datetime import timedelta

from piccolo.columns import Varchar
from piccolo.table import Table

import database
from tables.timestamps import moment


class Lease(Table, tablename="leases"):
    name = Varchar(length=60, primary_key=True)
    due_at = moment()

    @classmethod
    async def take(cls, name: str, every: timedelta) -> bool:
        """Whether the job is due and ours: one statement decides among all workers."""
        now = database.now()
        rows = await database.raw(
            "INSERT INTO leases (name, due_at) VALUES ({}, {}) ON CONFLICT (name) DO UPDATE SET "
            "due_at = excluded.due_at WHERE leases.due_at <= {} RETURNING name",
            name, now + every, now,
        )  # fmt: skip
        return bool(rows)
