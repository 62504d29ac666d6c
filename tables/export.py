"""Everything a customer has here as one file, made by a job."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from piccolo.columns import BigInt, ForeignKey, Integer, Varchar
from piccolo.table import Table

import database
from settings import settings
from tables.base import Owned, public_id
from tables.customer import Customer
from tables.timestamps import moment

LEASE = timedelta(minutes=15)
RETRY = timedelta(minutes=1)
TRIES = 3
KEPT = timedelta(days=7)
A_DAY = 3
LISTED = 5
FOLDER = settings.data_dir / "exports"


class Export(Owned, Table, tablename="exports"):
    """`state` is requested, then ready or failed; a row and its file go when `expires_at` has passed."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    state = Varchar(length=12, default="requested")
    size = BigInt(null=True, default=None)
    tries = Integer(default=0)
    next_try_at = moment()
    requested_at = moment()
    ready_at = moment()
    expires_at = moment()

    @staticmethod
    def path_of(vendor_id: int, public_id: str) -> Path:
        """Where the file lies: below its vendor's own folder, under a name that nobody chose."""
        return FOLDER / str(vendor_id) / f"{public_id}.zip"

    @classmethod
    async def ask(cls, vendor_id: int, customer_id: int) -> bool:
        """Ask for an export, inside a transaction; False while one is being made, and after three in a day."""
        await Customer.hold(vendor_id, customer_id)
        now = database.now()
        recent = await cls.select(cls.state).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.requested_at > now - timedelta(days=1)
        )
        if len(recent) >= A_DAY or any(row["state"] == "requested" for row in recent):
            return False
        await cls(
            vendor=vendor_id, customer=customer_id, requested_at=now, next_try_at=now, expires_at=now + KEPT
        ).save()  # fmt: skip
        return True

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int) -> list[Self]:
        """The customer's own that are still kept, newest first."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.customer == customer_id, cls.expires_at > database.now())
            .order_by(cls.id, ascending=False).limit(LISTED)
        )  # fmt: skip

    @classmethod
    async def ready(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        """The customer's own, as long as it can be fetched."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id, cls.state == "ready",
            cls.expires_at > database.now(),
        ).first()  # fmt: skip

    @classmethod
    async def lease(cls) -> dict[str, Any] | None:
        """Take one that is due; a worker that dies gives it back when the lease ends."""
        now, due = database.now(), "state = 'requested' AND next_try_at <= {}"
        rows = await database.raw(
            f"{database.taking('exports', due, 1)} UPDATE exports "
            "SET tries = tries + 1, next_try_at = {} FROM taken WHERE exports.id = taken.taken_id "
            "RETURNING id, vendor_id, customer_id, public_id, tries",
            now, now + LEASE,
        )  # fmt: skip
        return rows[0] if rows else None

    @classmethod
    async def made(cls, row: Any, size: int) -> Self | None:
        """Its file is there; None when another worker was faster, or the customer is gone or another one by now."""
        now = database.now()
        rows = await (
            cls.update({cls.state: "ready", cls.size: size, cls.ready_at: now, cls.expires_at: now + KEPT})
            .where(cls.vendor == row["vendor_id"], cls.id == row["id"], cls.customer == row["customer_id"],
                   cls.state == "requested").returning(cls.id)
        )  # fmt: skip
        return await cls.objects().where(cls.vendor == row["vendor_id"], cls.id == row["id"]).first() if rows else None

    @classmethod
    async def missed(cls, row: Any, *, counted: bool = True) -> None:
        """Try again soon, three times in all; a worker that merely stops does not count."""
        state = "failed" if counted and row["tries"] >= TRIES else "requested"
        wait, tries = (RETRY, row["tries"]) if counted else (timedelta(0), row["tries"] - 1)
        await cls.update({cls.state: state, cls.tries: tries, cls.next_try_at: database.now() + wait}).where(
            cls.vendor == row["vendor_id"], cls.id == row["id"], cls.state == "requested"
        )

    @classmethod
    async def names(cls, vendor_id: int) -> set[str]:
        """The ids of the vendor's exports that are still kept or being made: every other file is nobody's."""
        return {row["public_id"] for row in await cls.select(cls.public_id).where(cls.vendor == vendor_id)}

    @classmethod
    async def sweep(cls) -> None:
        await cls.delete().where(cls.expires_at < database.now())
