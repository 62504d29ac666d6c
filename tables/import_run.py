"""An import from a vendor's ClickFunnels workspace: where it stands, and what it has taken so far."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from piccolo.columns import BigInt, Boolean, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import NEWEST, Owned, public_id, text
from tables.timestamps import moment

LEASE = timedelta(seconds=90)
"""Longer than a page may take with its request, so that only a dead worker's run is taken over."""
HISTORY = timedelta(days=2)
"""Purchases older than this when a run begins are history; the webhook of a newer one may still be on its way."""
OPEN = ("queued", "running", "waiting")
ENDED = ("done", "failed", "stopped")
TALLIES = ("seen", "new", "changed", "unchanged", "refused")
LISTED = 20


class Place(NamedTuple):
    """What a run asks for next: a list, the row whose list it is (ours, not ClickFunnels'), and where in the list."""

    resource: str
    parent: int | None = None
    after: str | None = None


class ImportRun(Owned, Table, tablename="import_runs"):
    """`state` is queued, running or waiting, of which a vendor has one at most; then done, failed or stopped."""

    public_id = Varchar(length=22, default=public_id)
    state = Varchar(length=12, default="queued")
    workspace = Varchar(length=64)
    welcomes = Boolean(default=False)
    resource = Varchar(length=20)
    parent = BigInt(null=True, default=None)
    after = text(64)
    counts = Text(default="{}")
    error = text(500)
    tries = Integer(default=0)
    lease = text(22)
    leased_until = moment()
    next_try_at = moment()
    started_by = Varchar(length=254, default="")
    created_at = moment()
    ended_at = moment()

    @classmethod
    async def start(cls, vendor_id: int, workspace: str, first: str, by: str, welcomes: bool = False) -> Self | None:
        """Queue a run; None while the vendor has one already: one statement decides."""
        now, name = database.now(), public_id()
        rows = await database.raw(
            "INSERT INTO import_runs (vendor_id, public_id, state, workspace, welcomes, resource, counts, tries, "
            "next_try_at, started_by, created_at) VALUES ({}, {}, 'queued', {}, {}, {}, {}, 0, {}, {}, {}) "
            "ON CONFLICT DO NOTHING RETURNING id",
            vendor_id, name, workspace, welcomes, first, "{}", now, by[:254], now,
        )  # fmt: skip
        return await cls.own(vendor_id, name) if rows else None

    @classmethod
    async def take(cls, limit: int, vendor_id: int | None = None) -> list[Self]:
        """Runs that are due and nobody works; a worker that dies gives its own back when the lease ends.

        With a vendor only theirs: a command works no other's.
        """
        now, lease = database.now(), public_id()
        due = (
            "state IN ('queued', 'running', 'waiting') AND next_try_at <= {} "
            "AND (leased_until IS NULL OR leased_until <= {})"
        ) + (f" AND vendor_id = {int(vendor_id)}" if vendor_id else "")
        rows = await database.raw(
            f"{database.taking('import_runs', due, limit, 'next_try_at')} "
            "UPDATE import_runs SET state = 'running', lease = {}, "
            "leased_until = {} FROM taken WHERE import_runs.id = taken.taken_id RETURNING id, vendor_id",
            now, now, lease, now + LEASE,
        )  # fmt: skip
        return [
            run for row in rows
            if (run := await cls.objects().where(cls.vendor == row["vendor_id"], cls.id == row["id"]).first())
        ]  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def of(cls, vendor_id: int, below: int = NEWEST) -> list[Self]:
        """The vendor's runs, newest first: a page and one more, below an id."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.id < below)
            .order_by(cls.id, ascending=False).limit(LISTED + 1)
        )  # fmt: skip

    @classmethod
    async def newest(cls, vendor_id: int) -> Self | None:
        return next(iter(await cls.of(vendor_id)), None)

    @property
    def place(self) -> Place:
        return Place(self.resource, self.parent, self.after)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def tallies(self) -> dict[str, dict[str, int]]:
        """For each resource how many records were seen, new, changed, unchanged and refused."""
        return dict(json.loads(self.counts))

    @property
    def history_ends_at(self) -> datetime:
        return self.created_at - HISTORY

    async def hold(self) -> bool:
        """Hold the row to the end of the transaction; whether it is still this worker's, and was not stopped."""
        rows = await database.raw(
            "SELECT counts FROM import_runs WHERE vendor_id = {} AND id = {} AND lease = {} AND state = 'running'"
            f"{database.lock_clause()}", self.vendor, self.id, self.lease,
        )  # fmt: skip
        return bool(rows)

    async def advance(self, taken: Mapping[str, int], place: Place | None) -> None:
        """Write down what a page brought and where to go on, None for the end; the caller holds the row.

        Nothing of it is kept on the object: the transaction may be run again.
        """
        now = database.now()
        values: dict[Any, Any] = {
            ImportRun.counts: json.dumps(added(self.tallies, self.resource, taken)), ImportRun.tries: 0,
            ImportRun.error: None, ImportRun.leased_until: now + LEASE, ImportRun.next_try_at: now,
        }  # fmt: skip
        if place is None:
            values |= {ImportRun.state: "done", ImportRun.ended_at: now, ImportRun.lease: None}
        else:
            values |= {
                ImportRun.resource: place.resource, ImportRun.parent: place.parent, ImportRun.after: place.after
            }  # fmt: skip
        await ImportRun.update(values).where(ImportRun.vendor == self.vendor, ImportRun.id == self.id)

    async def give_back(self) -> None:
        """Let another turn have it, this worker's or another's."""
        await self.settle({ImportRun.next_try_at: database.now()})

    async def wait(self, seconds: float, why: str) -> None:
        """ClickFunnels cannot answer now: go on later."""
        await self.settle(
            {ImportRun.state: "waiting", ImportRun.tries: self.tries + 1, ImportRun.error: why[:500],
             ImportRun.next_try_at: database.now() + timedelta(seconds=seconds)}
        )  # fmt: skip

    async def fail(self, why: str) -> None:
        """It cannot go on by itself; what it has taken stays, and it can be gone on with."""
        await self.settle(
            {ImportRun.state: "failed", ImportRun.error: why[:500], ImportRun.ended_at: database.now()}
        )  # fmt: skip

    async def settle(self, values: dict[Any, Any]) -> None:
        """Change it and end the lease, unless somebody else has it by now."""
        await ImportRun.update({**values, ImportRun.lease: None, ImportRun.leased_until: None}).where(
            ImportRun.vendor == self.vendor, ImportRun.id == self.id, ImportRun.lease == self.lease,
            ImportRun.state == "running",
        )  # fmt: skip

    @classmethod
    async def stop(cls, vendor_id: int, public_id: str) -> bool:
        """Stop it; the page in hand is finished or left out, never half taken."""
        rows = await database.raw(
            "UPDATE import_runs SET state = 'stopped', lease = NULL, leased_until = NULL, ended_at = {} "
            "WHERE vendor_id = {} AND public_id = {} AND state IN ('queued', 'running', 'waiting') RETURNING id",
            database.now(), vendor_id, public_id,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def go_on(cls, vendor_id: int, public_id: str) -> bool:
        """Go on where it stood, in a transaction that holds the vendor; not beside another run, nor an older one."""
        newest = await cls.newest(vendor_id)
        if newest is None or newest.public_id != public_id or newest.state not in ("failed", "stopped"):
            return False
        await cls.update(
            {cls.state: "queued", cls.error: None, cls.tries: 0, cls.next_try_at: database.now(), cls.ended_at: None}
        ).where(cls.vendor == vendor_id, cls.id == newest.id)
        return True


def added(
    tallies: dict[str, dict[str, int]], resource: str, taken: Mapping[str, int]
) -> dict[str, dict[str, int]]:  # fmt: skip
    before = tallies.get(resource, {})
    return {**tallies, resource: {name: before.get(name, 0) + taken.get(name, 0) for name in TALLIES}}
