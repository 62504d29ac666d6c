"""A contract cancelled without signing in: what somebody declared, kept as it was declared (BGB, section 312k)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Self

from piccolo.columns import Boolean, ForeignKey, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id
from tables.customer import Customer
from tables.order import ENDED, Order
from tables.timestamps import moment

ORDINARY, CAUSE = KINDS = ("ordinary", "cause")
PAGE = 20
SHOWN = timedelta(days=1)
"""How long its sender may open the receipt by its address; the mail stays."""


class CancellationNotice(Owned, Table, tablename="cancellation_notices"):
    """Nothing in it was looked up: it is what was typed, whether there is such a contract or not."""

    public_id = Varchar(length=22, default=public_id)
    kind = Varchar(length=10)
    reason = Text(default="")
    name = Varchar(length=200)
    email = Varchar(length=254)
    contract = Varchar(length=200)
    ends_on = Varchar(length=10, null=True, default=None)
    """A date (ISO 8601); None is as soon as possible."""
    language = Varchar(length=20, default="")
    mailed = Boolean(default=False)
    """Whether a confirmation went to the address."""
    received_at = moment()
    settled_at = moment()
    settled_by = Varchar(length=254, null=True, default=None)
    order = ForeignKey(Order, null=True, default=None, db_column_name="order_id")
    """What was cancelled because of it."""

    @classmethod
    async def receive(cls, vendor_id: int, values: dict[str, Any], *, language: str, mailed: bool) -> Self:
        notice = cls(vendor=vendor_id, received_at=database.now(), language=language, mailed=mailed, **values)
        await notice.save()
        return notice

    @classmethod
    async def own(cls, vendor_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.public_id == public_id).first()

    @classmethod
    async def listed(cls, vendor_id: int, below: int, *, open_only: bool = False) -> list[Self]:
        """The vendor's notices below an id, newest first, one too many."""
        found = cls.objects().where(cls.vendor == vendor_id, cls.id < below)
        found = found.where(cls.settled_at.is_null()) if open_only else found
        return await found.order_by(cls.id, ascending=False).limit(PAGE + 1)

    @classmethod
    async def forget(cls, vendor_id: int, addresses: Collection[str]) -> None:
        """Delete what came from these addresses, but for what nobody has dealt with yet."""
        await cls.delete().where(
            cls.vendor == vendor_id, cls.email.is_in([*addresses, ""]), cls.settled_at.is_not_null()
        )

    async def settle(self, by: str, order_id: int | None = None) -> bool:
        """Mark it as dealt with, once; whether it was this time."""
        rows = await database.raw(
            "UPDATE cancellation_notices SET settled_at = {}, settled_by = {}, order_id = {} WHERE vendor_id = {} "
            "AND id = {} AND settled_at IS NULL RETURNING id",
            database.now(), by, order_id, self.vendor, self.id,
        )  # fmt: skip
        return bool(rows)

    @property
    def shown(self) -> bool:
        """Whether the receipt may still be opened by whoever knows its address."""
        return self.received_at > database.now() - SHOWN

    async def meant(self) -> Order | None:
        """The one running subscription that it names by its number, bought with the very address; else None."""
        customer = await Customer.by_email(self.vendor, self.email)
        number = self.contract.strip().lstrip("#").strip()
        order = await Order.by_number(self.vendor, customer.id, number) if customer and number else None
        runs = (
            order is not None
            and "subscription" in order.order_type
            and order.service_status not in (*ENDED, "canceled")
        )
        return order if runs else None
