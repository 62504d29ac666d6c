"""Enrolled by hand, by a product, suspended and back: what each does to what a customer can open."""

import pytest

import database
from tables import Course, Customer, Enrollment, Order, OrderLine, ProductCourse, enrolling
from tables import course_editing as editing
from tables.course_parts import Parts
from tables.enrollment import enrollment_in
from tables.outline import access_of, one_for_each_course
from tables.product_course import grant


@pytest.fixture
async def course(acme, clock):
    made = await editing.add_course(acme.id, "Wax", "Begin here")
    now = await Parts.of(made)
    await editing.publish(made, clock.now(), editing.everything(now.tree))
    return made


async def lock(course, customer):
    rows = await enrollment_in(vendor=course.vendor, customer=customer.id, course=course.public_id)
    best = one_for_each_course(rows, database.now())
    return access_of(best[0], database.now()).lock if best else "nothing"


async def order(customer, key="7", **facts):
    row = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=key, number=key, currency="USD",
                placed_at=database.now(), billing_status="paid", service_status="active", **facts)  # fmt: skip
    await row.save()
    await OrderLine(vendor=customer.vendor, order=row.id, clickfunnels_id=key, product_clickfunnels_id="9").save()
    return row


async def test_somebody_new_gets_an_account_and_a_place(course):
    result = await enrolling.enroll(course, "new@example.com", "Nina", "Nu")
    assert result.verdict == "new"
    assert (result.customer.first_name, await lock(course, result.customer)) == ("Nina", None)


async def test_doing_it_again_changes_nothing_and_names_stay_the_customers(course, alice):
    await enrolling.enroll(course, alice.email, "Another", "Name")
    again = await enrolling.enroll(course, alice.email)
    assert again.verdict == "already"
    assert await Enrollment.count() == 1
    assert (await Customer.objects().get(Customer.id == alice.id)).first_name == "Alice"


async def test_suspended_with_a_reason_and_lifted(course, alice):
    result = await enrolling.enroll(course, alice.email)
    await enrolling.suspend(course.vendor, result.enrollment.id, "The cheque bounced")
    assert (await lock(course, alice)).subject == "The cheque bounced"
    assert (await enrolling.enroll(course, alice.email)).verdict == "suspended"
    await enrolling.lift(course.vendor, result.enrollment.id)
    assert await lock(course, alice) is None


async def test_what_clickfunnels_suspends_is_not_lifted_here(world):
    enrollment = await enrolling.find(world.acme.id, "100", world.alice.enrollment)
    await Enrollment.update({Enrollment.suspended: True, Enrollment.suspension_reason: "Chargeback"}).where(
        Enrollment.id == enrollment.id
    )
    await enrolling.suspend(world.acme.id, enrollment.id, "Ours")
    course = await Course.by_public_id(world.acme.id, world.alice.course)
    assert (await lock(course, world.alice.customer)).subject == "Ours"
    await enrolling.lift(world.acme.id, enrollment.id)
    assert (await lock(course, world.alice.customer)).subject == "Chargeback"
    with pytest.raises(ValueError):
        await enrolling.take_out(enrollment)


async def test_taken_out_and_in_again(course, alice):
    result = await enrolling.enroll(course, alice.email)
    await enrolling.take_out(result.enrollment)
    assert await lock(course, alice) == "nothing"
    assert (await enrolling.enroll(course, alice.email)).verdict == "new"
    assert await lock(course, alice) is None


async def test_whoever_lost_it_with_an_order_can_be_enrolled_by_hand(course, alice):
    bought = await order(alice)
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=False)
    await grant(bought, ["9"], True)
    assert (await enrolling.enroll(course, alice.email)).verdict == "already"
    await Order.update({Order.service_status: "churned"}).where(Order.id == bought.id)
    assert (await lock(course, alice)).reason == "ended"
    assert (await enrolling.enroll(course, alice.email)).verdict == "new"
    assert await lock(course, alice) is None


