import asyncio

import pytest

import database
from tables import Course, Enrollment, Order, OrderLine, Payment, Product, ProductCourse
from tables.manual_order import Line, NumberTaken, Written, place

LINES = [Line("Hive tool", 2, 1250), Line("Veil", 1, 0)]


def written(customer, number="", paid=True, lines=LINES):
    return Written(customer.id, number, "EUR", database.now(), paid, lines)


async def put(customer, **options):
    return await database.transaction(lambda: place(customer.vendor, written(customer, **options)))


async def test_an_order_is_written_down_with_its_lines_and_payment(alice):
    await Product(vendor=alice.vendor, clickfunnels_id="p1", name="Hive tool").save()
    order = await put(alice)
    found = await Order.by_number(alice.vendor, alice.id, order.number)
    assert (found.number, found.total, found.currency, found.summary) == ("M1001", 2500, "EUR", "Hive tool, Veil")
    assert (found.billing_status, found.service_status, found.order_type) == ("paid", "active", "one-time-order")
    lines = await OrderLine.of(alice.vendor, order.id)
    assert [(line.product_name, line.quantity, line.amount, line.product_clickfunnels_id) for line in lines] == [
        ("Hive tool", 2, 1250, "p1"), ("Veil", 1, 0, None)
    ]  # fmt: skip
    (payment,) = await Payment.of(alice.vendor, order.id)
    assert (payment.amount, payment.is_paid, payment.is_recorded_here) == (2500, True, True)


async def test_an_unpaid_one_has_no_payment(alice):
    order = await put(alice, paid=False)
    assert (order.billing_status, order.service_status) == ("unpaid", "pending")
    assert await Payment.of(alice.vendor, order.id) == []


async def test_numbers_count_on_for_each_vendor_and_skip_what_is_taken(alice, zoe):
    await Order(vendor=alice.vendor, customer=alice.id, clickfunnels_id="x", number="M1002").save()
    assert [(await put(customer)).number for customer in (alice, alice, zoe)] == ["M1001", "M1003", "M1001"]


async def test_a_number_is_given_once(alice, bob, zoe):
    await put(alice, number="X-7")
    with pytest.raises(NumberTaken):
        await put(bob, number="X-7")
    assert (await put(zoe, number="X-7")).number == "X-7"


async def test_many_at_once_all_get_numbers_of_their_own(alice):
    orders = await asyncio.gather(*(put(alice) for _ in range(8)))
    assert sorted(order.number for order in orders) == [f"M{number}" for number in range(1001, 1009)]


async def test_of_several_with_one_number_one_wins(alice):
    outcomes = await asyncio.gather(*(put(alice, number="same") for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, Order) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Order | NumberTaken) for outcome in outcomes)


async def test_a_product_opens_its_courses_once_it_is_paid(alice):
    for key in ("p1", "p2"):
        await Product(vendor=alice.vendor, clickfunnels_id=key, name=f"Kit {key}").save()
    await Course(vendor=alice.vendor, clickfunnels_id="c1", title="Wax").save()
    await ProductCourse.replace(alice.vendor, "p1", ["c1"], catch_up=False)
    await put(alice, lines=[Line("kit P2", 1, 100)])
    await put(alice, lines=[Line("Kit p1", 1, 100)], paid=False)
    assert await Enrollment.count() == 0
    order = await put(alice, lines=[Line("Kit p1", 1, 100)])
    (enrollment,) = await Enrollment.objects()
    assert (enrollment.customer, enrollment.course_clickfunnels_id) == (alice.id, "c1")
    assert enrollment.order_clickfunnels_id == order.clickfunnels_id
