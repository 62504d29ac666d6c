"""A telephone number of a customer."""

from __future__ import annotations

import re
from typing import Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import NEWEST, Owned, public_id
from tables.customer import Customer
from tables.timestamps import moment

PAGE = 20


class PhoneNumber(Owned, Table, tablename="phone_numbers"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    number = Varchar(length=40)
    digits = Varchar(length=40)
    origin = Varchar(length=20, default="contact")
    label = Varchar(length=60, default="")
    created_at = moment()
    deleted_at = moment()

    @classmethod
    async def learn(cls, vendor_id: int, customer_id: int, number: str | None, origin: str) -> None:
        """Keep a number the vendor's system knows, once however it was spaced."""
        digits = re.sub(r"\D", "", number or "")
        if not digits:
            return
        known = cls.exists().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.digits == digits)
        if not await known:
            await cls(vendor=vendor_id, customer=customer_id, number=number, digits=digits, origin=origin).save()

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int, below: int = NEWEST) -> list[Self]:
        """The customer's own, newest first: a page and one more, below an id."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.id < below)
            .order_by(cls.id, ascending=False).limit(PAGE + 1)
        )  # fmt: skip
