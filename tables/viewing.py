"""A look at a center as one of its customers, by somebody of the vendor's staff: it changes nothing, and is told of."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any, Self

from piccolo.columns import BigInt, ForeignKey, Varchar
from piccolo.table import Table

import database
from database import Row
from tables.base import Owned, public_id
from tables.customer import Customer
from tables.member import ADMIN, may
from tables.order import OWING
from tables.session import TOKEN_BYTES, token_hash
from tables.timestamps import moment

ROLE = ADMIN
"""The least role that may look."""
SOON = timedelta(minutes=2)
"""How long after the button in the console it may begin."""
LIFETIME = timedelta(minutes=30)
KEPT = timedelta(days=90)
"""How long the customer can see that somebody looked."""
SHOWN = 20


class Viewing(Owned, Table, tablename="viewings"):
    """`person_id` is who looks, `session_id` the session of theirs in the console, which it does not outlive."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    person_id = BigInt()
    session_id = BigInt()
    token_hash = Varchar(length=64, null=True, default=None, unique=True)
    created_at = moment()
    started_at = moment()
    expires_at = moment()
    ended_at = moment()

    @classmethod
    async def ask(cls, vendor_id: int, customer_id: int, person_id: int, session_id: int) -> Self:
        """The first half, in the console; nothing is looked at before `begin`."""
        now = database.now()
        asked = cls(
            vendor=vendor_id, customer=customer_id, person_id=person_id, session_id=session_id, created_at=now,
            expires_at=now + LIFETIME,
        )  # fmt: skip
        await asked.save()
        return asked

    @classmethod
    async def waiting(cls, vendor_id: int, person_id: int, public_id: str) -> Self | None:
        """Somebody's own that has been asked for a moment ago and has not begun."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.person_id == person_id, cls.public_id == public_id, cls.started_at.is_null(),
            cls.created_at > database.now() - SOON,
        ).first()  # fmt: skip

    async def begin(self) -> str | None:
        """Begin, once; the token for the cookie, of which only the SHA-256 is kept. The person's looks before it end."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), database.now()
        rows = await database.raw(
            "UPDATE viewings SET started_at = {}, expires_at = {}, token_hash = {} WHERE vendor_id = {} AND id = {} "
            "AND started_at IS NULL AND created_at > {} RETURNING id",
            now, now + LIFETIME, token_hash(token), self.vendor, self.id, now - SOON,
        )  # fmt: skip
        if not rows:
            return None
        await Viewing.update({Viewing.ended_at: now}).where(
            Viewing.vendor == self.vendor, Viewing.person_id == self.person_id, Viewing.id != self.id,
            Viewing.ended_at.is_null(),
        )  # fmt: skip
        return token

    @classmethod
    async def finish(cls, vendor_id: int, viewing_id: int) -> None:
        await cls.update({cls.ended_at: database.now()}).where(
            cls.vendor == vendor_id, cls.id == viewing_id, cls.ended_at.is_null()
        )

    @classmethod
    async def finish_all(cls, vendor_id: int, customer_id: int) -> None:
        """End whatever looks at a customer now."""
        await cls.update({cls.ended_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.ended_at.is_null()
        )

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int) -> list[Row]:
        """The newest looks at a customer's account, as long as they are kept."""
        return await (
            cls.select(cls.started_at).where(
                cls.vendor == vendor_id, cls.customer == customer_id, cls.started_at.is_not_null(),
                cls.started_at > database.now() - KEPT,
            ).order_by(cls.id, ascending=False).limit(SHOWN)
        )  # fmt: skip

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now() - KEPT)


OWES = OWING.format(vendor="viewings.vendor_id", customer="viewings.customer_id")
LIVE = (
    "SELECT viewings.id, viewings.customer_id AS customer, viewings.started_at AS created_at, members.role, "
    "customers.public_id AS customer_public_id, customers.email, customers.first_name, customers.last_name, "
    "customers.language, customers.avatar, customers.show_gravatar, customers.closes_at, "
    f"{OWES} FROM viewings "
    "JOIN customers ON customers.vendor_id = viewings.vendor_id AND customers.id = viewings.customer_id "
    "JOIN members ON members.vendor_id = viewings.vendor_id AND members.person_id = viewings.person_id "
    "JOIN customers people ON people.id = viewings.person_id AND people.disabled_at IS NULL "
    "JOIN sessions ON sessions.id = viewings.session_id AND sessions.customer_id = viewings.person_id "
    "AND sessions.revoked_at IS NULL AND sessions.expires_at > {} "
    "WHERE viewings.vendor_id = {} AND viewings.token_hash = {} AND viewings.ended_at IS NULL "
    "AND viewings.expires_at > {} AND customers.disabled_at IS NULL"
)


async def find_viewing(vendor_id: int, token: str) -> Any:
    """The live look of a cookie with its customer: only as long as who looks may, and is signed in to the console."""
    now = database.now()
    rows = await database.raw(LIVE, now, vendor_id, token_hash(token), now)
    return rows[0] if rows and may(rows[0]["role"], ROLE) else None
