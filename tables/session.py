"""A signed-in browser."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from piccolo.columns import BigInt, ForeignKey, Varchar
from piccolo.query import SelectRaw
from piccolo.table import Table

import database
from database import Bound, Row
from tables.base import Owned, public_id
from tables.customer import Customer
from tables.order import OWING
from tables.timestamps import moment

TOKEN_BYTES = 32
TOUCH_AFTER = timedelta(minutes=5)
PAGE = 20


class Limits(NamedTuple):
    """How long a session lasts unused, and at most (ASVS 7.3.1, 7.3.2)."""

    idle: timedelta
    absolute: timedelta


CUSTOMERS = Limits(timedelta(days=14), timedelta(days=30))
PEOPLE = Limits(timedelta(minutes=30), timedelta(hours=12))
"""Those of the console, where other people's data lies open."""
PROVEN = frozenset({"link", "code", "password", "invitation"})
"""How a session begins that proves the address: by mail, or by a password, which only a mail can set."""


class Session(Owned, Table, tablename="sessions"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, null=True, default=public_id)
    device_id = BigInt(null=True, default=None)
    token_hash = Varchar(length=64, unique=True)
    auth_method = Varchar(length=20)
    device = Varchar(length=200, default="")
    ip_prefix = Varchar(length=60, default="")
    created_at = moment()
    last_seen_at = moment()
    expires_at = moment()
    revoked_at = moment()

    @classmethod
    async def start(cls, vendor_id: int, customer_id: int, auth_method: str, device: str, ip_prefix: str,
                    device_id: int | None = None, limits: Limits = CUSTOMERS) -> str:  # fmt: skip
        """Open a session under a fresh token and return the token; only its SHA-256 is kept (ASVS 7.2.3)."""
        token, moment_ = secrets.token_urlsafe(TOKEN_BYTES), database.now()
        await cls(
            vendor=vendor_id, customer=customer_id, token_hash=token_hash(token), auth_method=auth_method,
            device=device[:200], device_id=device_id, ip_prefix=ip_prefix, created_at=moment_, last_seen_at=moment_,
            expires_at=moment_ + limits.absolute,
        ).save()  # fmt: skip
        return token

    @classmethod
    async def touch(cls, vendor_id: int, session_id: int) -> None:
        """Note that it was used; never brings a revoked session back."""
        await cls.update({cls.last_seen_at: database.now()}).where(
            cls.vendor == vendor_id, cls.id == session_id, cls.revoked_at.is_null()
        )

    @classmethod
    async def revoke(cls, vendor_id: int, token: str) -> None:
        await cls.update({cls.revoked_at: database.now()}).where(
            cls.vendor == vendor_id, cls.token_hash == token_hash(token), cls.revoked_at.is_null()
        )

    @classmethod
    async def revoke_all(cls, vendor_id: int, customer_id: int, but: str | None = None) -> None:
        """Sign a customer out everywhere, except where `but` is the session's token (ASVS 7.4.3)."""
        kept = token_hash(but) if but else ""
        await cls.update({cls.revoked_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.token_hash != kept, cls.revoked_at.is_null()
        )

    @classmethod
    async def goes_on(cls, vendor_id: int, session_id: int) -> bool:
        """Whether a session has neither ended nor been ended, whatever its idle time, and its customer may be here."""
        return await cls.exists().where(
            cls.vendor == vendor_id, cls.id == session_id, cls.revoked_at.is_null(), cls.expires_at > database.now(),
            cls.customer.disabled_at.is_null(),
        )  # fmt: skip

    @classmethod
    async def whose(cls, vendor_id: int, token: str) -> int | None:
        """The customer a session was of, even when it has ended."""
        row = await cls.select(cls.customer).where(cls.vendor == vendor_id, cls.token_hash == token_hash(token)).first()
        return row["customer_id"] if row else None

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int, below: int, but: int, limits: Limits = CUSTOMERS) -> list[Row]:
        """The live sessions of a customer below an id, newest first, without the one whose id is `but`; one too many."""
        return await (
            cls.shown().where(cls.live(vendor_id, customer_id, limits), cls.id < below, cls.id != but)
            .order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, session_id: int) -> Row | None:
        return await cls.shown().where(cls.live(vendor_id, customer_id), cls.id == session_id).first()

    @classmethod
    async def by_public_id(cls, vendor_id: int, customer_id: int, public_id: str) -> Row | None:
        """A customer's live session by the id that stands in addresses (ASVS 7.5.2)."""
        return await cls.shown().where(cls.live(vendor_id, customer_id), cls.public_id == public_id).first()

    @classmethod
    def shown(cls) -> Any:
        return cls.select(
            cls.id, cls.public_id, cls.device, cls.device_id, cls.auth_method, cls.created_at, cls.last_seen_at
        )  # fmt: skip

    @classmethod
    def live(cls, vendor_id: int, customer_id: int, limits: Limits = CUSTOMERS) -> Any:
        now = database.now()
        return (
            (cls.vendor == vendor_id) & (cls.customer == customer_id) & cls.revoked_at.is_null()
            & (cls.expires_at > now) & (cls.last_seen_at > now - limits.idle)
        )  # fmt: skip

    @classmethod
    async def end(cls, vendor_id: int, customer_id: int, session_id: int) -> None:
        """Sign out one browser of a customer, from another."""
        await cls.update({cls.revoked_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.id == session_id, cls.revoked_at.is_null()
        )

    @classmethod
    async def revoke_others(cls, vendor_id: int, customer_id: int, session_id: int) -> None:
        """Sign a customer out everywhere but in one session, which may be another browser's than the one that asks."""
        await cls.update({cls.revoked_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.id != session_id, cls.revoked_at.is_null()
        )

    @classmethod
    async def sweep(cls) -> None:
        """Forget what can no longer be used."""
        await cls.delete().where(cls.expires_at < database.now() - CUSTOMERS.idle)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


live_session = Bound(
    lambda vendor, hashed, now, idle_since: Session.select(
        Session.id, Session.created_at, Session.last_seen_at, Session.auth_method, Session.customer.id.as_alias("customer"),
        Session.customer.public_id.as_alias("customer_public_id"), Session.customer.email.as_alias("email"),
        Session.customer.first_name.as_alias("first_name"), Session.customer.last_name.as_alias("last_name"),
        Session.customer.language.as_alias("language"), Session.customer.avatar.as_alias("avatar"),
        Session.customer.show_gravatar.as_alias("show_gravatar"), Session.customer.closes_at.as_alias("closes_at"),
        SelectRaw(OWING.format(vendor="sessions.vendor_id", customer="sessions.customer_id")),
    ).where(
        Session.vendor == vendor, Session.token_hash == hashed, Session.revoked_at.is_null(),
        Session.expires_at > now, Session.last_seen_at > idle_since, Session.customer.disabled_at.is_null(),
    ),
    "vendor", "hashed", "now", "idle_since",
)  # fmt: skip


async def find_session(vendor_id: int, token: str, limits: Limits = CUSTOMERS) -> Row | None:
    """The live session of a cookie with its customer, in one query."""
    now = database.now()
    rows = await live_session(vendor=vendor_id, hashed=token_hash(token), now=now, idle_since=now - limits.idle)
    return rows[0] if rows else None
