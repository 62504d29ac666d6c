"""A postal address of a customer."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import NEWEST, Owned, public_id
from tables.customer import Customer
from tables.timestamps import moment

PAGE = 20
PARTS = ("first_name", "last_name", "organization_name", "street_one", "street_two", "city", "region", "postal_code",
         "country")  # fmt: skip


class Address(Owned, Table, tablename="addresses"):
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
    async def learn(cls, vendor_id: int, customer_id: int, parts: dict[str, str], at: object) -> None:
        """Keep an address an order was sent or billed to, once however it was written in capitals and spaces."""
        written = "|".join(" ".join(parts.get(part, "").casefold().split()) for part in PARTS)
        if not any(parts.get(part) for part in ("street_one", "city", "postal_code")):
            return
        fingerprint = hashlib.sha256(written.encode()).hexdigest()
        known = cls.exists().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.fingerprint == fingerprint
        )  # fmt: skip
        if not await known:
            await cls(vendor=vendor_id, customer=customer_id, fingerprint=fingerprint, created_at=at, **parts).save()

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int, below: int = NEWEST) -> list[Self]:
        """The customer's own, newest first: a page and one more, below an id."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.id < below)
            .order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id
        ).first()  # fmt: skip

    @property
    def lines(self) -> list[str]:
        return envelope({part: getattr(self, part) for part in PARTS})


def envelope(parts: Mapping[str, str]) -> list[str]:
    """The lines of an address as on an envelope, in the order the vendor's system lists its parts."""
    name = " ".join(parts[part] for part in ("first_name", "last_name") if parts.get(part))
    town = " ".join(parts[part] for part in ("city", "region", "postal_code") if parts.get(part))
    street = [parts.get(part) for part in ("organization_name", "street_one", "street_two")]
    return [line for line in (name, *street, town, parts.get("country")) if line]
