"""What a vendor does with the courses that are written here: make, name, order, publish, take away (ADR 17).

Each verb runs in the caller's transaction, which holds the vendor's row (`Vendor.hold`): nobody else moves the same
parts meanwhile. What ClickFunnels keeps is refused by the pages; a verb that is asked all the same says ValueError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import database
from tables.base import local_id
from tables.course import Course, Lesson, LessonFile, Section
from tables.course_parts import DEEPEST, Node, Parts
from tables.product_course import ProductCourse

Row = Course | Section | Lesson


class Circle(ValueError):
    """A section would wait for itself."""


class TooDeep(ValueError):
    """Sections would nest deeper than DEEPEST levels, or one inside itself."""


async def add_course(vendor_id: int, title: str, first_section: str, **values: Any) -> Course:
    """A draft with one section to begin in."""
    course = Course(vendor=vendor_id, clickfunnels_id=local_id(), title=title, **values)
    await course.save()
    await add_section(await Parts.of(course), first_section)
    return course


async def add_section(parts: Parts, title: str, parent: Node | None = None, **values: Any) -> Section:
    """A draft section at the end of its level."""
    only_own(parts.course)
    if parent and parent.depth >= DEEPEST:
        raise TooDeep
    above = parent.section.clickfunnels_id if parent else None
    section = Section(
        vendor=parts.course.vendor, clickfunnels_id=local_id(), course_clickfunnels_id=parts.course.clickfunnels_id,
        parent_clickfunnels_id=above or parts.root, title=title, position=after(parts.children.get(above, [])), **values,
    )  # fmt: skip
    await section.save()
    return section


async def add_lesson(parts: Parts, home: Node, title: str, **values: Any) -> Lesson:
    """A draft lesson at the end of its section."""
    only_own(parts.course)
    lesson = Lesson(
        vendor=parts.course.vendor, clickfunnels_id=local_id(), section_clickfunnels_id=home.section.clickfunnels_id,
        title=title, position=after(home.lessons), **values,
    )  # fmt: skip
    await lesson.save()
    return lesson


async def change(row: Row, **values: Any) -> None:
    """Give a course, section or lesson these values."""
    table: Any = type(row)
    await table.update({table._meta.get_column_by_name(name): value for name, value in values.items()}).where(
        table.vendor == row.vendor, table.id == row.id
    )
    for name, value in values.items():
        setattr(row, name, value)


async def wait_for(parts: Parts, section: Section, other: str | None, lesson: str | None) -> None:
    """Keep a section closed until another section or a lesson is done, by its id; raises Circle."""
    only_own(parts.course)
    if (other or lesson) and not parts.may_wait(section.clickfunnels_id, other, lesson):
        raise Circle
    await change(section, blocker_section_clickfunnels_id=other, blocker_lesson_clickfunnels_id=lesson)


async def put_section(parts: Parts, section: Section, parent: Node | None) -> None:
    """Move a section with all that is in it to the end of another, or of the top; raises TooDeep, Circle."""
    only_own(parts.course)
    key, above = section.clickfunnels_id, parent.section.clickfunnels_id if parent else None
    if parts.above(section) == above:
        return
    if parent and parent not in parts.homes(section):
        raise TooDeep
    if above and parts.circle(key=key, parent=above):
        raise Circle
    end = after(parts.children.get(above, []))
    await change(section, parent_clickfunnels_id=above or parts.root, position=end)
    await settle((await Parts.of(parts.course)).children.get(above, []))


async def put_lesson(parts: Parts, lesson: Lesson, home: Node) -> None:
    """Move a lesson to the end of another section; raises Circle."""
    only_own(parts.course)
    key = home.section.clickfunnels_id
    if lesson.section_clickfunnels_id == key:
        return
    if parts.circle(moved=lesson.clickfunnels_id, home=key):
        raise Circle
    await change(lesson, section_clickfunnels_id=key, position=after(home.lessons))


async def shift(parts: Parts, row: Section | Lesson, step: int) -> None:
    """One place up (-1) or down (1) among its own; at the end of the list nothing happens."""
    only_own(parts.course)
    rows: list[Any] = (
        parts.siblings(row) if isinstance(row, Section) else list(parts.inside[row.section_clickfunnels_id])
    )
    old = next(place for place, one in enumerate(rows) if one.id == row.id)
    new = min(max(old + step, 0), len(rows) - 1)
    rows.insert(new, rows.pop(old))
    await settle(rows)


async def settle(rows: Sequence[Any]) -> None:
    """Positions 0, 1, 2 … in this order."""
    for position, row in enumerate(rows):
        if row.position != position:
            await change(row, position=position)


def after(rows: Sequence[Any]) -> int:
    return max((row.position for row in rows), default=-1) + 1


async def publish(row: Row, at: datetime, drafts: Iterable[Row] = ()) -> None:
    """Show it from a time on, now or later, and with it these drafts; what is live already stays so since when it was."""
    if row.published_at is None or not row.published_at <= at <= database.now():
        await change(row, published_at=at)
    for draft in drafts:
        if draft.published_at is None:
            await change(draft, published_at=at)


async def unpublish(row: Row) -> None:
    """A draft again: customers no longer see it. What they have completed in it stays."""
    await change(row, published_at=None)


def everything(nodes: Iterable[Node]) -> list[Row]:
    """The sections and lessons in these, with all that is inside them."""
    walked = [node for top in nodes for node in top.walk()]
    return [*(node.section for node in walked), *(lesson for node in walked for lesson in node.lessons)]


async def keep_here(course: Course, kept: bool) -> None:
    """Write a ClickFunnels course here from now on, its events left alone; or let ClickFunnels keep it again."""
    await change(course, kept_here_at=database.now() if kept else None)


async def learners(vendor_id: int, lessons: Iterable[Lesson]) -> int:
    """How many people have completed at least one of these lessons."""
    keys = [lesson.clickfunnels_id for lesson in lessons]
    if not keys:
        return 0
    marks = ", ".join(["{}"] * len(keys))
    rows = await database.raw(
        f"SELECT COUNT(DISTINCT customer_id) AS people FROM completions WHERE vendor_id = {{}} "
        f"AND lesson_clickfunnels_id IN ({marks})", vendor_id, *keys,
    )  # fmt: skip
    return rows[0]["people"]


async def remove(parts: Parts, rows: Iterable[Row]) -> list[str]:
    """Take these away; returns the files whose bytes have to go once the transaction is through.

    Completions stay: they hang on the person and the lesson's id, and are part of what a customer may ask for.
    """
    only_own(parts.course)
    gone, now = list(rows), database.now()
    keys = [row.clickfunnels_id for row in gone]
    for row in gone:
        await change(row, deleted_at=now)
    for section in parts.sections.values():
        waits = (section.blocker_section_clickfunnels_id, section.blocker_lesson_clickfunnels_id)
        if any(one in keys for one in waits if one):
            await change(section, blocker_section_clickfunnels_id=None, blocker_lesson_clickfunnels_id=None)
    if parts.course in gone:
        await ProductCourse.forget(parts.course.vendor, parts.course.clickfunnels_id)
    return await LessonFile.remove_all(parts.course.vendor, [row.id for row in gone if isinstance(row, Lesson)])


def only_own(course: Course) -> None:
    if not course.is_own:
        raise ValueError("ClickFunnels keeps this course")
