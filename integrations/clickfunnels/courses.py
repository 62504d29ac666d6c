"""Courses with their sections and lessons, and who is enrolled in them."""

from __future__ import annotations

from typing import Any

from integrations.clickfunnels import welcomes
from integrations.clickfunnels.contacts import customer_of
from integrations.clickfunnels.envelope import Event
from integrations.clickfunnels.records import Parked, bury, bury_known, known, record, told
from integrations.clickfunnels.values import Values, collect, identity, part
from tables.course import Course, Lesson, Section
from tables.enrollment import Enrollment
from tables.picture import Picture
from tables.webhook_event import WebhookEvent
from theming.markdown import remote_pictures

COURSE_COLUMNS = {
    "title": Course.title, "description": Course.description, "image_url": Course.picture_url,
    "root_section_id": Course.root_section_clickfunnels_id, "show_in_community": Course.show_in_center,
    "upgrade_url": Course.upgrade_url, "published_at": Course.published_at,
}  # fmt: skip
SECTION_COLUMNS = {
    "course_id": Section.course_clickfunnels_id, "parent_id": Section.parent_clickfunnels_id, "title": Section.title,
    "description": Section.description, "sort_order": Section.position,
    "days_till_drip_access": Section.days_till_drip_access,
    "blocker_section_id": Section.blocker_section_clickfunnels_id,
    "blocker_lesson_id": Section.blocker_lesson_clickfunnels_id,
    "is_hidden_from_non_members": Section.hidden_from_non_members, "upgrade_url": Section.upgrade_url,
    "published_at": Section.published_at,
}  # fmt: skip
LESSON_COLUMNS = {
    "section_id": Lesson.section_clickfunnels_id, "title": Lesson.title, "body": Lesson.body,
    "sort_order": Lesson.position, "published_at": Lesson.published_at,
}  # fmt: skip
LONGEST_ADDRESS = 1000
# Its `current_path` opens the course to whoever has it, so it is written down nowhere.
ENROLLMENT_COLUMNS = {
    "course_id": Enrollment.course_clickfunnels_id, "suspended": Enrollment.suspended,
    "suspension_reason": Enrollment.suspension_reason, "created_at": Enrollment.enrolled_at,
}  # fmt: skip


KEPT_HERE = "kept here; nothing was changed"
"""What an event says that came for a course the vendor writes here now. It can be replayed if they change their mind."""


async def update_course(event: Event) -> str:
    if await is_kept_here(event, event.subject):
        return f"course {event.subject} is {KEPT_HERE}"
    course, newest = await record(event, Course, collect(event.data, COURSE_COLUMNS), event.data)
    if newest:
        await want_pictures(event.vendor_id, course.picture_url, course.description)
    return told(f"course {event.subject}", newest)


async def remove_course(event: Event) -> str:
    if await is_kept_here(event, event.subject):
        return f"course {event.subject} is {KEPT_HERE}"
    return f"course {event.subject} {await bury(event, Course)}"


async def update_section(event: Event) -> str:
    if await section_is_kept_here(event):
        return f"section {event.subject} is in a course that is {KEPT_HERE}"
    _, newest = await record(event, Section, collect(event.data, SECTION_COLUMNS), event.data)
    return told(f"section {event.subject}", newest)


async def remove_section(event: Event) -> str:
    if await section_is_kept_here(event):
        return f"section {event.subject} is in a course that is {KEPT_HERE}"
    return f"section {event.subject} {await bury(event, Section)}"


async def update_lesson(event: Event) -> str:
    if await lesson_is_kept_here(event):
        return f"lesson {event.subject} is in a course that is {KEPT_HERE}"
    lesson, newest = await record(event, Lesson, collect(event.data, LESSON_COLUMNS), event.data)
    if newest:
        await want_pictures(event.vendor_id, None, lesson.body)
    return told(f"lesson {event.subject}", newest)


async def remove_lesson(event: Event) -> str:
    if await lesson_is_kept_here(event):
        return f"lesson {event.subject} is in a course that is {KEPT_HERE}"
    return f"lesson {event.subject} {await bury(event, Lesson)}"


