from itertools import permutations

import pytest

from tables import Course, Enrollment, Order, Product, Vendor
from tests.integrations.clickfunnels.payloads import (
    at,
    contact,
    course,
    deliver,
    dump,
    enrollment,
    event,
    order,
    product,
    verdict,
)


async def test_the_newest_news_wins(acme):
    await deliver(acme, event("product.updated", product(2, name="New"), 2))
    await deliver(acme, event("product.created", product(1, name="Old"), 1))
    assert (await Product.objects().first()).name == "New"


async def test_of_two_events_with_the_same_record_time_the_later_event_wins(acme):
    for sent in (event("order.completed", order(5, billing_status="paid"), 7),
                 event("order.created", order(5, billing_status="pending"), 6)):  # fmt: skip
        await deliver(acme, sent)
    assert (await Order.objects().first()).billing_status == "paid"


async def test_keys_that_are_missing_leave_their_columns(acme):
    await deliver(acme, event("course.created", course(1)), event("course.updated", {"id": 9, "updated_at": at(2)}, 2))
    assert (await Course.objects().first()).title == "Keeping Bees"


async def test_a_late_created_does_not_bring_back_what_is_deleted(acme):
    await deliver(acme, event("course.deleted", {"id": 9}, 5))
    assert (await Course.objects().first()).deleted_at is not None
    await deliver(acme, event("course.created", course(1), 1), event("course.updated", course(2, title="Last"), 2))
    row = await Course.objects().first()
    assert (row.title, row.deleted_at is None) == ("Last", False)


async def test_newer_news_brings_it_back(acme):
    await deliver(acme, event("course.deleted", {"id": 9}, 5), event("course.updated", course(6), 6))
    assert (await Course.objects().first()).deleted_at is None
    late = event("course.deleted", {"id": 9}, 4)
    await deliver(acme, late)
    assert (await Course.objects().first()).deleted_at is None
    assert "nothing changed" in (await verdict(acme, late))["outcome"]


async def test_the_deletion_of_an_unknown_order_or_enrollment_waits_for_it(acme):
    gone = [event("order.deleted", {"id": 123}, 5), event("courses/enrollment.deleted", {"id": 77}, 5)]
    await deliver(acme, *gone)
    assert [(await verdict(acme, sent))["waiting_for"] for sent in gone] == ["order:123", "enrollment:77"]
    await deliver(acme, event("order.created", order(1), 1), event("courses/enrollment.created", enrollment(1), 1))
    assert [(await verdict(acme, sent))["status"] for sent in gone] == ["processed"] * 2
    assert (await Order.objects().first()).deleted_at is not None
    assert (await Enrollment.objects().first()).deleted_at is not None


JOURNEYS = {
    "course": [("course.created", course(1), 1), ("course.updated", course(2, title="B"), 2),
               ("course.deleted", {"id": 9}, 3), ("course.deleted", {"id": 9}, 4)],
    "course that came back": [("course.created", course(1), 1), ("course.deleted", {"id": 9}, 3),
                              ("course.updated", course(5, title="C"), 5)],
    "order": [("order.created", order(1, total_amount="1.00"), 1), ("order.updated", order(2), 2),
              ("order.deleted", {"id": 123}, 3)],
    "contact": [("contact.created", contact(1), 1), ("contact.updated", contact(2, first_name="Anna"), 2),
                ("contact.deleted", {"id": 45}, 3)],
    "contact of a later enrollment": [("contact.created", contact(1), 1), ("contact.deleted", {"id": 45}, 3),
                                      ("courses/enrollment.created", enrollment(4), 4)],
    "enrollment": [("courses/enrollment.created", enrollment(4), 4),
                   ("courses/enrollment.suspended", enrollment(5, suspended=True, suspension_reason="unpaid"), 5),
                   ("courses/enrollment.course_completed", enrollment(6), 6),
                   ("courses/enrollment.deleted", {"id": 77}, 7)],
}  # fmt: skip


@pytest.mark.parametrize("journey", JOURNEYS.values(), ids=JOURNEYS)
async def test_deletions_in_any_order(journey):
    dumps = []
    for number, order_of_arrival in enumerate(permutations([event(*sent) for sent in journey])):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *order_of_arrival)
        dumps.append(await dump(vendor))
    for found in dumps:
        assert found == dumps[0]
