"""A shipment (ClickFunnels: Fulfillment). One parcel may hold items of several orders."""

from __future__ import annotations

from typing import Any

from piccolo.columns import ForeignKey, Integer, Varchar
from piccolo.table import Table

from database import Bound
from tables.base import Owned, Remote, text
from tables.timestamps import moment


class Parcel(Remote, Table, tablename="parcels"):
    number = Varchar(length=64, default="")
    status = Varchar(length=30, default="")
    carrier = text(120)
    tracking_code = text(120)
    tracking_url = text(500)
    sent_at = moment()


class ParcelLine(Owned, Table, tablename="parcel_lines"):
    parcel = ForeignKey(Parcel, null=False, db_column_name="parcel_id")
    invoice_line_clickfunnels_id = Varchar(length=64)
    quantity = Integer(default=1)

    @classmethod
    async def replace(cls, vendor_id: int, parcel_id: int, lines: list[dict[str, Any]]) -> None:
        await cls.delete().where(cls.vendor == vendor_id, cls.parcel == parcel_id)
        for line in lines:
            await cls(vendor=vendor_id, parcel=parcel_id, **line).save()


# Parcels meet orders only through invoice lines, and either may arrive first: so they are joined when they are read.
parcels_of_order = Bound(
    lambda vendor, order: Parcel.raw(
        "SELECT p.id, p.number, p.status, p.carrier, p.tracking_code, p.tracking_url, p.sent_at, pl.quantity, "
        "il.id AS line, il.description FROM invoices i "
        "JOIN invoice_lines il ON il.vendor_id = i.vendor_id AND il.invoice_id = i.id "
        "JOIN parcel_lines pl ON pl.vendor_id = il.vendor_id "
        "AND pl.invoice_line_clickfunnels_id = il.clickfunnels_id "
        "JOIN parcels p ON p.vendor_id = pl.vendor_id AND p.id = pl.parcel_id AND p.deleted_at IS NULL "
        "WHERE i.vendor_id = {} AND i.order_id = {} ORDER BY p.sent_at, p.id, il.position",
        vendor, order,
    ),
    "vendor", "order",
)  # fmt: skip
