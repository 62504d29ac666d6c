from tables import Order, Parcel, ParcelLine
from tables.parcel import parcels_of_order
from tests.integrations.clickfunnels.payloads import deliver, event, fulfillment, invoice, order, verdict


async def test_a_parcel_finds_its_order_whichever_comes_first(acme):
    await deliver(acme, event("fulfillment.created", fulfillment(6), 6))
    await deliver(acme, event("orders/invoice.paid", invoice()), event("order.completed", order()))
    (row,) = await parcels_of_order(vendor=acme.id, order=(await Order.objects().first()).id)
    assert (row["number"], row["carrier"], row["tracking_code"], row["description"]) == (
        "1", "USPS", "1234567890", "Keeping Bees",
    )  # fmt: skip


async def test_its_lines_are_those_of_the_newest_event(acme):
    await deliver(acme, event("fulfillment.updated", fulfillment(7, status="cancelled"), 7))
    await deliver(acme, event("fulfillment.created", fulfillment(6, included_invoices_line_items=[]), 6))
    assert (await Parcel.objects().first()).status == "cancelled"
    assert [line.invoice_line_clickfunnels_id for line in await ParcelLine.objects()] == ["125"]


async def test_a_link_that_is_no_web_address_is_left_out(acme):
    await deliver(acme, event("fulfillment.created", fulfillment(tracking_url="javascript:alert(1)")))
    assert (await Parcel.objects().first()).tracking_url is None


async def test_a_parcel_without_its_time_keeps_the_one_it_had(acme):
    await deliver(acme, event("fulfillment.created", fulfillment(6), 6))
    await deliver(acme, event("fulfillment.updated", fulfillment(7, created_at=None), 7))
    assert (await Parcel.objects().first()).sent_at.isoformat() == "2026-01-01T10:06:00+00:00"
    gone = event("fulfillment.deleted", {"id": 400}, 9)
    await deliver(acme, gone)
    assert (await verdict(acme, gone))["outcome"] == "parcel 400 deleted"


async def test_a_parcel_without_a_number_goes_by_its_public_id(acme):
    await deliver(acme, event("fulfillment.created", fulfillment(fulfillment_number=None)))
    assert (await Parcel.objects().first()).number == "vGSQyt"
