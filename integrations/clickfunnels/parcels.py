"""A shipment. It meets its order only through invoice lines, when it is read, so it never has to wait."""

from __future__ import annotations

from integrations.clickfunnels.envelope import Event
from integrations.clickfunnels.records import bury, record, told
from integrations.clickfunnels.values import collect, named, parts
from tables.parcel import Parcel, ParcelLine

COLUMNS = {
    "fulfillment_number": Parcel.number, "status": Parcel.status, "shipping_provider": Parcel.carrier,
    "tracking_code": Parcel.tracking_code, "tracking_url": Parcel.tracking_url, "created_at": Parcel.sent_at,
}  # fmt: skip
LINE_COLUMNS = {
    "invoices_line_item_id": ParcelLine.invoice_line_clickfunnels_id, "quantity": ParcelLine.quantity,
}  # fmt: skip


async def update(event: Event) -> str:
    data = event.data
    # Older generations have no number of their own for parcels; customers know them by their public id.
    values = collect({**data, "fulfillment_number": data.get("fulfillment_number") or data.get("public_id")}, COLUMNS)
    if values.get(Parcel.sent_at) is None:
        values.pop(Parcel.sent_at, None)
    parcel, newest = await record(event, Parcel, values, data)
    if newest and "included_invoices_line_items" in data:
        lines = [named(collect(line, LINE_COLUMNS)) for line in parts(data, "included_invoices_line_items")]
        await ParcelLine.replace(event.vendor_id, parcel.id, lines)
    return told(f"parcel {parcel.number or event.subject}", newest)


async def remove(event: Event) -> str:
    return f"parcel {event.subject} {await bury(event, Parcel)}"
