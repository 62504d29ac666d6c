"""A card on its way: the customer is at Stripe's own page, and Stripe alone says whether it was saved."""

from __future__ import annotations

from typing import Self

from piccolo.columns import BigInt, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

from tables.base import Owned, public_id, text
from tables.customer import Customer
from tables.order import Order
from tables.timestamps import moment

REQUESTED, OPEN, COMPLETE, EXPIRED, REFUSED = STATUSES = ("requested", "open", "complete", "expired", "refused")


class CardSetup(Owned, Table, tablename="card_setups"):
    """`session` is Stripe's id of its page, `reference` the payment method that came of it."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    order = ForeignKey(Order, null=True, default=None, db_column_name="order_id")
    """The subscription that is to be paid with it."""
    link = BigInt(null=True, default=None, db_column_name="link_id")
    """The mailed link by which somebody came who is not signed in."""
    session = text(100)
    url = Text(null=True, default=None)
    reference = text(64)
    status = Varchar(length=12, default=REQUESTED)
    error = text()
    tries = Integer(default=0)
    next_try_at = moment()
    created_at = moment()
    settled_at = moment()

    @property
    def idempotency_key(self) -> str:
        """The same for every try of this row, so that Stripe makes one page only."""
        return f"center-setup-{self.public_id}"

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        """The customer's own; somebody else's is as unknown as one that does not exist."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id
        ).first()  # fmt: skip
