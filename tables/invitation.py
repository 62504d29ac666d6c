"""An invitation to work for a vendor, mailed as a link that works once (ASVS 6.5.1)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Self

from piccolo.columns import BigInt, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id
from tables.mailed_link import TOKEN_BYTES
from tables.session import token_hash
from tables.timestamps import moment

LIFETIME = timedelta(days=7)
MOST = 50


class Invitation(Owned, Table, tablename="invitations"):
    public_id = Varchar(length=22, default=public_id)
    email = Varchar(length=254)
    role = Varchar(length=10)
    token_hash = Varchar(length=64, unique=True)
    invited_by = Varchar(length=254)
    person_id = BigInt(null=True, default=None)
    created_at = moment()
    expires_at = moment()
    used_at = moment()

    @classmethod
    async def make(cls, vendor_id: int, email: str, role: str, invited_by: str,
                   person_id: int | None = None) -> tuple[Self, str]:  # fmt: skip
        """A new invitation and its token; those before it to the same address end. `person_id` is who sends it."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), database.now()
        await cls.update({cls.used_at: now}).where(cls.vendor == vendor_id, cls.email == email, cls.used_at.is_null())
        made = cls(
            vendor=vendor_id, email=email, role=role, token_hash=token_hash(token), invited_by=invited_by,
            person_id=person_id, created_at=now, expires_at=now + LIFETIME,
        )  # fmt: skip
        await made.save()
        return made, token

    @classmethod
    async def open_of(cls, vendor_id: int) -> list[Self]:
        """The vendor's invitations that can still be taken, newest first."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.used_at.is_null(), cls.expires_at > database.now())
            .order_by(cls.id, ascending=False).limit(MOST)
        )  # fmt: skip

    @classmethod
    async def by_token(cls, vendor_id: int, token: str) -> Self | None:
        """An invitation in whatever state; reading it spends nothing."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.token_hash == token_hash(token)).first()

    @property
    def state(self) -> str:
        if self.used_at:
            return "used"
        return "expired" if self.expires_at <= database.now() else "live"

    async def redeem(self) -> bool:
        """Spend it in one statement; False when it was taken, withdrawn or out of time."""
        now = database.now()
        rows = await database.raw(
            "UPDATE invitations SET used_at = {} WHERE vendor_id = {} AND id = {} AND used_at IS NULL "
            "AND expires_at > {} RETURNING id", now, self.vendor, self.id, now,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def withdraw(cls, vendor_id: int, public_id: str) -> str | None:
        """End an open invitation; the address it went to, None when there was none."""
        rows = await database.raw(
            "UPDATE invitations SET used_at = {} WHERE vendor_id = {} AND public_id = {} AND used_at IS NULL "
            "RETURNING email", database.now(), vendor_id, public_id,
        )  # fmt: skip
        return rows[0]["email"] if rows else None

    @classmethod
    async def withdraw_by(cls, vendor_id: int, person_id: int, roles: list[str]) -> None:
        """End what somebody sent who may no longer give these roles."""
        await cls.update({cls.used_at: database.now()}).where(
            cls.vendor == vendor_id, cls.person_id == person_id, cls.role.is_in(roles), cls.used_at.is_null()
        )

    @classmethod
    async def pass_on(cls, vendor_id: int, person_id: int, survivor_id: int) -> None:
        """Whoever sent them is one with somebody else now: they end with that one's rights."""
        await cls.update({cls.person_id: survivor_id}).where(cls.vendor == vendor_id, cls.person_id == person_id)

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now() - LIFETIME)
