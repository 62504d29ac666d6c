"""A means of payment an order is charged to: only its reference, since the processor alone knows the card."""

from __future__ import annotations

from typing import Any

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

import database
from tables.base import NEWEST, Owned, public_id, text
from tables.customer import Customer

PAGE = 20


class PaymentMethod(Owned, Table, tablename="payment_methods"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    processor = Varchar(length=40)
    reference = Varchar(length=80)
    reminded_for = text(7)
    """The month of expiry (2026-11) its customer was written to about."""

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
    async def of(cls, vendor_id: int, customer_id: int, below: int = NEWEST) -> list[Any]:
        """The newest methods below an id, a page and one more, each with the subscriptions it pays: one row a pair."""
        return await database.raw(
            "SELECT m.id, m.public_id, m.processor, m.reference, o.number, o.summary FROM "
            "(SELECT * FROM payment_methods WHERE vendor_id = {} AND customer_id = {} AND id < {} "
            f"ORDER BY id DESC LIMIT {PAGE + 1}) m "
            "LEFT JOIN orders o ON o.vendor_id = m.vendor_id AND o.customer_id = m.customer_id "
            "AND o.payment_method = m.reference AND o.deleted_at IS NULL AND o.order_type = 'subscription-order' "
            "ORDER BY m.id DESC, o.id DESC",
            vendor_id, customer_id, below,
        )  # fmt: skip
