"""A bill for an order, with its lines."""

from __future__ import annotations

from typing import Any, Self

from piccolo.columns import ForeignKey, Integer, Varchar
from piccolo.table import Table

from tables.base import Owned, Remote, minor, text
from tables.order import Order
from tables.timestamps import moment


class Invoice(Remote, Table, tablename="invoices"):
    order = ForeignKey(Order, null=False, db_column_name="order_id")
    number = Varchar(length=64, default="")
    invoice_type = Varchar(length=30, default="")
    status = Varchar(length=30, default="")
    currency = Varchar(length=3, default="USD")
    subtotal = minor()
    tax = minor()
    shipping = minor()
    discount = minor()
    total = minor()
    due = minor()
    issued_at = moment()
    due_at = moment()
    paid_at = moment()
    pay_url = text()
    """The processor's own page where it can be paid."""

    @classmethod
    async def of(cls, vendor_id: int, order_id: int) -> list[Self]:
        """An order's bills, newest first."""
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.order == order_id, cls.deleted_at.is_null())
            .order_by(cls.issued_at, cls.id, ascending=False)
        )  # fmt: skip


class InvoiceLine(Owned, Table, tablename="invoice_lines"):
    invoice = ForeignKey(Invoice, null=False, db_column_name="invoice_id")
    clickfunnels_id = Varchar(length=64)
    position = Integer(default=0)
    description = Varchar(length=300, default="")
    quantity = Integer(default=1)
    amount = minor()
    discount = minor()
    tax = minor()
    currency = Varchar(length=3, default="USD")
    period_start_at = moment()
    period_end_at = moment()
    fulfillment_status = text(30)

    @classmethod
    async def replace(cls, vendor_id: int, invoice_id: int, lines: list[dict[str, Any]]) -> None:
        await cls.delete().where(cls.vendor == vendor_id, cls.invoice == invoice_id)
        for position, line in enumerate(lines):
            await cls(vendor=vendor_id, invoice=invoice_id, position=position, **line).save()

    @classmethod
    async def of(cls, vendor_id: int, *invoice_ids: int) -> list[Self]:
        """The lines of these bills, each bill's in its own sequence."""
        if not invoice_ids:
            return []
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.invoice.is_in(list(invoice_ids)))
            .order_by(cls.invoice, cls.position)
        )  # fmt: skip
