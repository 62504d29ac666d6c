"""Courses written here, and courses that a product opens, when events come for them."""

import pytest

from tables import Course, Customer, Enrollment, Lesson, Product, ProductCourse, Section
from tables import course_editing as editing
from tables.course_parts import Parts
from tests.integrations.clickfunnels.payloads import contact, course, deliver, event, lesson, order, section, verdict


@pytest.fixture
async def kept(acme):
    """The course of the payloads, taken over from ClickFunnels."""
    await deliver(acme, event("course.created", course()), event("courses/section.created", section(id=20, parent_id=None)),
                  event("courses/section.created", section()), event("courses/lesson.created", lesson()))  # fmt: skip
    row = await Course.objects().first()
    await editing.keep_here(row, True)
    await editing.change(row, title="Ours")
    return row


NEWS = [
    ("course.updated", lambda: course(60, title="Theirs")), ("course.deleted", lambda: {"id": 9}),
    ("courses/section.updated", lambda: section(60, title="Theirs")), ("courses/section.deleted", lambda: {"id": 21}),
    ("courses/section.created", lambda: section(60, id=77, title="Theirs")),
    ("courses/lesson.updated", lambda: lesson(60, title="Theirs")), ("courses/lesson.deleted", lambda: {"id": 31}),
    ("courses/lesson.created", lambda: lesson(60, id=78, title="Theirs")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "data"), NEWS, ids=[kind for kind, _ in NEWS])
async def test_news_of_a_course_that_is_kept_here_changes_nothing(acme, kept, kind, data):
    before = [await table.select().order_by(table.id) for table in (Course, Section, Lesson)]
    sent = event(kind, data(), 60)
    await deliver(acme, sent)
    assert [await table.select().order_by(table.id) for table in (Course, Section, Lesson)] == before
    told = await verdict(acme, sent)
    assert (told["status"], "kept here" in told["outcome"]) == ("processed", True)


async def test_given_back_it_follows_clickfunnels_again(acme, kept):
    ours = await editing.add_section(await Parts.of(kept), "Ours too")
    await editing.keep_here(kept, False)
    await deliver(acme, event("course.updated", course(90, title="Theirs"), 90))
    assert (await Course.objects().first()).title == "Theirs"
    assert await Section.exists().where(Section.id == ours.id, Section.deleted_at.is_null())


async def test_another_course_is_not_kept_along(acme, kept):
    await deliver(acme, event("course.created", course(id=10, title="Other"), 60))
    assert await Course.exists().where(Course.title == "Other")


async def test_no_event_reaches_what_was_made_here(acme):
    made = await editing.add_course(acme.id, "Wax", "Begin here")
    sent = event("course.updated", course(60, id=made.clickfunnels_id, title="Theirs"), 60)
    await deliver(acme, sent)
    assert (await Course.objects().first()).title == "Wax"
    assert (await verdict(acme, sent))["status"] == "failed"


def bought(minutes=0, **changes):
    line = {"id": 5, "quantity": 1, "original_product": {"id": 900, "name": "Starter kit"},
            "products_variant": {"id": 901}, "products_price": {"id": 902, "amount": "10.00", "currency": "USD"}}  # fmt: skip
    return order(minutes, line_items=[line], **changes)


@pytest.fixture
async def opened(acme):
    made = await editing.add_course(acme.id, "Wax", "Begin here")
    await ProductCourse.replace(acme.id, "900", [made.clickfunnels_id], catch_up=False)
    return made


async def test_a_purchase_opens_what_the_product_opens_once(acme, opened):
    await deliver(acme, event("one-time-order.completed", bought()), event("one-time-order.updated", bought(5), 5))
    (row,) = await Enrollment.objects()
    assert (row.course_clickfunnels_id, row.order_clickfunnels_id) == (opened.clickfunnels_id, str(order()["id"]))


@pytest.mark.parametrize("status", ["draft", "pending", "abandoned"])
async def test_what_was_not_bought_opens_nothing(acme, opened, status):
    await deliver(acme, event("one-time-order.updated", bought(billing_status=status)))
    assert await Enrollment.count() == 0
    await deliver(acme, event("one-time-order.updated", bought(5, billing_status="paid"), 5))
    assert await Enrollment.count() == 1


async def test_the_order_of_arrival_does_not_matter(acme, opened):
    paid, voided = (
        event("one-time-order.completed", bought(0)),
        event("one-time-order.updated", bought(5, billing_status="voided"), 5),
    )
    await deliver(acme, voided, paid)
    assert await Enrollment.count() == 1


async def test_a_product_is_known_from_its_first_order(acme):
    await deliver(acme, event("one-time-order.completed", bought()))
    (row,) = await Product.objects()
    assert (row.clickfunnels_id, row.name) == ("900", "Starter kit")
    await deliver(acme, event("product.updated", {"id": 900, "name": "Starter kit, new", "updated_at": None}, 5))
    assert (await Product.objects().first()).name == "Starter kit, new"


async def test_the_buyer_is_the_one_enrolled(acme, opened):
    await deliver(acme, event("contact.created", contact()), event("one-time-order.completed", bought(), 1))
    (row,) = await Enrollment.objects()
    assert row.customer == (await Customer.objects().first()).id
