"""The outbox: a message to somebody, written in the same transaction as what it tells of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from database import Bound, Row
from tables.base import Owned, text
from tables.customer import Customer
from tables.sealed import seal, unseal
from tables.timestamps import moment

LEASE = timedelta(seconds=60)
WAITS = [timedelta(seconds=seconds) for seconds in (10, 30, 60, 300, 900, 1800)]
HOURLY = timedelta(hours=1)
GIVE_UP = timedelta(hours=48)
KEPT_FOR_NOBODY = timedelta(days=30)
"""How long a message that is filed under no customer is kept: nobody can read it again, and it names an address."""
PAGE = 20
BLANK = "•••"
LAST_WORD = "account_deleted"
"""The kind of message that is forgotten once it has gone: its address is the last thing known of somebody."""
MAIL, TEXT = "mail", "text"
"""The channels: each is emptied by a job of its own."""
BODIES = ("body_text", "body_html")


class Refused(Exception):
    """Who takes messages for the recipient will not take this one, now or later (a 5yz reply, RFC 5321 4.2.1)."""


class Unreachable(Exception):
    """It may work later: no connection, a timeout, a 4yz reply."""


class Mail(Owned, Table, tablename="mails"):
    customer = ForeignKey(Customer, null=True, default=None, db_column_name="customer_id")
    public_id = Varchar(length=22)
    kind = Varchar(length=40)
    dedupe_key = Varchar(length=120)
    message_id = Varchar(length=200)
    recipient = Varchar(length=254)
    sender = Varchar(length=400)
    reply_to = text(254)
    language = Varchar(length=20, default="en")
    subject = Varchar(length=300)
    body_text = Text()
    body_html = Text()
    sealed = Boolean(default=False)
    secrets = text()
    channel = Varchar(length=10, default=MAIL)
    state = Varchar(length=12, default="queued")
    tries = Integer(default=0)
    next_try_at = moment()
    leased_until = moment()
    expires_at = moment()
    sent_at = moment()
    last_error = text()
    again_of = BigInt(null=True, default=None)
    """The message that this one repeats."""
    created_at = moment()

    @classmethod
    async def queue(cls, vendor_id: int, dedupe_key: str, *, hidden: Sequence[str] = (), **values: Any) -> bool:
        """Put a message in the outbox once for each `dedupe_key`.

        A message with something `hidden` in it (a token, a code) is sealed, and what is hidden is blanked once it has
        been sent: the rest can be read again.
        """
        if await cls.exists().where(cls.vendor == vendor_id, cls.dedupe_key == dedupe_key):
            return False
        if hidden:
            values |= {part: seal(values[part]) for part in BODIES}
            values["secrets"] = seal(json.dumps(list(hidden)))
        public_id, now = secrets.token_urlsafe(16), database.now()
        domain = values["sender"].rpartition("@")[2].rstrip(">")
        await cls(
            vendor=vendor_id, dedupe_key=dedupe_key, sealed=bool(hidden), public_id=public_id,
            message_id=f"<{public_id}@{domain}>", created_at=now, next_try_at=now, **values,
        ).save()  # fmt: skip
        return True

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Row | None:
        """A message written to this very customer."""
        return await cls.select().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id, cls.channel == MAIL
        ).first()  # fmt: skip

    @classmethod
    async def lease(cls, limit: int, channel: str = MAIL) -> list[Any]:
        """Take up to `limit` messages of a channel that are due; a worker that dies gives them back when the lease ends.

        What runs out goes first: nobody's code waits behind a list of thousands.
        """
        rows = await cls.take(limit, channel, "expires_at IS NOT NULL")
        return rows + (await cls.take(limit - len(rows), channel, "expires_at IS NULL") if len(rows) < limit else [])

    @classmethod
    async def take(cls, limit: int, channel: str, which: str) -> list[Any]:
        now = database.now()
        due = (
            f"state = 'queued' AND {which} AND channel = {{}} AND next_try_at <= {{}} "
            "AND (leased_until IS NULL OR leased_until <= {})"
        )
        rows = await database.raw(
            f"{database.taking('mails', due, limit)} UPDATE mails SET leased_until = {{}}, tries = tries + 1 "
            "FROM taken WHERE mails.id = taken.taken_id RETURNING *",
            channel, now, now, now + LEASE,
        )  # fmt: skip
        return sorted(rows, key=lambda row: row["id"])

    @classmethod
    async def release(cls, rows: list[Any]) -> None:
        """Give messages back untried, when a worker stops."""
        for row in rows:
            await cls.update({cls.leased_until: None, cls.tries: row["tries"] - 1}).where(
                cls.vendor == row["vendor_id"], cls.id == row["id"], cls.state == "queued"
            )

    @classmethod
    async def sent(cls, row: Any) -> None:
        await cls.close(row, "sent", sent_at=database.now())

    @classmethod
    async def expired(cls, row: Any) -> None:
        """A sign-in mail whose secret has ended only confuses: it is not sent any more."""
        await cls.close(row, "expired")

    @classmethod
    async def failed(cls, row: Any, error: str) -> None:
        """Refused for good by the receiving server, or given up."""
        await cls.close(row, "failed", last_error=error[:1000])

    @classmethod
    async def postpone(cls, row: Any, error: str) -> None:
        """Try again later: 10 s, 30 s, 1, 5, 15, 30 minutes, then hourly for two days."""
        now = database.now()
        if now - row["created_at"] > GIVE_UP:
            return await cls.failed(row, error)
        wait = WAITS[row["tries"] - 1] if row["tries"] <= len(WAITS) else HOURLY
        await cls.update({cls.next_try_at: now + wait, cls.leased_until: None, cls.last_error: error[:1000]}).where(
            cls.vendor == row["vendor_id"], cls.id == row["id"], cls.state == "queued"
        )

    @classmethod
    async def sweep(cls) -> None:
        """Forget messages that belong to no customer."""
        await cls.delete().where(
            cls.customer.is_null(), cls.state != "queued", cls.created_at < database.now() - KEPT_FOR_NOBODY
        )

    @classmethod
    async def close(cls, row: Any, state: str, **values: Any) -> None:
        if row["kind"] == LAST_WORD:
            return await cls.delete().where(cls.vendor == row["vendor_id"], cls.id == row["id"])
        values = {"state": state, "leased_until": None, **values}
        if row["sealed"]:
            values |= {part: blanked(row, part) for part in BODIES} | {"sealed": False, "secrets": None}
        await cls.update({cls._meta.get_column_by_name(name): value for name, value in values.items()}).where(
            cls.vendor == row["vendor_id"], cls.id == row["id"]
        )


messages_of = Bound(
    lambda vendor, customer, below: Mail.select(
        Mail.id, Mail.public_id, Mail.subject, Mail.state, Mail.created_at, Mail.sent_at
    ).where(Mail.vendor == vendor, Mail.customer == customer, Mail.channel == "mail", Mail.id < below)
    .order_by(Mail.id, ascending=False).limit(PAGE + 1),
    "vendor", "customer", "below",
)  # fmt: skip
"""What was written to a customer, newest first, without the bodies: a page and one more, below an id."""


def opened(row: Any, part: str) -> str:
    """A message's body in the clear."""
    return unseal(row[part]) if row["sealed"] else row[part]


def blanked(row: Any, part: str) -> str:
    """A sealed message's body in the clear, without what was hidden in it."""
    body = opened(row, part)
    for secret in json.loads(unseal(row["secrets"])) if row["secrets"] else [body]:
        body = body.replace(secret, BLANK)
    return body


def shown(row: Any, part: str) -> str:
    """A message's body as its reader may see it again: never with what was hidden in it, sent or not."""
    if not row["sealed"]:
        return row[part]
    try:
        return blanked(row, part)
    except ValueError:
        return BLANK


def overdue(row: Any, now: datetime) -> bool:
    return row["expires_at"] is not None and row["expires_at"] <= now
