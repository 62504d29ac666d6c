"""Tokens from elsewhere that were used, kept until they would run out anyway: each opens the door once."""

from __future__ import annotations

from datetime import datetime

from piccolo.columns import Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.session import token_hash
from tables.timestamps import moment


class SpentToken(Owned, Table, tablename="spent_tokens"):
    token_hash = Varchar(length=64)
    expires_at = moment()

    @classmethod
    async def spend(cls, vendor_id: int, token: str, expires_at: datetime) -> bool:
        """Whether this was its first use, decided in one statement (ASVS 15.4.2)."""
        rows = await database.raw(
            "INSERT INTO spent_tokens (vendor_id, token_hash, expires_at) VALUES ({}, {}, {}) "
            "ON CONFLICT (vendor_id, token_hash) DO NOTHING RETURNING id", vendor_id, token_hash(token), expires_at,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def is_spent(cls, vendor_id: int, token: str) -> bool:
        return await cls.exists().where(cls.vendor == vendor_id, cls.token_hash == token_hash(token))

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now())
