"""A course as its vendor sees it: every section and lesson in order, drafts too, and what may wait for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import database
from tables.course import Course, Lesson, Section
from tables.outline import number

DEEPEST = 3
"""How deep sections nest that are made here; deeper headings are told apart by nobody (ADR 17)."""


@dataclass
class Node:
    """A section with what is in it."""

    section: Section
    depth: int
    lessons: list[Lesson] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """This section and those inside it, in reading order."""
        yield self
        for inner in self.nodes:
            yield from inner.walk()


class Parts:
    """The sections and lessons of one course."""

    def __init__(self, course: Course, sections: list[Section], lessons: list[Lesson], files: dict[int, int]) -> None:
        self.course, self.files = course, files
        self.root = course.root_section_clickfunnels_id
        self.sections = {section.clickfunnels_id: section for section in sections}
        self.lessons = {lesson.clickfunnels_id: lesson for lesson in lessons}
        self.children: dict[str | None, list[Section]] = {}
        for section in sorted(sections, key=place):
            self.children.setdefault(self.above(section), []).append(section)
        self.inside: dict[str | None, list[Lesson]] = {}
        for lesson in sorted(lessons, key=place):
            self.inside.setdefault(lesson.section_clickfunnels_id, []).append(lesson)
        self.tree = [self.node(section, 1, frozenset()) for section in self.children.get(None, [])]

    @classmethod
    async def of(cls, course: Course) -> Parts:
        """Everything that is in the course; three queries."""
        sections = await Section.objects().where(
            Section.vendor == course.vendor, Section.course_clickfunnels_id == course.clickfunnels_id,
            Section.deleted_at.is_null(),
        )  # fmt: skip
        keys = [section.clickfunnels_id for section in sections]
        lessons = await Lesson.objects().where(
            Lesson.vendor == course.vendor,
            Lesson.section_clickfunnels_id.is_in([*keys, ""]),
            Lesson.deleted_at.is_null(),
        )
        files = await database.raw(
            "SELECT f.lesson_id, COUNT(*) AS files FROM lesson_files f JOIN lessons l ON l.vendor_id = f.vendor_id "
            "AND l.id = f.lesson_id JOIN sections s ON s.vendor_id = l.vendor_id "
            "AND s.clickfunnels_id = l.section_clickfunnels_id "
            "WHERE f.vendor_id = {} AND s.course_clickfunnels_id = {} GROUP BY f.lesson_id",
            course.vendor, course.clickfunnels_id,
        )  # fmt: skip
        return cls(course, sections, lessons, {row["lesson_id"]: row["files"] for row in files})

    def above(self, section: Section) -> str | None:
        """The section one is in; None at the top. ClickFunnels' root section holds the top and is not seen itself."""
        parent = section.parent_clickfunnels_id
        if parent not in self.sections or parent in (self.root, section.clickfunnels_id):
            return None
        return parent

    def node(self, section: Section, depth: int, seen: frozenset[str]) -> Node:
        key = section.clickfunnels_id
        inner = [child for child in self.children.get(key, []) if child.clickfunnels_id not in seen | {key}]
        return Node(
            section, depth, self.inside.get(key, []), [self.node(child, depth + 1, seen | {key}) for child in inner]
        )

    @property
    def nodes(self) -> list[Node]:
        """Every section in reading order; an empty root section is nobody's."""
        every = [node for top in self.tree for node in top.walk()]
        return [node for node in every if node.section.clickfunnels_id != self.root or node.lessons]

    def find(self, public_id: str) -> Node | None:
        return next((node for node in self.nodes if node.section.public_id == public_id), None)

    def lesson(self, public_id: str) -> tuple[Node, Lesson] | None:
        """A lesson of the course with the section it is in."""
        for node in self.nodes:
            for lesson in node.lessons:
                if lesson.public_id == public_id:
                    return node, lesson
        return None

    def siblings(self, section: Section) -> list[Section]:
        """The sections on the same level, in order, itself among them; the root section has no place among them."""
        return [one for one in self.children.get(self.above(section), []) if one.clickfunnels_id != self.root]

    def beneath(self, key: str) -> set[str]:
        """A section and every section inside it, by their ids."""
        found, to_do = {key}, [key]
        while to_do:
            for child in self.children.get(to_do.pop(), []):
                if child.clickfunnels_id not in found:
                    found.add(child.clickfunnels_id)
                    to_do.append(child.clickfunnels_id)
        return found

    def height(self, key: str) -> int:
        """How many levels a section fills, 1 for one with none inside it."""
        node = next((one for top in self.tree for one in top.walk() if one.section.clickfunnels_id == key), None)
        return max(one.depth for one in node.walk()) - node.depth + 1 if node else 1

    def homes(self, section: Section | None = None) -> list[Node]:
        """The sections that another may be put into, for one at hand or a new one: deep enough, and not itself."""
        height = self.height(section.clickfunnels_id) if section else 1
        own = self.beneath(section.clickfunnels_id) if section else set()
        return [
            node for node in self.nodes
            if node.depth + height <= DEEPEST and node.section.clickfunnels_id not in own | {self.root}
        ]  # fmt: skip

    def circle(self, **changes: Any) -> bool:
        """Whether a section would wait for itself after a move (see `Waiting`)."""
        waiting = Waiting(self, **changes)
        return any(waiting.waits_for_itself(key) for key in self.sections)

    def may_wait(self, key: str, section: str | None = None, lesson: str | None = None) -> bool:
        """Whether a section may wait for another or for a lesson: both are in the course, and no circle comes of it."""
        if (section and section not in self.sections) or (lesson and lesson not in self.lessons):
            return False
        return not Waiting(self, key, section, lesson).waits_for_itself(key)

    def blockers(self, section: Section) -> tuple[list[Node], list[tuple[Node, Lesson]]]:
        """The sections and lessons that one may wait for."""
        key = section.clickfunnels_id
        sections = [node for node in self.nodes if self.may_wait(key, node.section.clickfunnels_id)]
        # Of a section's lessons either all will do, or none.
        homes = [node for node in self.nodes
                 if node.lessons and self.may_wait(key, lesson=node.lessons[0].clickfunnels_id)]  # fmt: skip
        return sections, [(node, lesson) for node in homes for lesson in node.lessons]


