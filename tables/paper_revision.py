"""A paper as it was changed: once there is a revision, the newest is what the paper says (ADR 20)."""

from __future__ import annotations

import json
from typing import Any, Self

from piccolo.columns import ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from tables.base import Owned
from tables.customer import Customer
from tables.invoice import Invoice
from tables.order import Order
from tables.timestamps import moment

MOST = 20
BY_CUSTOMER = "customer"


class TooOften(ValueError):
    """This paper was changed as often as any may be."""


class PaperRevision(Owned, Table, tablename="paper_revisions"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    order = ForeignKey(Order, null=False, db_column_name="order_id")
    invoice = ForeignKey(Invoice, null=True, default=None, db_column_name="invoice_id")
    """None for the order's own paper."""
    revision = Integer()
    content = Text()
    made_by = Varchar(length=120, default="")
    """`customer`, or the name of whoever of the vendor's people it was; empty for the paper as it first stood."""
    made_at = moment()

    @property
    def facts(self) -> dict[str, Any]:
        """The content of `tables.paper_content`."""
        return dict(json.loads(self.content))

    @classmethod
    async def of(cls, order: Order, invoice: Invoice | None) -> list[Self]:
        """All revisions of a paper, newest first."""
        which = cls.invoice == invoice.id if invoice else cls.invoice.is_null()
        return await (
            cls.objects().where(cls.vendor == order.vendor, cls.order == order.id, which)
            .order_by(cls.revision, ascending=False)
        )  # fmt: skip

    @classmethod
    async def newest_of(cls, order: Order) -> Self | None:
        """What was last changed on any paper of an order."""
        return await (
            cls.objects()
            .where(cls.vendor == order.vendor, cls.order == order.id)
            .order_by(cls.id, ascending=False)
            .first()
        )

    @classmethod
    async def revise(
        cls, order: Order, invoice: Invoice | None, before: dict[str, Any], after: dict[str, Any], made_by: str
    ) -> Self:
        """Keep the changed paper as the newest, and at the first change also how it stood; raises TooOften.

        The caller holds the customer's row, so that no second change slips in between.
        """
        kept = await cls.of(order, invoice)
        if len(kept) >= MOST:
            raise TooOften
        if not kept:
            kept = [await cls.keep(order, invoice, 1, before, "")]
        return await cls.keep(order, invoice, kept[0].revision + 1, after, made_by)

    @classmethod
    async def keep(
        cls, order: Order, invoice: Invoice | None, revision: int, content: dict[str, Any], made_by: str
    ) -> Self:
        row = cls(
            vendor=order.vendor, customer=order.customer, order=order.id, invoice=invoice.id if invoice else None,
            revision=revision, content=json.dumps(content, ensure_ascii=False), made_by=made_by, made_at=database.now(),
        )  # fmt: skip
        await row.save()
        return row
