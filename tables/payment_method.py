"""A means of payment an order is charged to: only its reference, since the processor alone knows the card."""

from __future__ import annotations

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, public_id
from tables.customer import Customer


class PaymentMethod(Owned, Table, tablename="payment_methods"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    processor = Varchar(length=40)
    reference = Varchar(length=80)

    @classmethod
    async def learn(cls, vendor_id: int, customer_id: int, processor: str | None, reference: str | None) -> None:
        if not reference:
            return
        known = cls.exists().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.reference == reference
        )  # fmt: skip
        if not await known:
            await cls(
                vendor=vendor_id, customer=customer_id, processor=processor or "", reference=reference
            ).save()  # fmt: skip

    @classmethod
    async def of(cls, vendor_id: int, customer_id: int) -> list[dict[str, str]]:
        """Each method with the number of an order it pays, one row for each pair; at most 100."""
        return await database.raw(
            "SELECT m.public_id, m.processor, m.reference, o.number, o.summary, o.order_type FROM payment_methods m "
            "LEFT JOIN orders o ON o.vendor_id = m.vendor_id AND o.customer_id = m.customer_id "
            "AND o.payment_method = m.reference AND o.deleted_at IS NULL "
            "WHERE m.vendor_id = {} AND m.customer_id = {} ORDER BY m.id, o.id DESC LIMIT 100",
            vendor_id, customer_id,
        )  # fmt: skip
