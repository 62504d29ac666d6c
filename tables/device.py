"""A browser that has signed in before, known again by a cookie of its own."""

from __future__ import annotations

import secrets
from datetime import timedelta

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.customer import Customer
from tables.session import TOKEN_BYTES, token_hash
from tables.timestamps import moment

NAME_LENGTH = 200
KEPT = timedelta(days=365)
"""As long as the cookie is kept."""


class Device(Owned, Table, tablename="devices"):
    """One row for each customer of a browser; its token, of which only the SHA-256 is kept, may serve several."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    token_hash = Varchar(length=64)
    name = Varchar(length=200, default="")
    created_at = moment()
    last_used_at = moment()
    forgotten_at = moment()

    @classmethod
    async def known(cls, vendor_id: int, customer_id: int, token: str) -> Device | None:
        """The browser with this token, if this customer has signed in with it."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.token_hash == token_hash(token),
            cls.forgotten_at.is_null(),
        ).first()  # fmt: skip

    @classmethod
    async def token_for(cls, vendor_id: int, given: str | None) -> str:
        """The browser's token if this vendor gave it out, else a fresh one: a planted one is never adopted."""
        if given and await cls.exists().where(cls.vendor == vendor_id, cls.token_hash == token_hash(given)):
            return given
        return secrets.token_urlsafe(TOKEN_BYTES)

    @classmethod
    async def remember(cls, vendor_id: int, customer_id: int, token: str, name: str) -> int:
        """Note that the customer signed in with this browser; returns the row's id. `name` is its User-Agent."""
        now = database.now()
        rows = await database.raw(
            "INSERT INTO devices (vendor_id, customer_id, token_hash, name, created_at, last_used_at) "
            "VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (vendor_id, customer_id, token_hash) DO UPDATE SET "
            "name = excluded.name, last_used_at = excluded.last_used_at, forgotten_at = NULL RETURNING id",
            vendor_id, customer_id, token_hash(token), name[:NAME_LENGTH], now, now,
        )  # fmt: skip
        return int(rows[0]["id"])

    @classmethod
    async def forget(cls, vendor_id: int, customer_id: int, device_id: int | None) -> None:
        """The next sign-in with it is one on a new device again."""
        await cls.update({cls.forgotten_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.id == (device_id or 0),
            cls.forgotten_at.is_null(),
        )  # fmt: skip

    @classmethod
    async def forget_others(cls, vendor_id: int, customer_id: int, device_id: int | None) -> None:
        await cls.update({cls.forgotten_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.id != (device_id or 0),
            cls.forgotten_at.is_null(),
        )  # fmt: skip

    @classmethod
    async def sweep(cls) -> None:
        """Forget browsers whose cookie has run out."""
        await cls.delete().where(cls.last_used_at < database.now() - KEPT)
