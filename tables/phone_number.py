"""A telephone number of a customer."""

from __future__ import annotations

from typing import Any, Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import NEWEST, Owned, public_id
from tables.countries import country_code
from tables.customer import Customer
from tables.dialing import digits_of, e164, hidden, spellings
from tables.timestamps import moment

PAGE = 20


class PhoneNumber(Owned, Table, tablename="phone_numbers"):
    """`number` is E.164 wherever it can be read, else as it came. A deleted one stays as a keyed hash of its digits."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    number = Varchar(length=40)
    digits = Varchar(length=40)
    origin = Varchar(length=20, default="contact")
    label = Varchar(length=60, default="")
    created_at = moment()
    deleted_at = moment()

    @classmethod
    async def learn(cls, vendor_id: int, customer_id: int, number: str | None, origin: str, country: str = "") -> None:
        """Keep a number the vendor's system knows, once however it was written; a deleted one stays deleted.

        `country` is that of the same piece of news, for a number without its country's code: what else is known by
        then would make a difference to what comes in first, and webhooks come in any order.
        """
        if not digits_of(number or ""):
            return
        found = e164(number or "", country_code(country), certain=True) or str(number)
        known = await cls.written(vendor_id, customer_id, found)
        if not known:
            await cls.keep(vendor_id, customer_id, found, origin)
        elif found.startswith("+"):
            await known[0].complete(found)

    @classmethod
    async def add(cls, vendor_id: int, customer_id: int, number: str, label: str = "") -> tuple[Self, bool]:
        """Keep a number (E.164) its owner typed, in a transaction; returns it, and whether they did not have it before."""
        await Customer.hold(vendor_id, customer_id)
        known = [row for row in await cls.written(vendor_id, customer_id, number) if row.deleted_at is None]
        if known:
            await known[0].complete(number)
            if label:
                await known[0].write({cls.label: label})
            return known[0], False
        await cls.forget(vendor_id, customer_id, number)
        await cls.keep(vendor_id, customer_id, number, "customer", label=label, created_at=database.now())
        return (await cls.written(vendor_id, customer_id, number))[0], True

    async def rename(self, label: str) -> None:
        await self.write({PhoneNumber.label: label})

    async def discard(self) -> None:
        """Delete it, in a transaction; the default falls back to the number on file, or else to the newest."""
        held = await Customer.hold(self.vendor, self.customer)
        await PhoneNumber.forget(self.vendor, self.customer, self.number)
        first, *others = [hidden(digits) for digits in spellings(self.number)]
        now = database.now()
        await self.write({PhoneNumber.number: "", PhoneNumber.label: "", PhoneNumber.digits: first,
                          PhoneNumber.deleted_at: now})  # fmt: skip
        for digits in others:
            await PhoneNumber.keep(self.vendor, self.customer, "", self.origin, digits=digits, deleted_at=now)
        if held["default_phone"] == self.id:
            await Customer.prefer(self.vendor, self.customer, default_phone=None)

    async def prefer(self) -> None:
        """Make it the default, in a transaction, unless it has been deleted meanwhile."""
        await Customer.hold(self.vendor, self.customer)
        if await PhoneNumber.own(self.vendor, self.customer, self.public_id):
            await Customer.prefer(self.vendor, self.customer, default_phone=self.id)

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
    async def default_of(cls, customer: Customer, but: Self | None = None) -> Self | None:
        """The one they chose, or else the one on file, or else the newest; leaving one out."""
        owned = (cls.vendor == customer.vendor) & (cls.customer == customer.id) & cls.deleted_at.is_null()
        others = owned & (cls.id != (but.id if but else 0))
        on_file = cls.digits.is_in(spellings(customer.phone or ""))
        for wanted in (others & (cls.id == (customer.default_phone or 0)), others & on_file, others):
            if found := await cls.objects().where(wanted).order_by(cls.id, ascending=False).first():
                return found
        return None

    @classmethod
    async def written(cls, vendor_id: int, customer_id: int, number: str) -> list[Self]:
        """The rows of a number, deleted or not, however it was spelled; the one in its full spelling first."""
        digits = spellings(number)
        same = cls.digits.is_in([*digits, *map(hidden, digits)])
        if not number.startswith("+"):
            same = same | (cls.digits.like(f"%{digits[0].lstrip('0')}") & cls.deleted_at.is_null())
        rows = await cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, same)
        found = [row for row in rows if row.deleted_at or row.digits in digits or digits[0] in spellings(row.number)]
        return sorted(found, key=lambda row: (row.digits != digits[0], row.id))

    @classmethod
    async def keep(cls, vendor_id: int, customer_id: int, number: str, origin: str, **values: Any) -> None:
        """Insert it unless somebody else has in this moment."""
        row = cls(**{"vendor": vendor_id, "customer": customer_id, "number": number, "digits": digits_of(number),
                     "origin": origin, **values})  # fmt: skip
        await cls.insert(row).on_conflict(target=(cls.vendor, cls.customer, cls.digits), action="DO NOTHING")

    @classmethod
    async def forget(cls, vendor_id: int, customer_id: int, number: str) -> None:
        """Take away what keeps a deleted number from coming back."""
        await cls.delete().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.deleted_at.is_not_null(),
            cls.digits.is_in([hidden(digits) for digits in spellings(number)]),
        )  # fmt: skip

    async def complete(self, number: str) -> None:
        """Write a number that was known without its country's code in full."""
        if self.deleted_at is None and self.digits != digits_of(number):
            await self.write({PhoneNumber.number: number, PhoneNumber.digits: digits_of(number)})

    async def write(self, values: dict[Any, Any]) -> None:
        await PhoneNumber.update(values).where(
            PhoneNumber.vendor == self.vendor, PhoneNumber.customer == self.customer, PhoneNumber.id == self.id,
            PhoneNumber.deleted_at.is_null(),
        )  # fmt: skip
