"""A course as one customer sees it: what is open, what is done, and why and until when the rest is locked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from tables.enrollment import enrollments_below, enrollments_of, outlines_between, outlines_of
from tables.order import ENDED, HELD, OVERDUE

LAST = 10**9


class Lock(NamedTuple):
    """Why something cannot be opened, and until when if that is known.

    `reason` is one of: suspended, paused, overdue, pending, ended, refunded, unpublished, being_set_up (the whole course), or
    scheduled, drip, after_lesson, after_section (a part). `subject` names the lesson, section or the vendor's reason.
    """

    reason: str
    until: datetime | None = None
    subject: str = ""
    lesson: str | None = None
    subscription: str | None = None
    """The subscription whose state locks it, by the id in its address."""


class Access(NamedTuple):
    """Whether a customer may open a course, and how long a cancelled subscription still carries them."""

    lock: Lock | None
    ends_at: datetime | None = None
    ending: bool = False


@dataclass
class LessonView:
    clickfunnels_id: str
    public_id: str
    title: str
    done_at: datetime | None
    lock: Lock | None = None
    counted: bool = True


@dataclass
class SectionView:
    clickfunnels_id: str
    title: str
    description: str
    upgrade_url: str | None
    lock: Lock | None = None
    lessons: list[LessonView] = field(default_factory=list)
    sections: list[SectionView] = field(default_factory=list)

    def walk(self) -> Iterator[LessonView]:
        yield from self.lessons
        for section in self.sections:
            yield from section.walk()


@dataclass
class Outline:
    sections: list[SectionView]

    @property
    def lessons(self) -> list[LessonView]:
        """Every lesson in reading order."""
        return [lesson for section in self.sections for lesson in section.walk()]

    @property
    def done(self) -> int:
        return sum(1 for lesson in self.lessons if lesson.counted and lesson.done_at)

    @property
    def total(self) -> int:
        return sum(1 for lesson in self.lessons if lesson.counted)

    @property
    def carry_on(self) -> LessonView | None:
        """The open lesson after the one completed last, else the first that is still to do."""
        lessons = self.lessons
        done = [place for place, lesson in enumerate(lessons) if lesson.done_at]
        latest = max(done, key=lambda place: (lessons[place].done_at, place), default=-1)
        to_do = [place for place, lesson in enumerate(lessons) if not lesson.done_at and not lesson.lock]
        return lessons[next((place for place in to_do if place > latest), to_do[0])] if to_do else None

    def around(self, public_id: str) -> tuple[LessonView | None, LessonView, LessonView | None] | None:
        """A lesson with its neighbours; None when the outline does not show it."""
        lessons = [None, *self.lessons, None]
        for before, lesson, after in zip(lessons, lessons[1:], lessons[2:], strict=False):
            if lesson is not None and lesson.public_id == public_id:
                return before, lesson, after
        return None


def access_of(row: Any, now: datetime) -> Access:
    """What the enrollment and the order behind it allow (ClickFunnels docs, orders: access follows the service).

    A cancelled subscription stays open until what was paid for ends; a full refund ends access.
    """
    service = (row["service_status"] or "").replace("-", "_")
    if row["public_id"] is None:
        return Access(Lock("being_set_up"))
    if row["suspended"]:
        return Access(Lock("suspended", subject=row["suspension_reason"] or ""))
    if row["billing_status"] == "refunded":
        return Access(Lock("refunded", subject=row["order_number"]))
    if service in HELD:
        return Access(held(row, service))
    if service in ENDED:
        return Access(Lock("ended", until=None, subject=row["order_number"]))
    if service == "pending":
        return Access(Lock("pending", subject=row["order_number"]))
    ends_at = row["paid_until"] if service == "canceled" else None
    if ends_at and ends_at <= now:
        return Access(Lock("ended", subject=row["order_number"]))
    if row["published_at"] is None or row["published_at"] > now:
        return Access(Lock("unpublished", until=row["published_at"]))
    return Access(None, ends_at=ends_at, ending=service == "canceled")


def held(row: Any, service: str) -> Lock:
    """The lock of a subscription that stands still: its pause, a payment that is overdue, or the vendor's own reasons."""
    subscription = row.get("subscription")
    if service == "paused":
        return Lock("paused", until=row.get("resumes_at"), subscription=subscription)
    if row["billing_status"] in OVERDUE:
        return Lock("overdue", subject=row["order_number"], subscription=subscription)
    return Lock("suspended", subject="")


