"""Courses and who is in them, in the words of the console."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tables.course import Course, Lesson, Section
from tables.course_parts import Node, Parts
from tables.names import full_name
from tables.outline import access_of
from theming.formats import day, minute
from theming.words import _, _n

Words = dict[str, Any]


class ContentWords:
    """Words for one vendor, at one time."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now

    def minute(self, at: datetime | None) -> str:
        when = minute(at, self.zone, "en")
        return when.text if when else ""

    def state(self, row: Course | Section | Lesson) -> Words:
        """The chip: draft, scheduled or live."""
        if row.published_at is None:
            return {"label": _("Draft"), "tone": "warn"}
        if row.published_at > self.now:
            return {"label": _("Opens %(time)s", time=self.minute(row.published_at)), "tone": "info"}
        return {"label": _("Live"), "tone": "good"}

    def section_chips(self, parts: Parts, section: Section) -> list[Words]:
        """The section's state, and everything that keeps it from somebody."""
        chips = [] if section.clickfunnels_id == parts.root else [self.state(section)]
        if section.hidden_from_non_members:
            chips.append({"label": _("Hidden without access"), "tone": "info"})
        if section.days_till_drip_access:
            label = _n("After %(num)s day", "After %(num)s days", section.days_till_drip_access)
            chips.append({"label": label, "tone": "info"})
        if behind := self.behind(parts, section):
            chips.append({"label": _("Locked behind %(title)s", title=behind), "tone": "info"})
        return chips

    def lesson_chips(self, parts: Parts, section: Section, lesson: Lesson) -> list[Words]:
        """The lesson's state; one that is live in a section that is not says what it waits for."""
        chips = [self.state(lesson)]
        if lesson.published_at and section.published_at is None and section.clickfunnels_id != parts.root:
            chips.append({"label": _("Not seen while its section is a draft"), "tone": "warn"})
        return chips

    def behind(self, parts: Parts, section: Section) -> str:
        other = parts.sections.get(section.blocker_section_clickfunnels_id or "")
        lesson = parts.lessons.get(section.blocker_lesson_clickfunnels_id or "")
        found = lesson or other
        return _("“%(title)s”", title=found.title) if found else ""

    def course_note(self, course: Course) -> str:
        if course.kept_here_at:
            return _("Came from ClickFunnels, kept here")
        return "" if course.is_own else _("Kept by ClickFunnels")

    def outline(self, parts: Parts, href: Any) -> list[Words]:
        """Sections and lessons with their addresses; `href(kind, public_id)` makes one."""
        return [self.node(parts, node, href) for node in parts.nodes]

    def node(self, parts: Parts, node: Node, href: Any) -> Words:
        section, siblings = node.section, parts.siblings(node.section)
        return {
            "id": section.public_id, "title": section.title, "depth": node.depth,
            "is_root": section.clickfunnels_id == parts.root,
            "chips": self.section_chips(parts, section), "href": href("sections", section.public_id),
            "place": href("parts", section.public_id), "first": section in siblings[:1], "last": section in siblings[-1:],
            "lessons": [
                {"id": lesson.public_id, "title": lesson.title, "chips": self.lesson_chips(parts, node.section, lesson),
                 "href": href("lessons", lesson.public_id), "place": href("parts", lesson.public_id),
                 "first": place == 0, "last": place == len(node.lessons) - 1, "note": self.holds(lesson, parts)}
                for place, lesson in enumerate(node.lessons)
            ],
        }  # fmt: skip

    def holds(self, lesson: Lesson, parts: Parts) -> str:
        """What is in a lesson, in a few words."""
        files = parts.files.get(lesson.id, 0)
        text = lesson.body or lesson.own_body
        kinds = [
            _("film") if lesson.video_url else "", _("text") if text else "",
            _n("%(num)s file", "%(num)s files", files) if files else "",
        ]  # fmt: skip
        return ", ".join(kind for kind in kinds if kind) or _("empty")

    def enrollment(self, row: Any, href: str) -> Words:
        """A person in a course: who, since when, by what, and whether it is open to them."""
        since = day(row["enrolled_at"], self.zone, "en")
        name = full_name(row["first_name"], row["last_name"])
        by_order = _("with order %(number)s", number=row["order_number"]) if row["order_number"] else ""
        return {
            "name": name or row["email"], "email": row["email"] if name else "", "since": since, "by": by_order or self.by(row),
            "href": href, "suspended": row["suspended_here_at"] is not None, "status": self.standing(row),
            "reason": row["suspension_reason"] or "", "own": str(row["clickfunnels_id"]).startswith("local:"),
        }  # fmt: skip

    def by(self, row: Any) -> str:
        return (
            _("by hand or from a list")
            if str(row["clickfunnels_id"]).startswith("local:hand")
            else _("by ClickFunnels")
        )

    def standing(self, row: Any) -> Words:
        facts = {**dict(row), "public_id": "-", "published_at": self.now, "paid_until": row["paid_until"]}
        lock = access_of(facts, self.now).lock
        if lock is None:
            return {"label": _("Can open it"), "tone": "good"}
        words = {
            "suspended": _("Suspended"), "paused": _("Subscription paused"), "pending": _("Waiting for the payment"),
            "ended": _("Ended with the order"), "refunded": _("Refunded"),
        }  # fmt: skip
        return {"label": words.get(lock.reason, _("Locked")), "tone": "bad"}


VERDICTS = ("new_customer", "new", "already", "suspended", "closed", "twice", "bad_address", "unknown_course")


def verdict(word: str) -> Words:
    """What becomes of a row of a list."""
    words = {
        "new_customer": (_("New customer, enrolled"), "good"), "new": (_("Enrolled"), "good"),
        "already": (_("Enrolled already"), "info"), "suspended": (_("Enrolled, but suspended"), "warn"),
        "closed": (_("The account is closed"), "bad"), "twice": (_("Stands in the list twice"), "info"),
        "bad_address": (_("Not an email address"), "bad"), "unknown_course": (_("Unknown course"), "bad"),
    }  # fmt: skip
    label, tone = words.get(word, (word, "info"))
    return {"label": label, "tone": tone}


def tally(counts: Mapping[str, int]) -> list[Words]:
    """The verdicts there are, each with how many rows."""
    return [verdict(word) | {"verdict": word, "count": counts[word]} for word in VERDICTS if counts.get(word)]


def done(word: str) -> dict[str, str] | None:
    """The notice after a change."""
    texts = {
        "made": _("Made. It is a draft, so no customer sees it yet."),
        "saved": _("Saved."), "moved": _("Moved."), "published": _("Published. Customers with access see it from now on."),
        "scheduled": _("Scheduled. It opens by itself."), "draft": _("It is a draft now. Customers no longer see it."),
        "deleted": _("Deleted. What customers have completed stays in their records."),
        "kept": _("You write this course here from now on. News of it from ClickFunnels is left alone."),
        "returned": _("ClickFunnels keeps this course again, from its next news of it on."),
        "enrolled": _("Enrolled. The course is in their center now."),
        "suspended": _("Suspended. They see the reason where the course was."),
        "lifted": _("Lifted. The course is open to them again."),
        "removed": _("Taken out of the course. What they have completed stays."),
        "file": _("The file is in the lesson."), "file_gone": _("The file is gone."),
        "granted": _("Saved. Whoever buys it from now on is enrolled."),
        "catching_up": _("Saved. Whoever has bought it before is being enrolled now, too."),
        "running": _("It is being carried out. Reload this page to see how far it is."),
    }  # fmt: skip
    tone = "info" if word == "running" else "good"
    return {"tone": tone, "text": texts[word]} if word in texts else None
