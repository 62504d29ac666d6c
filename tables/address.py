"""A postal address of a customer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.address_parts import ALL, fingerprints
from tables.base import NEWEST, Owned, public_id
from tables.customer import Customer
from tables.order import Order
from tables.timestamps import moment

PAGE = 20
OFFERED, ORDERS_READ = 3, 20


class Address(Owned, Table, tablename="addresses"):
    """One that was deleted stays as its fingerprint alone, so that no later order brings it back."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    fingerprint = Varchar(length=64)
    first_name = Varchar(length=120, default="")
    last_name = Varchar(length=120, default="")
    organization_name = Varchar(length=200, default="")
    street_one = Varchar(length=200, default="")
    street_two = Varchar(length=200, default="")
    city = Varchar(length=120, default="")
    region = Varchar(length=120, default="")
    postal_code = Varchar(length=40, default="")
    country = Varchar(length=80, default="")
    district = Varchar(length=120, default="")
    sorting_code = Varchar(length=40, default="")
    phone_number = Varchar(length=40, default="")
    created_at = moment()
    edited_at = moment()
    deleted_at = moment()

    @classmethod
    async def learn(cls, vendor_id: int, customer_id: int, parts: Mapping[str, str], at: object) -> None:
        """Keep an address an order was sent or billed to, once however it was written in capitals and spaces.

        One that its owner has deleted or corrected stays as they left it.
        """
        place = any(parts.get(part) for part in ("street_one", "city", "postal_code"))
        if place and not await cls.written(vendor_id, customer_id, parts):
            await cls.keep(vendor_id, customer_id, fingerprints(parts)[0], created_at=at, **parts)

    @classmethod
    async def add(cls, vendor_id: int, customer_id: int, parts: Mapping[str, str]) -> tuple[Self, bool]:
        """Keep an address the customer typed, in a transaction; returns it, and whether they did not have it before.

        One that was deleted comes back. The first one becomes the default.
        """
        held = await Customer.hold(vendor_id, customer_id)
        found = await cls.written(vendor_id, customer_id, parts)
        live = next((row for row in found if row.deleted_at is None), None)
        if live is None:
            await cls.forget(vendor_id, customer_id, fingerprints(parts))
            await cls.keep(vendor_id, customer_id, fingerprints(parts)[0], created_at=database.now(), **parts)
        address = live or next(iter(await cls.written(vendor_id, customer_id, parts)))
        if held["default_address"] is None:
            await Customer.prefer(vendor_id, customer_id, default_address=address.id)
        return address, live is None

    async def rewrite(self, parts: Mapping[str, str]) -> None:
        """Take its owner's correction, in a transaction.

        What it was before stays as a fingerprint, or the order it came from would bring it back. When it becomes the
        same as another one, that one stays.
        """
        held = await Customer.hold(self.vendor, self.customer)
        spellings, now = fingerprints(parts), database.now()
        twins = [row for row in await Address.written(self.vendor, self.customer, parts) if row.id != self.id]
        twin = next((row for row in twins if row.deleted_at is None), None)
        if twin:
            await self.bury(edited_at=now)
            if held["default_address"] == self.id:
                await Customer.prefer(self.vendor, self.customer, default_address=twin.id)
            return
        await Address.forget(self.vendor, self.customer, spellings)
        kept = self.fingerprint if self.fingerprint in spellings else spellings[0]
        await self.write({**parts, "fingerprint": kept, "edited_at": now})
        if kept != self.fingerprint:
            await Address.keep(self.vendor, self.customer, self.fingerprint, edited_at=now, deleted_at=now)

    async def discard(self) -> None:
        """Delete it, in a transaction; was it the default, the newest of the others takes its place."""
        held = await Customer.hold(self.vendor, self.customer)
        await self.bury(edited_at=None)
        if held["default_address"] == self.id:
            newest = await Address.newest(self.vendor, self.customer)
            await Customer.prefer(self.vendor, self.customer, default_address=newest.id if newest else None)

    async def prefer(self) -> None:
        """Make it the default, in a transaction, unless it has been deleted meanwhile."""
        await Customer.hold(self.vendor, self.customer)
        if await Address.own(self.vendor, self.customer, self.public_id):
            await Customer.prefer(self.vendor, self.customer, default_address=self.id)

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int, below: int = NEWEST) -> list[Self]:
        """The customer's own, newest first: a page and one more, below an id."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.customer == customer_id, cls.id < below, cls.deleted_at.is_null())
            .order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id, cls.deleted_at.is_null()
        ).first()  # fmt: skip

    @classmethod
    async def newest(cls, vendor_id: int, customer_id: int, but: Self | None = None) -> Self | None:
        """The newest one, leaving one out."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.customer == customer_id, cls.deleted_at.is_null(),
                   cls.id != (but.id if but else 0))
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip

    @classmethod
    async def default_of(cls, customer: Customer) -> Self | None:
        """The one they chose, or else the newest."""
        chosen = None
        if customer.default_address is not None:
            chosen = await cls.objects().where(
                cls.vendor == customer.vendor, cls.customer == customer.id, cls.id == customer.default_address,
                cls.deleted_at.is_null(),
            ).first()  # fmt: skip
        return chosen or await cls.newest(customer.vendor, customer.id)

    @classmethod
    async def deleted(cls, vendor_id: int, customer_id: int) -> list[dict[str, str]]:
        """What the newest orders still tell of addresses that were deleted, to be offered again."""
        orders = await (
            Order.select(Order.shipping_address, Order.billing_address)
            .where(Order.vendor == vendor_id, Order.customer == customer_id)
            .order_by(Order.placed_at, Order.id, ascending=False).limit(ORDERS_READ)
        )  # fmt: skip
        texts = [text for order in orders for text in (order["shipping_address"], order["billing_address"]) if text]
        told = {spelling: parts for parts in map(json.loads, texts) for spelling in fingerprints(parts)}
        gone = await cls.select(cls.fingerprint).where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.fingerprint.is_in(list(told) or [""]),
            cls.deleted_at.is_not_null(), cls.edited_at.is_null(),
        )  # fmt: skip
        return [told[row["fingerprint"]] for row in gone][:OFFERED]

    @property
    def parts(self) -> dict[str, str]:
        return {part: getattr(self, part) for part in ALL}

    @classmethod
    async def written(cls, vendor_id: int, customer_id: int, parts: Mapping[str, str]) -> list[Self]:
        """The rows of this address, deleted or not, however its country was spelled."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.fingerprint.is_in(fingerprints(parts))
        )

    @classmethod
    async def keep(cls, vendor_id: int, customer_id: int, fingerprint: str, **values: Any) -> None:
        """Insert it unless somebody else has in this moment."""
        row = cls(vendor=vendor_id, customer=customer_id, fingerprint=fingerprint, **values)
        await cls.insert(row).on_conflict(
            target=(cls.vendor, cls.customer, cls.fingerprint), action="DO NOTHING"
        )  # fmt: skip

    @classmethod
    async def forget(cls, vendor_id: int, customer_id: int, spellings: list[str]) -> None:
        """Take away what keeps a deleted address from coming back."""
        await cls.delete().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.fingerprint.is_in(spellings),
            cls.deleted_at.is_not_null(),
        )  # fmt: skip

    async def bury(self, **values: Any) -> None:
        await self.write({**dict.fromkeys(ALL, ""), "deleted_at": database.now(), **values})

    async def write(self, values: Mapping[str, Any]) -> None:
        columns = {self._meta.get_column_by_name(name): value for name, value in values.items()}
        await Address.update(columns).where(
            Address.vendor == self.vendor, Address.customer == self.customer, Address.id == self.id,
            Address.deleted_at.is_null(),
        )  # fmt: skip