class Builder:
    """Builds the outline of one enrollment from its joined rows (`enrollment.OUTLINE`)."""

    def __init__(self, enrollment: Any, rows: Iterable[Any], access: Access, now: datetime) -> None:
        self.enrollment, self.access, self.now = enrollment, access, now
        # Somebody enrolled twice in a course gets each of its lessons twice.
        self.rows = list({
            (row["section"], row["lesson"]): row for row in rows if row["course"] == enrollment["course_clickfunnels_id"]
        }.values())  # fmt: skip
        self.facts = {row["section"]: row for row in self.rows}
        self.root = enrollment["root_section_clickfunnels_id"]
        self.seen: set[str] = set()

    def build(self) -> Outline:
        top = [key for key, row in self.facts.items() if row["parent"] not in self.facts or row["parent"] == key]
        if self.root in top:
            # The root holds the top and is not seen itself, unless it has lessons of its own.
            top.remove(self.root)
            top += [key for key, row in self.facts.items() if row["parent"] == self.root and key != self.root]
            top += [self.root] if self.own_lessons(self.root) else []
            self.seen.add(self.root) if self.root not in top else None
        outline = Outline([view for key in self.ordered(top) if (view := self.section(key, None))])
        Blocks(outline, self.facts).apply()
        return outline

    def ordered(self, keys: Iterable[str]) -> list[str]:
        return sorted(keys, key=lambda key: (self.facts[key]["section_position"], key != self.root, number(key)))

    def own_lessons(self, key: str) -> list[Any]:
        """A section's lessons that exist for its customers: drafts are not even mentioned."""
        # Somebody who bought a course twice has each of its rows twice.
        lessons = {
            row["lesson"]: row for row in self.rows if row["section"] == key and row["lesson"] and row["published_at"]
        }
        return sorted(lessons.values(), key=lambda row: (row["position"], number(row["lesson"])))

    def section(self, key: str, above: Lock | None) -> SectionView | None:
        row = self.facts[key]
        if key in self.seen or self.is_hidden(key, row):
            return None
        self.seen.add(key)
        lock = above or self.lock_of(key, row)
        view = SectionView(key, row["section_title"], row["description"], row["upgrade_url"], lock)
        view.lessons = [self.lesson(lesson, lock) for lesson in self.own_lessons(key)]
        children = [child for child, facts in self.facts.items() if facts["parent"] == key and key != self.root]
        view.sections = [child for name in self.ordered(children) if (child := self.section(name, lock))]
        return view

    def is_hidden(self, key: str, row: Any) -> bool:
        """Drafts, and what the vendor hides from people without access."""
        draft = row["section_published_at"] is None and key != self.root
        return draft or bool(row["hidden_from_non_members"] and self.access.lock)

    def lock_of(self, key: str, row: Any) -> Lock | None:
        if self.access.lock:
            return self.access.lock
        if key != self.root and row["section_published_at"] > self.now:
            return Lock("scheduled", until=row["section_published_at"])
        if row["days_till_drip_access"] and self.enrollment["enrolled_at"]:
            opens_at = self.enrollment["enrolled_at"] + timedelta(days=row["days_till_drip_access"])
            if opens_at > self.now:
                return Lock("drip", until=opens_at)
        return None

    def lesson(self, row: Any, lock: Lock | None) -> LessonView:
        early = row["published_at"] > self.now
        own = Lock("scheduled", until=row["published_at"]) if early else None
        return LessonView(row["lesson"], row["public_id"], row["title"], row["completed_at"], lock or own, not early)


class Blocks:
    """Locks sections until another section or lesson is done."""

    def __init__(self, outline: Outline, facts: dict[str, Any]) -> None:
        self.outline, self.facts = outline, facts
        self.lessons = {lesson.clickfunnels_id: lesson for lesson in outline.lessons}
        self.sections = {view.clickfunnels_id: view for view in self.every(outline.sections)}

    def every(self, sections: list[SectionView]) -> Iterator[SectionView]:
        for section in sections:
            yield section
            yield from self.every(section.sections)

    def apply(self) -> None:
        for view in self.sections.values():
            if view.lock is None and (lock := self.blocked(self.facts[view.clickfunnels_id])):
                self.lock(view, lock)

    def blocked(self, row: Any) -> Lock | None:
        lesson = self.lessons.get(row["blocker_lesson"])
        if lesson and not lesson.done_at:
            return Lock("after_lesson", subject=lesson.title, lesson=None if lesson.lock else lesson.public_id)
        section = self.sections.get(row["blocker_section"])
        to_do = [lesson for lesson in section.walk() if lesson.counted and not lesson.done_at] if section else []
        if section and to_do:
            return Lock("after_section", subject=section.title, lesson=None if to_do[0].lock else to_do[0].public_id)
        return None

    def lock(self, view: SectionView, lock: Lock) -> None:
        view.lock = view.lock or lock
        for lesson in view.lessons:
            lesson.lock = lesson.lock or lock
        for section in view.sections:
            self.lock(section, lock)


def number(clickfunnels_id: str) -> tuple[int, str]:
    """ClickFunnels ids in the order they were made."""
    return (int(clickfunnels_id), "") if clickfunnels_id.isdigit() else (LAST, clickfunnels_id)


async def courses_of(vendor_id: int, customer_id: int, now: datetime) -> list[tuple[Any, Access, Outline]]:
    """Every course a customer is enrolled in: its row, what the customer may do, and its outline; two queries in all."""
    rows = one_for_each_course(await enrollments_of(vendor=vendor_id, customer=customer_id), now)
    return outlined(rows, await outlines_of(vendor=vendor_id, customer=customer_id) if rows else [], now)


async def courses_below(
    vendor_id: int, customer_id: int, below: int, now: datetime
) -> list[tuple[Any, Access, Outline]]:
    """The same, a short page and one more, of the enrollments below an id."""
    rows = await enrollments_below(vendor=vendor_id, customer=customer_id, below=below)
    if not rows:
        return []
    ends = {"first": rows[-1]["id"], "last": rows[0]["id"]}
    return outlined(rows, await outlines_between(vendor=vendor_id, customer=customer_id, **ends), now)


def outlined(rows: Sequence[Any], parts: Sequence[Any], now: datetime) -> list[tuple[Any, Access, Outline]]:
    """Each enrollment with its access and its outline, made from the parts of all of them."""
    found = []
    for row in rows:
        access = access_of(row, now)
        found.append((row, access, Builder(row, parts, access, now).build()))
    return found


def one_for_each_course(rows: Iterable[Any], now: datetime) -> list[Any]:
    """Of several enrollments in one course the first that opens it, or else the first."""
    kept: dict[str, Any] = {}
    for row in rows:
        before = kept.setdefault(row["course_clickfunnels_id"], row)
        if access_of(before, now).lock and not access_of(row, now).lock:
            kept[row["course_clickfunnels_id"]] = row
    return list(kept.values())
