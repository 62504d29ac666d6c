"""The inbox: an incoming webhook, kept whole before it is work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from piccolo.columns import Integer, Text, Varchar
from piccolo.table import Table

import database
from database import Row
from tables.base import Owned, public_id, stretch, text
from tables.timestamps import moment

LEASE = timedelta(seconds=60)
PARKED_RETRY = timedelta(hours=1)
WAITS = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900)]
LATER = timedelta(minutes=30)
BODY_KEPT = timedelta(days=90)
"""How long the body of an event that has ended is kept: it names people, and repeats what was taken from it."""
AT_ONCE = 500
TEST = "test-"
"""How the ids of events begin that the console's test sender makes."""
PAGE = 25
RECEIVED, PARKED, PROCESSED, IGNORED, FAILED = STATUSES = ("received", "parked", "processed", "ignored", "failed")
OTHER = "other"
TOPICS = ("contact", "order", "subscription", "course", "product", "fulfillment", OTHER)
"""What events are about, as the inbox is filtered by it; the integration says which it is."""
LISTED = "public_id, event_id, event_type, status, waiting_for, outcome, error, received_at, processed_at, id"


class WebhookEvent(Owned, Table, tablename="webhook_events"):
    public_id = Varchar(length=22, null=True, default=public_id)
    source = Varchar(length=20)
    event_id = Varchar(length=100)
    event_type = Varchar(length=100, default="")
    topic = Varchar(length=20, default="")
    body = Text()
    status = Varchar(length=12, default="received")
    waiting_for = text(100)
    outcome = text()
    error = text()
    tries = Integer(default=0)
    next_try_at = moment()
    leased_until = moment()
    received_at = moment()
    processed_at = moment()

    @classmethod
    async def keep(
        cls, vendor_id: int, source: str, event_id: str, event_type: str, body: str, topic: str = OTHER
    ) -> bool:
        """Store an event once for each id, in one statement; False when it was here before."""
        now = database.now()
        rows = await database.raw(
            "INSERT INTO webhook_events (vendor_id, public_id, source, event_id, event_type, topic, body, status, tries, "
            "next_try_at, received_at) VALUES ({}, {}, {}, {}, {}, {}, {}, 'received', 0, {}, {}) "
            "ON CONFLICT (vendor_id, source, event_id) DO NOTHING RETURNING id",
            vendor_id, public_id(), source, event_id[:100], event_type[:100], topic, body, now, now,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def lease(cls, limit: int) -> list[dict[str, Any]]:
        """Take up to `limit` events that are due, oldest first; a worker that dies gives them back."""
        now = database.now()
        due = (
            "status IN ('received', 'parked') AND next_try_at <= {} AND (leased_until IS NULL OR leased_until <= {})"
        )  # fmt: skip
        rows = await database.raw(
            f"{database.taking('webhook_events', due, limit)} UPDATE webhook_events SET leased_until = {{}}, "
            "tries = tries + 1 FROM taken WHERE webhook_events.id = taken.taken_id RETURNING *",
            now, now, now + LEASE,
        )  # fmt: skip
        return sorted(rows, key=lambda row: row["id"])

    @classmethod
    async def release(cls, rows: list[Any]) -> None:
        """Give events back untouched, when a worker stops."""
        for row in rows:
            await cls.update({cls.leased_until: None}).where(cls.vendor == row["vendor_id"], cls.id == row["id"])

    @classmethod
    async def settle(cls, row: Any, status: str, outcome: str = "", error: str | None = None) -> None:
        """Write down what became of an event: processed, ignored or failed."""
        await cls.update(
            {cls.status: status, cls.outcome: outcome, cls.error: error, cls.waiting_for: None,
             cls.leased_until: None, cls.processed_at: database.now()}
        ).where(cls.vendor == row["vendor_id"], cls.id == row["id"])  # fmt: skip

    @classmethod
    async def park(cls, row: Any, waiting_for: str) -> None:
        """Set an event aside until the record it speaks of is known; it is looked at again hourly in any case."""
        await cls.update(
            {cls.status: "parked", cls.waiting_for: waiting_for[:100], cls.leased_until: None,
             cls.next_try_at: database.now() + PARKED_RETRY}
        ).where(cls.vendor == row["vendor_id"], cls.id == row["id"])  # fmt: skip

    @classmethod
    async def postpone(cls, row: Any, why: str, seconds: float | None = None) -> None:
        """Work an event later: 10 s, 30 s, 1, 5, 15 minutes, then every half hour, for as long as it takes."""
        wait = WAITS[row["tries"] - 1] if 0 < row["tries"] <= len(WAITS) else LATER
        await cls.update(
            {cls.status: "received", cls.error: why, cls.leased_until: None,
             cls.next_try_at: database.now() + max(wait, timedelta(seconds=seconds or 0))}
        ).where(cls.vendor == row["vendor_id"], cls.id == row["id"], cls.status.is_in(["received", "parked"]))  # fmt: skip

    @classmethod
    async def wake(cls, vendor_id: int, arrived: str) -> None:
        """The record that parked events wait for has arrived."""
        await cls.update({cls.status: "received", cls.waiting_for: None, cls.next_try_at: database.now()}).where(
            cls.vendor == vendor_id, cls.status == "parked", cls.waiting_for == arrived
        )

    @classmethod
    async def replay(cls, vendor_id: int, event_ids: list[int]) -> int:
        """Work events again as if they had just come; returns how many of the ids are the vendor's and have a body."""
        rows = (
            await cls.update(
                {cls.status: "received", cls.error: None, cls.leased_until: None, cls.next_try_at: database.now()}
            )
            .where(cls.vendor == vendor_id, cls.id.is_in(event_ids), cls.body != "")
            .returning(cls.id)
        )
        return len(rows)

    @classmethod
    async def listed(cls, vendor_id: int, below: int, **equal: str) -> list[Row]:
        """The vendor's events below an id, newest first and one too many, without bodies.

        `equal` names columns and what they have to be, as there is an index: status, topic, both (topic first),
        event_type, event_id.
        """
        condition, order, values = stretch(equal, below)
        return await database.raw(
            f"SELECT {LISTED} FROM webhook_events WHERE vendor_id = {{}} AND {condition} ORDER BY {order} LIMIT {PAGE + 1}",
            vendor_id, *values,
        )  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, public_id: str) -> Row | None:
        """The whole row of the vendor's event by the id in its address."""
        return await cls.select().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def ids_of(cls, vendor_id: int, public_ids: Sequence[str]) -> list[int]:
        """The keys of the vendor's events among these."""
        rows = await cls.select(cls.id).where(cls.vendor == vendor_id, cls.public_id.is_in(list(public_ids)))
        return [row["id"] for row in rows]

    @classmethod
    async def failed_ids(cls, vendor_id: int, most: int = AT_ONCE) -> list[int]:
        """The events that failed, oldest first, up to a bound."""
        rows = await database.raw(
            "SELECT id FROM webhook_events WHERE vendor_id = {} AND (status, id) > ({}, 0) AND status <= {} "
            "ORDER BY status, id LIMIT {}", vendor_id, FAILED, FAILED, most,
        )  # fmt: skip
        return [row["id"] for row in rows]

    @classmethod
    async def any_of(cls, vendor_id: int, source: str = "clickfunnels") -> bool:
        """Whether ClickFunnels (or Stripe) has ever reached us; events sent by the test sender do not count."""
        rows = await database.raw(
            "SELECT id FROM webhook_events WHERE vendor_id = {} AND source = {} AND event_id NOT LIKE {} LIMIT 1",
            vendor_id, source, f"{TEST}%",
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def bodiless(cls, vendor_id: int, event_ids: list[int]) -> int:
        """How many of these are too old to be worked again."""
        return await cls.count().where(cls.vendor == vendor_id, cls.id.is_in(event_ids), cls.body == "")

    @classmethod
    async def sweep(cls) -> None:
        """Empty the bodies of events that ended long ago, some at a time; one that failed or waits keeps its own."""
        while await database.raw(
            "UPDATE webhook_events SET body = '' WHERE id IN (SELECT id FROM webhook_events WHERE body <> '' "
            f"AND status IN ('processed', 'ignored') AND processed_at < {{}} LIMIT {AT_ONCE}) RETURNING id",
            database.now() - BODY_KEPT,
        ):
            pass
