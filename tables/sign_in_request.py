"""One request to sign in by mail: a link and a code, both used at most once (ASVS 6.5.1)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.customer import Customer
from tables.hashing import codes, in_thread, matches
from tables.sealed import derived_key
from tables.session import token_hash
from tables.timestamps import moment

LIFETIME = timedelta(minutes=10)
TRIES = 5
LIVE_REQUESTS = 3
KEPT = timedelta(days=7)

pepper = derived_key("sign-in codes")


class Secrets(NamedTuple):
    link: str
    code: str
    code_hash: str


class SignInRequest(Owned, Table, tablename="sign_in_requests"):
    customer = ForeignKey(Customer, null=True, default=None, db_column_name="customer_id")
    email = Varchar(length=254)
    link_hash = Varchar(length=64, unique=True)
    code_hash = Text()
    browser_hash = Varchar(length=64)
    next = Varchar(length=512, default="")
    tries = Integer(default=0)
    expires_at = moment()
    used_at = moment()
    used_by = BigInt(null=True, default=None)
    created_at = moment()

    @staticmethod
    async def make_secrets() -> Secrets:
        """A 256-bit link token and a 6-digit code with its hash; made before the transaction, hashed in a thread."""
        code = f"{secrets.randbelow(10**6):06d}"
        return Secrets(secrets.token_urlsafe(32), code, await in_thread(codes.hash, peppered(code)))

    @classmethod
    async def ask(cls, vendor_id: int, customer_id: int | None, email: str, browser: str, next_path: str,
                  made: Secrets) -> SignInRequest:  # fmt: skip
        """Keep a request; the same row for an address without a customer, so that both take the same work."""
        now = database.now()
        request = cls(
            vendor=vendor_id, customer=customer_id, email=email, link_hash=token_hash(made.link),
            code_hash=made.code_hash, browser_hash=token_hash(browser), next=next_path,
            created_at=now, expires_at=now + LIFETIME,
        )  # fmt: skip
        await request.save()
        return request

    @classmethod
    async def by_link(cls, vendor_id: int, link: str) -> SignInRequest | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.link_hash == token_hash(link)).first()

    @classmethod
    async def last_asked(cls, vendor_id: int, browser: str) -> SignInRequest | None:
        """What this browser asked for most recently."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.browser_hash == token_hash(browser))
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip

    @property
    def state(self) -> str:
        if self.used_at:
            return "used"
        return "expired" if self.expires_at <= database.now() else "live"

    def asked_from(self, browser: str | None) -> bool:
        return browser is not None and hmac.compare_digest(self.browser_hash, token_hash(browser))

    @classmethod
    async def redeem(cls, vendor_id: int, request_id: int) -> dict[str, Any] | None:
        """Spend a live request in one statement; the row, or None when another came first (ASVS 15.4.2).

        None as well for an account that was switched off, or got another address, after the message had gone.
        """
        rows = await database.raw(
            "UPDATE sign_in_requests SET used_at = {} WHERE vendor_id = {} AND id = {} AND used_at IS NULL "
            "AND expires_at > {} AND customer_id IN (SELECT id FROM customers WHERE vendor_id = {} "
            "AND disabled_at IS NULL AND email = sign_in_requests.email) RETURNING customer_id, next",
            (now := database.now()), vendor_id, request_id, now, vendor_id,
        )  # fmt: skip
        return rows[0] if rows else None

    @classmethod
    async def silence(cls, vendor_id: int, request_id: int) -> None:
        """Close a request that nothing was mailed for, so that it does not stand before the ones that were."""
        await cls.update({cls.used_at: database.now()}).where(cls.vendor == vendor_id, cls.id == request_id)

    @classmethod
    async def withdraw(cls, vendor_id: int, customer_id: int) -> None:
        """A sign-in ends every other way in that was mailed for the same customer."""
        await cls.update({cls.used_at: database.now()}).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.used_at.is_null()
        )

    @classmethod
    async def match_code(cls, vendor_id: int, browser: str, code: str) -> int | None:
        """The id of this browser's live request that the code belongs to; every look costs the request a try."""
        for request_id in await cls.live_of(vendor_id, browser):
            rows = await database.raw(
                "UPDATE sign_in_requests SET tries = tries + 1 WHERE vendor_id = {} AND id = {} AND tries < {} "
                "AND used_at IS NULL AND expires_at > {} RETURNING code_hash, customer_id",
                vendor_id, request_id, TRIES, database.now(),
            )  # fmt: skip
            if rows and await in_thread(code_matches, rows[0]["code_hash"], code) and rows[0]["customer_id"]:
                return request_id
        return None

    @classmethod
    async def live_of(cls, vendor_id: int, browser: str) -> list[int]:
        rows = await (
            cls.select(cls.id)
            .where(cls.vendor == vendor_id, cls.browser_hash == token_hash(browser), cls.used_at.is_null(),
                   cls.expires_at > database.now())
            .order_by(cls.id, ascending=False).limit(LIVE_REQUESTS)
        )  # fmt: skip
        return [row["id"] for row in rows]

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now() - KEPT)


def peppered(code: str) -> str:
    return hmac.new(pepper, code.encode(), hashlib.sha256).hexdigest()


def code_matches(code_hash: str, code: str) -> bool:
    return matches(codes, code_hash, peppered(code))
