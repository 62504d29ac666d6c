"""Counters of who did what how often; in the database, so that every worker and every restart sees the same."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import NamedTuple

from piccolo.columns import Integer, Varchar
from piccolo.table import Table

import database
from tables.timestamps import moment


class Limit(NamedTuple):
    """At most `count` times in `window`, counted from the first."""

    name: str
    count: int
    window: timedelta


class RateLimit(Table, tablename="rate_limits"):
    key = Varchar(length=64, primary_key=True)
    count = Integer(default=0)
    expires_at = moment()

    @classmethod
    async def take(cls, limit: Limit, subject: str) -> bool:
        """Count one and say whether it was still allowed; a window ends when it ends, however often one knocks."""
        now = database.now()
        rows = await database.raw(
            "INSERT INTO rate_limits (key, count, expires_at) VALUES ({}, 1, {}) ON CONFLICT (key) DO UPDATE SET "
            "count = CASE WHEN rate_limits.expires_at <= {} THEN 1 ELSE rate_limits.count + 1 END, "
            "expires_at = CASE WHEN rate_limits.expires_at <= {} THEN excluded.expires_at "
            "ELSE rate_limits.expires_at END RETURNING count",
            key_of(limit, subject), now + limit.window, now, now,
        )  # fmt: skip
        return rows[0]["count"] <= limit.count

    @classmethod
    async def spent(cls, limit: Limit, subject: str) -> bool:
        """Whether the limit is reached, without counting."""
        row = await cls.select(cls.count).where(cls.key == key_of(limit, subject), cls.expires_at > database.now())
        return bool(row) and row[0]["count"] >= limit.count

    @classmethod
    async def clear(cls, limit: Limit, subject: str) -> None:
        """Start its window anew."""
        await cls.delete().where(cls.key == key_of(limit, subject))

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now())


def key_of(limit: Limit, subject: str) -> str:
    """A hash, so that the table holds no addresses."""
    return hashlib.sha256(f"{limit.name}|{limit.window}|{subject}".encode()).hexdigest()