async def test_nobody_gets_into_a_closed_account(course, alice, clock):
    await Customer.update({Customer.disabled_at: clock.now()}).where(Customer.id == alice.id)
    assert (await enrolling.enroll(course, alice.email)).verdict == "closed"
    assert await Enrollment.count() == 0


async def test_a_product_opens_its_courses_once_and_the_orders_service_closes_them(course, alice):
    bought = await order(alice)
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id, "404"], catch_up=False)
    assert await grant(bought, ["9", "9", None], True) == ["Wax"]
    assert await grant(bought, ["9"], True) == []
    assert await Enrollment.count() == 1
    for status, reason in (("paused", "paused"), ("churned", "ended"), ("suspended", "suspended")):
        await Order.update({Order.service_status: status}).where(Order.id == bought.id)
        assert (await lock(course, alice)).reason == reason
    await Order.update({Order.service_status: "active", Order.billing_status: "refunded"}).where(Order.id == bought.id)
    assert (await lock(course, alice)).reason == "refunded"


async def test_what_was_not_bought_opens_nothing(course, alice):
    bought = await order(alice)
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=False)
    assert await grant(bought, ["9"], False) == []
    assert await grant(bought, ["10"], True) == []
    assert await Enrollment.count() == 0


async def test_a_place_that_was_taken_away_is_not_given_again_by_the_same_order(course, alice):
    bought = await order(alice)
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=False)
    await grant(bought, ["9"], True)
    (row,) = await Enrollment.objects()
    await enrolling.take_out(row)
    assert await grant(bought, ["9"], True) == []
    assert await lock(course, alice) == "nothing"


async def test_an_order_that_changes_hands_takes_its_courses_along(course, alice, bob):
    bought = await order(alice)
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=False)
    await grant(bought, ["9"], True)
    await Order.update({Order.customer: bob.id}).where(Order.id == bought.id)
    await grant(await Order.objects().get(Order.id == bought.id), ["9"], True)
    assert await lock(course, alice) == "nothing"
    assert await lock(course, bob) is None


async def test_earlier_buyers_follow_by_and_by(course, alice, bob, monkeypatch):
    monkeypatch.setattr("tables.product_course.BATCH", 2)
    for place in range(5):
        await order(alice if place % 2 else bob, key=f"o{place}")
    waiting = await order(alice, key="draft")
    await Order.update({Order.billing_status: "pending"}).where(Order.id == waiting.id)
    assert await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=True) == [
        course.clickfunnels_id]  # fmt: skip
    taken = 0
    while rows := await ProductCourse.lease(5):
        assert await ProductCourse.lease(5) == []
        taken += sum([await ProductCourse.catch_up(row) for row in rows])
    assert taken == 6
    assert await Enrollment.count() == 5
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=True)
    while rows := await ProductCourse.lease(5):
        for row in rows:
            await ProductCourse.catch_up(row)
    assert await Enrollment.count() == 5


async def test_a_product_that_opens_something_else_now_leaves_those_who_are_in(course, alice):
    await ProductCourse.replace(alice.vendor, "9", [course.clickfunnels_id], catch_up=False)
    await grant(await order(alice), ["9"], True)
    await ProductCourse.replace(alice.vendor, "9", [], catch_up=False)
    assert await ProductCourse.count() == 0
    assert await lock(course, alice) is None


async def test_people_of_a_course_page_by_page_and_by_address(course, monkeypatch):
    for place in range(4):
        await enrolling.enroll(course, f"p_{place}@example.com")
    await enrolling.enroll(course, "px0@example.com")
    rows = await enrolling.enrolled_in(vendor=course.vendor, course=course.clickfunnels_id, below=2**62)
    assert [row["email"] for row in rows][:2] == ["px0@example.com", "p_3@example.com"]
    like = enrolling.beginning(" P_")
    rows = await enrolling.enrolled_like(
        vendor=course.vendor, course=course.clickfunnels_id, below=rows[1]["id"], like=like
    )
    assert [row["email"] for row in rows] == ["p_2@example.com", "p_1@example.com", "p_0@example.com"]
