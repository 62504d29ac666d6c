"""Money that moved for an order: a sale, a capture or a refund (ClickFunnels: Orders::Transaction)."""

from __future__ import annotations

from typing import Self

from piccolo.columns import ForeignKey, Varchar
from piccolo.table import Table

from tables.base import Remote, minor, text
from tables.order import Order
from tables.timestamps import moment

DONE = frozenset({"completed", "approved", "succeeded", "refunded", "partially_refunded", "partially-refunded", ""})

FAILED = frozenset({"failed", "declined", "error", "rejected"})
RECORDED = "console:"
"""How the id of a payment begins that the vendor's people wrote down here: no id of ClickFunnels does."""
NO_MONEY = frozenset({"refund", "void", "authorize", "authorization"})


class Payment(Remote, Table, tablename="payments"):
    order = ForeignKey(Order, null=False, db_column_name="order_id")
    kind = Varchar(length=30, default="")
    status = Varchar(length=30, default="")
    result = Varchar(length=30, default="")
    reason = text(300)
    amount = minor()
    currency = Varchar(length=3, default="USD")
    adjusts_clickfunnels_id = text(64)
    made_at = moment()

    @property
    def is_refund(self) -> bool:
        """A refund that went through; a declined or voided one is no credit."""
        return self.kind == "refund" and self.status in DONE and self.result in DONE

    @property
    def is_recorded_here(self) -> bool:
        return self.clickfunnels_id.startswith(RECORDED)

    @property
    def is_paid(self) -> bool:
        """Money that arrived: neither a refund nor a mere reservation on a card."""
        return self.kind not in NO_MONEY and self.status in DONE and self.result in DONE

    @property
    def has_failed(self) -> bool:
        return self.kind not in NO_MONEY and bool({self.status, self.result} & FAILED)

    @classmethod
    async def of(cls, vendor_id: int, order_id: int) -> list[Self]:
        return await (
            cls.objects().where(cls.vendor == vendor_id, cls.order == order_id, cls.deleted_at.is_null())
            .order_by(cls.made_at, cls.id)
        )  # fmt: skip
