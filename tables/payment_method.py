"""A means of payment an order is charged to: its reference and what its processor tells of it, never a number."""

from __future__ import annotations

from typing import Any, Self

from piccolo.columns import Boolean, ForeignKey, Integer, Varchar
from piccolo.table import Table

import database
from tables.base import NEWEST, Owned, public_id, text
from tables.customer import Customer
from tables.order import Order
from tables.timestamps import moment

PAGE = 20
NEEDY = ("active", "trialing", "paused", "suspended")
"""Service states of subscriptions that will want money again."""


class PaymentMethod(Owned, Table, tablename="payment_methods"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    public_id = Varchar(length=22, default=public_id)
    processor = Varchar(length=40)
    reference = Varchar(length=80)
    kind = text(20)
    """`card`, `sepa_debit`, …: Stripe's word for it; None where only the reference is known."""
    brand = text(30)
    last4 = text(4)
    exp_month = Integer(null=True, default=None)
    exp_year = Integer(null=True, default=None)
    description = Varchar(length=120, default="")
    """The customer's own words for it."""
    is_default = Boolean(default=False)
    removed_at = moment()
    version = Varchar(length=160, default="")
    """Grows with the age of the news, as in `tables.base.Remote`."""
    reminded_for = text(7)
    """The month of expiry (2026-11) its customer was written to about."""

    @classmethod
    async def at(cls, vendor_id: int, customer_id: int, processor: str | None) -> list[Self]:
        """The customer's own that are still there, the default first; with None those of every processor."""
        found = cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.removed_at.is_null())
        if processor:
            found = found.where(cls.processor == processor)
        return await found.order_by(cls.is_default, cls.id, ascending=False).limit(PAGE)

    @classmethod
    async def by_reference(cls, vendor_id: int, customer_id: int, reference: str | None) -> Self | None:
        """The customer's own by the processor's id."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.reference == (reference or "")
        ).first()  # fmt: skip

    @classmethod
    async def own(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        """The customer's own that is still there."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id, cls.removed_at.is_null()
        ).first()  # fmt: skip

    @classmethod
    async def behind(cls, vendor_id: int, customer_id: int, method_id: int | None) -> Self | None:
        """The customer's own that another row points at, even if it was removed since."""
        if method_id is None:
            return None
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.id == method_id
        ).first()  # fmt: skip

    @classmethod
    async def told(cls, vendor_id: int, customer_id: int) -> list[Self]:
        """Those whose details their processor tells, newest first: what people can tell apart and look after here."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.customer == customer_id, cls.removed_at.is_null(),
                                cls.kind.is_not_null())
            .order_by(cls.id, ascending=False).limit(PAGE)
        )  # fmt: skip

    @property
    def is_told(self) -> bool:
        return self.kind is not None

    async def describe(self, description: str) -> None:
        """The customer's own words for it."""
        cls = type(self)
        self.description = description
        await cls.update({cls.description: description}).where(cls.vendor == self.vendor, cls.id == self.id)

    async def needed_by(self) -> list[Order]:
        """The running subscriptions that are paid with it."""
        return await Order.objects().where(
            Order.vendor == self.vendor, Order.customer == self.customer, Order.payment_method == self.reference,
            Order.order_type == "subscription-order", Order.service_status.is_in(list(NEEDY)), Order.deleted_at.is_null(),
        ).limit(PAGE)  # fmt: skip

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
            "SELECT m.*, o.number, o.summary FROM "
            "(SELECT id, public_id, processor, reference, kind, brand, last4, exp_month, exp_year, description, is_default, "
            "vendor_id, customer_id FROM payment_methods "
            "WHERE vendor_id = {} AND customer_id = {} AND id < {} AND removed_at IS NULL "
            f"ORDER BY id DESC LIMIT {PAGE + 1}) m "
            "LEFT JOIN orders o ON o.vendor_id = m.vendor_id AND o.customer_id = m.customer_id "
            "AND o.payment_method = m.reference AND o.deleted_at IS NULL AND o.order_type = 'subscription-order' "
            "AND o.service_status NOT IN ('churned', 'abandoned', 'voided', 'trial_ended', 'trial-ended') "
            "ORDER BY m.id DESC, o.id DESC",
            vendor_id, customer_id, below,
        )  # fmt: skip
