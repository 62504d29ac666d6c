import pytest

from tables import Course, Customer, Enrollment, Lesson, Picture, Section
from tests.integrations.clickfunnels.payloads import (
    SECRET_PATH,
    at,
    contact,
    course,
    deliver,
    enrollment,
    event,
    lesson,
    order,
    section,
    verdict,
)


async def test_an_outline_in_any_order(acme):
    await deliver(acme, event("courses/lesson.created", lesson()), event("courses/section.created", section()))
    await deliver(acme, event("courses/section.created", section(id=20, parent_id=None, title="Root")))
    await deliver(acme, event("course.published", course()))
    row = await Course.objects().first()
    assert (row.title, row.root_section_clickfunnels_id, row.show_in_center) == ("Keeping Bees", "20", True)
    part = await Section.objects().get(Section.clickfunnels_id == "21")
    assert (part.course_clickfunnels_id, part.parent_clickfunnels_id, part.days_till_drip_access) == ("9", "20", 5)
    assert part.hidden_from_non_members
    text = await Lesson.objects().first()
    assert (text.section_clickfunnels_id, text.body) == ("21", lesson()["body"])


async def test_its_pictures_are_asked_for(acme):
    await deliver(acme, event("course.created", course(description="![x](https://pictures.example/bee.png)")))
    await deliver(acme, event("courses/lesson.created", lesson()), event("courses/lesson.updated", lesson(2), 2))
    assert {picture.source_url for picture in await Picture.objects()} == {
        "https://example.myclickfunnels.com/uploads/image/1.png", "https://pictures.example/bee.png",
        "https://pictures.example/hive.png",
    }  # fmt: skip


async def test_a_picture_with_too_long_an_address_is_not(acme):
    long = "https://pictures.example/" + "x" * 1000
    await deliver(acme, event("course.created", course(image_url=long, description=f"![x]({long})")))
    assert not await Picture.exists()
    assert (await Course.objects().first()).picture_url is None


@pytest.mark.parametrize(("topic", "data", "table"), [
    ("course", course, Course), ("courses/section", section, Section), ("courses/lesson", lesson, Lesson),
])  # fmt: skip
async def test_deleted_ones_are_marked(acme, topic, data, table):
    await deliver(acme, event(f"{topic}.created", data(1), 1), event(f"{topic}.deleted", {"id": data()["id"]}, 5))
    assert (await table.objects().first()).deleted_at is not None


async def test_an_enrollment(acme):
    await deliver(acme, event("courses/enrollment.created", enrollment()))
    row = await Enrollment.objects().first()
    assert (row.course_clickfunnels_id, row.order_clickfunnels_id, row.suspended) == ("9", "123", False)
    assert row.enrolled_at.isoformat() == "2026-01-01T10:04:00+00:00"
    assert row.customer == (await Customer.objects().first()).id
    assert SECRET_PATH not in str(await Enrollment.select())


async def test_one_that_came_from_elsewhere_has_no_order(acme):
    await deliver(acme, event("courses/enrollment.created", enrollment(origination_source_type="Membership")))
    assert (await Enrollment.objects().first()).order_clickfunnels_id is None


async def test_suspension_and_its_end(acme):
    held = enrollment(5, suspended=True, suspension_reason="owes")
    await deliver(acme, event("courses/enrollment.suspended", held, 5))
    row = await Enrollment.objects().first()
    assert (row.suspended, row.suspension_reason) == (True, "owes")
    await deliver(acme, event("courses/enrollment.updated", enrollment(6), 6))
    row = await Enrollment.objects().first()
    assert (row.suspended, row.suspension_reason) == (False, None)


async def test_the_first_completion_counts_and_later_news_keeps_it(acme):
    await deliver(acme, event("courses/enrollment.updated", enrollment(9), 9))
    await deliver(acme, event("courses/enrollment.course_completed", enrollment(8), 8))
    await deliver(acme, event("courses/enrollment.course_completed", enrollment(7), 7))
    await deliver(acme, event("courses/enrollment.course_completed", enrollment(10), 10))
    assert (await Enrollment.objects().first()).course_completed_at.isoformat() == "2026-01-01T10:07:00+00:00"


async def test_one_with_an_unknown_contact_waits(acme):
    older = enrollment()
    del older["contact"]
    sent = event("courses/enrollment.created", older)
    await deliver(acme, sent)
    assert (await verdict(acme, sent))["waiting_for"] == "contact:45"
    await deliver(acme, event("order.completed", order(contact=contact())))
    assert await Enrollment.count() == 1


async def test_one_without_a_course_fails_aloud(acme):
    sent = event("courses/enrollment.created", enrollment(course_id=None))
    await deliver(acme, sent)
    assert (await verdict(acme, sent))["error"] == "ValueError: course_id: no id"


async def test_a_short_one_changes_what_it_names(acme):
    await deliver(acme, event("courses/enrollment.created", enrollment(1), 1))
    await deliver(acme, event("courses/enrollment.updated", {"id": 77, "suspended": True, "updated_at": at(2)}, 2))
    row = await Enrollment.objects().first()
    assert (row.suspended, row.course_clickfunnels_id) == (True, "9")
    unknown = event("courses/enrollment.updated", {"id": 78, "suspended": True}, 2)
    await deliver(acme, unknown)
    assert (await verdict(acme, unknown))["waiting_for"] == "enrollment:78"
