"""How the console's pages get at a vendor's courses: loaded for reading, or held while something changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import database
from tables.audit_entry import AuditEntry
from tables.course import Course, Lesson, LessonFile, Section
from tables.course_parts import Node, Parts
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.console.content_words import ContentWords
from web.console import desk, member_of, vendor_of
from web.errors import Refused

T = TypeVar("T")

FILE_BYTES = 200_000_000
"""The largest file of a lesson."""
PICTURE_BYTES = 8_000_000


async def course_of(request: Any, course: str) -> Course:
    """The vendor's course in the address; 404 for anybody else's."""
    row = await Course.by_public_id(vendor_of(request).id, course)
    if row is None:
        raise Refused(404)
    return row


async def parts_of(request: Any, course: str) -> Parts:
    return await Parts.of(await course_of(request, course))


async def own_parts_of(request: Any, course: str) -> Parts:
    """A course that is written here; 403 for one that ClickFunnels keeps, whose pages offer no such form."""
    parts = await parts_of(request, course)
    if not parts.course.is_own:
        raise Refused(403)
    return parts


def section_in(parts: Parts, section: str) -> Node:
    found = parts.find(section)
    if found is None:
        raise Refused(404)
    return found


def lesson_in(parts: Parts, lesson: str) -> tuple[Node, Lesson]:
    found = parts.lesson(lesson)
    if found is None:
        raise Refused(404)
    return found


async def change(request: Any, course: str, action: str, work: Callable[[Parts], Awaitable[T]], /, *, subject: str = "",
                 own: bool = True, **detail: Any) -> T:  # fmt: skip
    """Do something to a course, and write it into the log, in one transaction that holds the vendor."""
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def whole() -> T:
        await Vendor.hold(vendor_id)
        parts = await (own_parts_of if own else parts_of)(request, course)
        result = await work(parts)
        await AuditEntry.record(vendor_id, member, action, subject or parts.course.title, **detail)
        return result

    return await database.transaction(whole)


def at(request: Any, course: str, rest: str = "") -> str:
    """A page of a course, for `redirect`."""
    return desk(request, f"/courses/{course}{rest}")


def part_of(request: Any, course: str, row: Section | Lesson) -> dict[str, Any]:
    """A section's or lesson's state, and the way to publish it for those who may."""
    words = ContentWords(vendor_of(request).zone, database.now())
    href = f"{course}/parts/{row.public_id}" if member_of(request).may(ADMIN) else None
    return {"status": words.state(row), "href": href}


def unlink(vendor_id: int, names: list[str]) -> None:
    """Delete the bytes of files whose rows are gone."""
    for name in names:
        path: Path = LessonFile.path_of(vendor_id, name)
        path.unlink(missing_ok=True)