async def is_kept_here(event: Event, course: str | None) -> bool:
    """Whether the vendor writes the course here (ADR 17)."""
    row = await known(event, Course, course) if course else None
    return row is not None and row.kept_here_at is not None


async def section_is_kept_here(event: Event) -> bool:
    """By where the section is, and by where it is said to go."""
    row = await known(event, Section, event.subject)
    told_of = event.data.get("course_id")
    return (row is not None and await is_kept_here(event, row.course_clickfunnels_id)) or (
        told_of is not None and await is_kept_here(event, identity(told_of, "course_id"))
    )


async def lesson_is_kept_here(event: Event) -> bool:
    row = await known(event, Lesson, event.subject)
    told_of = event.data.get("section_id")
    keys = {row.section_clickfunnels_id if row else None, identity(told_of, "section_id") if told_of else None}
    sections = [await known(event, Section, key) for key in keys if key]
    return any([await is_kept_here(event, section.course_clickfunnels_id) for section in sections if section])


async def want_pictures(vendor_id: int, picture: str | None, text: str) -> None:
    """Ask for every picture that a page shows from elsewhere."""
    for url in [*([picture] if picture else []), *remote_pictures(text)]:
        if len(url) <= LONGEST_ADDRESS:
            await Picture.want(vendor_id, url)


async def update_enrollment(event: Event) -> str:
    """courses/enrollment.created, updated, suspended."""
    enrollment, newest = await enroll(event)
    return told(f"enrollment {enrollment.clickfunnels_id}", newest)


async def complete_course(event: Event) -> str:
    """courses/enrollment.course_completed. The first completion counts, whatever came first."""
    enrollment, _ = await enroll(event)
    done_at = enrollment.course_completed_at
    if done_at is None or event.happened_at < done_at:
        await Enrollment.update({Enrollment.course_completed_at: event.happened_at}).where(
            Enrollment.vendor == event.vendor_id, Enrollment.id == enrollment.id
        )
    return f"enrollment {event.subject}: course completed"


async def remove_enrollment(event: Event) -> str:
    return f"enrollment {event.subject} {await bury_known(event, Enrollment, 'enrollment')}"


async def enroll(event: Event) -> tuple[Enrollment, bool]:
    """Write down an enrollment; its course may come later, its customer has to be known."""
    data = event.data
    before = await known(event, Enrollment, event.subject)
    customer = await student(event, data, before)
    values = {**enrollment_values(event, data, before), Enrollment.customer: customer}
    enrollment, newest = await record(event, Enrollment, values, data)
    if not values.get(Enrollment.suspended):
        course = await known(event, Course, enrollment.course_clickfunnels_id)
        await welcomes.send_once(event, customer, [course.title] if course else [], enrollment.enrolled_at)
    await WebhookEvent.wake(event.vendor_id, f"enrollment:{event.subject}")
    return enrollment, newest


async def student(event: Event, data: dict[str, Any], before: Enrollment | None) -> int:
    """Whose enrollment it is; raises Parked while nobody knows."""
    if part(data, "contact").get("id") is not None or data.get("contact_id") is not None:
        return await customer_of(event, data)
    if before is None:
        raise Parked(f"enrollment:{event.subject}")
    return before.customer


def enrollment_values(event: Event, data: dict[str, Any], before: Enrollment | None) -> Values:
    values = collect(data, ENROLLMENT_COLUMNS)
    if before is None:
        # An enrollment without a course says nothing: better refused aloud than kept.
        values[Enrollment.course_clickfunnels_id] = identity(data.get("course_id"), "course_id")
    if values.get(Enrollment.enrolled_at) is None:
        values[Enrollment.enrolled_at] = before.enrolled_at if before else event.happened_at
    if "order" in str(data.get("origination_source_type") or "").lower():
        values[Enrollment.order_clickfunnels_id] = identity(data.get("origination_source_id"), "origination_source_id")
    return values
