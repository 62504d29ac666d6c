"""A bill for an order, with its lines."""

from __future__ import annotations

import re
from typing import Any, Self

from piccolo.columns import ForeignKey, Integer, Varchar
from piccolo.table import Table

import database
from tables.base import Owned, Remote, minor, text
from tables.order import Order
from tables.timestamps import moment

UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
OWN_PAPER = "order"
"""Where an address names the order's own paper and none of its invoices."""
REFUND = "refund"
"""The type of a bill for money given back: its paper is the credit memo."""


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
    own_number = text(64)
    """From the vendor's own sequence, where the processor gave it none."""
    paper = text(150)
    """What names it among the papers of its order, in addresses; it stays, whatever becomes of the number."""

    @property
    def paper_number(self) -> str:
        """What stands on the paper; empty for a draft that has none yet."""
        return self.number or self.own_number or ""

    @property
    def has_paper(self) -> bool:
        """A draft is none yet, and what was given back is told by a credit memo."""
        return bool(self.paper_number) and self.invoice_type != REFUND and self.status != "draft"

    @property
    def paper_name(self) -> str:
        """`paper`; bills from before there were papers have none."""
        return self.paper or safe(self.paper_number) or safe(self.clickfunnels_id)

    @classmethod
    async def record(
        cls, vendor_id: int, clickfunnels_id: str, version: str, values: dict[Any, Any]
    ) -> tuple[Self, bool]:
        bill, newest = await super().record(vendor_id, clickfunnels_id, version, values)
        await bill.name_paper()
        return bill, newest

    async def name_paper(self) -> None:
        """Give it once what its paper needs; the caller holds the vendor's row."""
        values: dict[Any, Any] = {}
        if not self.paper_number and self.invoice_type != REFUND and self.status != "draft":
            self.own_number = values[Invoice.own_number] = await next_number(self.vendor)
        if not self.paper and self.has_paper:
            self.paper = values[Invoice.paper] = await self.free_name()
        if values:
            await Invoice.update(values).where(Invoice.vendor == self.vendor, Invoice.id == self.id)

    async def free_name(self) -> str:
        name = safe(self.paper_number) or safe(self.clickfunnels_id)
        others = await Invoice.objects().where(
            Invoice.vendor == self.vendor, Invoice.order == self.order, Invoice.id != self.id
        )
        taken = {OWN_PAPER, *(bill.paper_name for bill in others)}
        return f"{name}-{safe(self.clickfunnels_id)}" if name in taken else name

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


def safe(text: str) -> str:
    """A number or id as it may stand in an address."""
    return UNSAFE.sub("-", text).strip("-")[:64]


async def next_number(vendor_id: int) -> str:
    """The vendor's next invoice number that none has: N1001, N1002, … Each is given once, whatever becomes of it."""
    while True:
        rows = await database.raw(
            "UPDATE vendors SET next_invoice_number = next_invoice_number + 1 WHERE id = {} "
            "RETURNING next_invoice_number - 1 AS number", vendor_id,
        )  # fmt: skip
        number = f"N{rows[0]['number']}"
        if not await Invoice.exists().where(Invoice.vendor == vendor_id, Invoice.number == number):
            return number