class Waiting:
    """Who waits for whom, as it is or as it would be after a change.

    A section opens after the one it is in, and after the section (with all inside it) or the lesson it waits for. The
    change: section `key` waits for `section` or `lesson`, or is put into `parent`; or lesson `moved` goes to `home`.
    """

    def __init__(self, parts: Parts, key: str = "", section: str | None = None, lesson: str | None = None,
                 parent: str | None = None, moved: str = "", home: str = "") -> None:  # fmt: skip
        self.parents = {own: parts.above(row) for own, row in parts.sections.items()}
        self.homes = {own: row.section_clickfunnels_id for own, row in parts.lessons.items()}
        self.blocked = {
            own: (row.blocker_section_clickfunnels_id, row.blocker_lesson_clickfunnels_id)
            for own, row in parts.sections.items()
        }
        if parent is not None:
            self.parents[key] = parent
        if section or lesson:
            self.blocked[key] = (section, lesson)
        if moved:
            self.homes[moved] = home
        self.children: dict[str | None, list[str]] = {}
        for own, above in self.parents.items():
            self.children.setdefault(above, []).append(own)

    def needs(self, key: str) -> set[str]:
        """The sections that have to be open before this one can be."""
        section, lesson = self.blocked.get(key, (None, None))
        needed = {self.parents.get(key), self.homes.get(lesson or "")}
        return {one for one in needed if one} | (self.all_of(section) if section in self.parents else set())

    def all_of(self, key: str | None) -> set[str]:
        found: set[str] = set()
        to_do = [key]
        while to_do:
            one = to_do.pop()
            if one is not None and one not in found:
                found.add(one)
                to_do += self.children.get(one, [])
        return found

    def waits_for_itself(self, key: str) -> bool:
        found: set[str] = set()
        to_do = [*self.needs(key)]
        while to_do:
            one = to_do.pop()
            if one == key:
                return True
            if one not in found:
                found.add(one)
                to_do += self.needs(one)
        return False


def place(row: Section | Lesson) -> tuple[int, tuple[int, str]]:
    return row.position, number(row.clickfunnels_id)


def rehearsal(parts: Parts, now: datetime) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The course as somebody would have it who is enrolled this very moment, with drafts as if they were published.

    An enrollment and the rows of its outline, for `outline.Builder`; nobody is enrolled.
    """
    course = parts.course
    enrollment = {
        "id": 0, "public_id": course.public_id, "course_clickfunnels_id": course.clickfunnels_id, "suspended": False,
        "root_section_clickfunnels_id": parts.root, "suspension_reason": None, "service_status": None,
        "billing_status": None, "paid_until": None, "order_number": "", "published_at": now, "enrolled_at": now,
        "title": course.title, "upgrade_url": course.upgrade_url,
    }  # fmt: skip
    rows = []
    for section in parts.sections.values():
        facts = {
            "section": section.clickfunnels_id, "parent": section.parent_clickfunnels_id, "course": course.clickfunnels_id,
            "section_title": section.title, "description": section.description, "section_position": section.position,
            "days_till_drip_access": section.days_till_drip_access, "upgrade_url": section.upgrade_url,
            "blocker_section": section.blocker_section_clickfunnels_id, "hidden_from_non_members": False,
            "blocker_lesson": section.blocker_lesson_clickfunnels_id, "completed_at": None,
            "section_published_at": section.published_at or now,
        }  # fmt: skip
        inside = parts.inside.get(section.clickfunnels_id, [])
        rows += [facts | lesson_facts(lesson, now) for lesson in inside] or [facts | dict.fromkeys(LESSON_FACTS)]
    return enrollment, rows


LESSON_FACTS = ("lesson", "public_id", "title", "position", "published_at")


def lesson_facts(lesson: Lesson, now: datetime) -> dict[str, Any]:
    values = (lesson.clickfunnels_id, lesson.public_id, lesson.title, lesson.position, lesson.published_at or now)
    return dict(zip(LESSON_FACTS, values, strict=True))
