"""Which of a vendor's customers a customer at Stripe is; one person may have been made there several times."""

from __future__ import annotations

from typing import Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, text
from tables.customer import Customer
from tables.timestamps import moment


class StripeCustomer(Owned, Table, tablename="stripe_customers"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    reference = Varchar(length=64)
    default_method = text(64)
    version = Varchar(length=160, default="")
    """Grows with the age of the news, as in `tables.base.Remote`."""
    created_at = moment()

    @classmethod
    async def known(cls, vendor_id: int, reference: str) -> Self | None:
        return await cls.objects().where(cls.vendor == vendor_id, cls.reference == reference).first()

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int) -> list[Self]:
        """Every one that is this person, oldest first."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id).order_by(cls.id)

    @classmethod
    async def newest_of(cls, vendor_id: int, customer_id: int) -> Self | None:
        """The one a new card is filed under: what was made last is what the vendor charges."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id)
            .order_by(cls.id, ascending=False).first()
        )  # fmt: skip

    @classmethod
    async def keep(cls, vendor_id: int, customer_id: int, reference: str) -> Self:
        """Remember whose it is; what is known already stays with whom it belongs to."""
        if (found := await cls.known(vendor_id, reference)) is not None:
            return found
        made = cls(vendor=vendor_id, customer=customer_id, reference=reference, created_at=database.now())
        await made.save()
        return made

    @classmethod
    async def give(cls, vendor_id: int, customer_id: int, reference: str) -> None:
        """Let it be this customer, also where it was one whose account was deleted."""
        found = await cls.keep(vendor_id, customer_id, reference)
        if found.customer != customer_id:
            await cls.update({cls.customer: customer_id, cls.version: ""}).where(
                cls.vendor == vendor_id, cls.id == found.id
            )
