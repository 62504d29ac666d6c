"""A link that was mailed to prove something: used once, for one purpose, at one vendor (ASVS 6.5.1)."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from piccolo.columns import ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.customer import Customer
from tables.session import token_hash
from tables.timestamps import moment

TOKEN_BYTES = 32
KEPT = timedelta(days=7)


class MailedLink(Owned, Table, tablename="mailed_links"):
    customer = ForeignKey(Customer, null=True, default=None, db_column_name="customer_id")
    purpose = Varchar(length=20)
    email = Varchar(length=254)
    token_hash = Varchar(length=64, unique=True)
    detail = Text(default="{}")
    tries = Integer(default=0)
    expires_at = moment()
    used_at = moment()
    created_at = moment()

    @classmethod
    async def make(cls, vendor_id: int, customer_id: int | None, purpose: str, email: str, lifetime: timedelta,
                   **detail: Any) -> tuple[MailedLink, str]:  # fmt: skip
        """A link to mail to `email`, and its token, of which only the SHA-256 is kept.

        Call it inside the transaction that queues the mail. An address without a customer gets a row as well, so that
        both take the same work; such a link opens nothing.
        """
        token, now = secrets.token_urlsafe(TOKEN_BYTES), database.now()
        made = cls(
            vendor=vendor_id, customer=customer_id, purpose=purpose, email=email, token_hash=token_hash(token),
            detail=json.dumps(detail), created_at=now, expires_at=now + lifetime,
        )  # fmt: skip
        await made.save()
        return made, token

    @classmethod
    async def by_token(cls, vendor_id: int, purpose: str, token: str) -> MailedLink | None:
        """The vendor's link for this purpose, in whatever state; reading it spends nothing."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.purpose == purpose, cls.token_hash == token_hash(token),
            cls.customer.is_not_null(),
        ).first()  # fmt: skip

    @classmethod
    async def open_of(cls, vendor_id: int, customer_id: int, purpose: str) -> MailedLink | None:
        """The newest of a customer's links for this purpose that still works."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.purpose == purpose,
                                cls.used_at.is_null(), cls.expires_at > database.now())
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip

    @property
    def state(self) -> str:
        if self.used_at:
            return "used"
        return "expired" if self.expires_at <= database.now() else "live"

    @property
    def details(self) -> dict[str, Any]:
        return dict(json.loads(self.detail))

    async def count_try(self, most: int) -> bool:
        """Count one use of the link's form, of at most `most`; False when there is none left, or the link is spent."""
        rows = await database.raw(
            "UPDATE mailed_links SET tries = tries + 1 WHERE vendor_id = {} AND id = {} AND used_at IS NULL "
            "AND expires_at > {} AND tries < {} RETURNING tries", self.vendor, self.id, database.now(), most,
        )  # fmt: skip
        self.tries = rows[0]["tries"] if rows else most
        return bool(rows)

    async def redeem(self) -> bool:
        """Spend it in one statement; False when another use came first or its time is up (ASVS 15.4.2)."""
        rows = await database.raw(
            "UPDATE mailed_links SET used_at = {} WHERE vendor_id = {} AND id = {} AND used_at IS NULL "
            "AND expires_at > {} AND customer_id IS NOT NULL RETURNING id",
            (now := database.now()), self.vendor, self.id, now,
        )  # fmt: skip
        return bool(rows)

    @classmethod
    async def withdraw(cls, vendor_id: int, customer_id: int, *purposes: str) -> None:
        """End a customer's open links for these purposes."""
        await cls.update({cls.used_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.purpose.is_in(list(purposes)),
            cls.used_at.is_null(),
        )  # fmt: skip

    async def withdraw_newer(self) -> None:
        """End the customer's links for the same purpose that were made after this one."""
        await MailedLink.update({MailedLink.used_at: database.now()}).where(
            MailedLink.vendor == self.vendor, MailedLink.customer == self.customer, MailedLink.id > self.id,
            MailedLink.purpose == self.purpose, MailedLink.used_at.is_null(),
        )  # fmt: skip

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now() - KEPT)
