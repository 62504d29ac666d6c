"""The outbox as the vendor's people read it: what was written to whom, and what became of it; never a secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import database
from database import Row
from tables.base import stretch
from tables.mail import BLANK, BODIES, LAST_WORD, Mail

PAGE = 25
STATES = ("queued", "sent", "failed", "expired")
MOST_ADDRESSES = 20
LAST = "\U0010ffff"
"""Sorts behind whatever an address can go on with."""
RECENT = timedelta(days=7)
MOST_COUNTED = 100
FINAL = ("sent", "failed", "expired")
LISTED = (
    "id, public_id, kind, channel, recipient, subject, state, tries, next_try_at, last_error, created_at, sent_at"
)  # fmt: skip
REPEATED = (
    "kind", "recipient", "sender", "reply_to", "language", "subject", "channel", *BODIES,
)  # fmt: skip


async def listed(vendor_id: int, below: int, state: str = "", recipients: list[str] | None = None) -> list[Row]:
    """The vendor's messages below an id, newest first and one too many, without bodies."""
    condition, order, values = stretch({"state": state} if state else {}, below)
    among = (
        "" if recipients is None else f" AND recipient {binary()} IN ({', '.join(['{}'] * len(recipients)) or 'NULL'})"
    )
    return await database.raw(
        f"SELECT {LISTED} FROM mails WHERE vendor_id = {{}} AND {condition}{among} ORDER BY {order} LIMIT {PAGE + 1}",
        vendor_id, *values, *(recipients or []),
    )  # fmt: skip


async def addresses(vendor_id: int, beginning: str) -> list[str]:
    """The addresses and numbers with this beginning that were written to, in their order, one too many."""
    rows = await database.raw(
        f"SELECT recipient {binary()} AS found FROM mails WHERE vendor_id = {{}} AND recipient {binary()} >= {{}} "
        f"AND recipient {binary()} < {{}} GROUP BY recipient {binary()} ORDER BY recipient {binary()} "
        f"LIMIT {MOST_ADDRESSES + 1}", vendor_id, beginning, beginning + LAST,
    )  # fmt: skip
    return [row["found"] for row in rows]


def binary() -> str:
    """The order of bytes, which the index has: a beginning is one stretch of it, in whatever language the server sorts."""
    return 'COLLATE "C"' if database.engine.engine_type == "postgres" else "COLLATE BINARY"


async def own(vendor_id: int, public_id: str) -> Row | None:
    """The whole row of the vendor's message."""
    return await Mail.select().where(Mail.vendor == vendor_id, Mail.public_id == public_id).first()


async def repeats(vendor_id: int, mail_id: int) -> list[Row]:
    """What has been sent again of a message, newest first."""
    return await (
        Mail.select(Mail.public_id, Mail.state, Mail.created_at)
        .where(Mail.vendor == vendor_id, Mail.again_of == mail_id).order_by(Mail.id, ascending=False).limit(PAGE)
    )  # fmt: skip


def holds_secret(row: Any) -> bool:
    """Whether something stands, or stood, in it that opens an account: it is never sent a second time."""
    return row["sealed"] or row["expires_at"] is not None or any(BLANK in row[part] for part in BODIES)


def may_repeat(row: Any) -> bool:
    return row["state"] in FINAL and row["kind"] != LAST_WORD and not holds_secret(row)


async def send_again(row: Any) -> bool:
    """Queue the same words anew, as a message of its own; at most once a minute (False), however often one presses."""
    values = {name: row[name] for name in REPEATED}
    pressed = f"again:{row['public_id']}:{database.now():%Y%m%d%H%M}"
    return await Mail.queue(row["vendor_id"], pressed, customer=row["customer_id"], again_of=row["id"], **values)


async def failed_lately(vendor_id: int) -> int:
    """How many messages of the last days failed and were not sent again, counted up to a hundred."""
    rows = await database.raw(
        "SELECT COUNT(*) AS count FROM (SELECT id FROM mails WHERE vendor_id = {} AND state = 'failed' "
        "AND created_at >= {} AND NOT EXISTS (SELECT 1 FROM mails AS again WHERE again.vendor_id = mails.vendor_id "
        f"AND again.again_of = mails.id AND again.again_of IS NOT NULL) LIMIT {MOST_COUNTED}) AS failed",
        vendor_id, database.now() - RECENT,
    )  # fmt: skip
    return int(rows[0]["count"])
