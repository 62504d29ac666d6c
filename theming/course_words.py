"""Courses as the templates show them: progress in words, and why and until when something is locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from tables.outline import Access, LessonView, Lock, Outline, SectionView
from theming.center import Center
from theming.formats import day, minute
from theming.markdown import plain
from theming.words import _, _n

Words = dict[str, Any]


class CourseWords:
    """Words for the courses of one center."""

    def __init__(self, center: Center) -> None:
        self.center = center

    def date(self, moment: datetime | None) -> str:
        when = day(moment, self.center.zone, self.center.locale)
        return when.text if when else ""

    def reason(self, lock: Lock) -> str:
        """Why it is locked, and until when where that is known."""
        until = self.date(lock.until)
        known = {
            "being_set_up": lambda: _("This course is being set up. It will open here by itself."),
            "suspended": lambda: (
                _("Your access is suspended: %(why)s", why=lock.subject) if lock.subject
                else _("Your access is suspended. Please ask %(name)s.", name=self.center.name)
            ),
            "paused": lambda: (
                _("Your subscription is paused until %(date)s, and so is this course.", date=until) if until
                else _("Your subscription is paused, and so is this course. It opens again when you resume.")
            ),
            "overdue": lambda: _("A payment for order %(number)s is overdue. This course opens again when it has arrived.",
                                 number=lock.subject),
            "pending": lambda: _("We are waiting for the payment of order %(number)s.", number=lock.subject),
            "ended": lambda: _("Your access has ended with order %(number)s.", number=lock.subject),
            "refunded": lambda: _("Order %(number)s was refunded, which ended your access.", number=lock.subject),
            "unpublished": lambda: _("Opens on %(date)s.", date=until) if until else _("This course is not open yet."),
            "scheduled": lambda: _("Opens on %(date)s.", date=until),
            "drip": lambda: _("Opens for you on %(date)s.", date=until),
            "after_lesson": lambda: _("Opens when you have completed the lesson “%(title)s”.", title=lock.subject),
            "after_section": lambda: _("Opens when you have completed “%(title)s”.", title=lock.subject),
        }  # fmt: skip
        return known[lock.reason]()

    def progress(self, outline: Outline) -> str:
        if not outline.total:
            return ""
        return _n("%(done)s of %(num)s lesson done", "%(done)s of %(num)s lessons done", outline.total,
                  done=outline.done)  # fmt: skip

    def status(self, access: Access, outline: Outline) -> Words | None:
        """The chip on a course's card."""
        if access.lock:
            later = access.lock.reason in ("unpublished", "being_set_up", "pending")
            return {"label": _("Not open yet") if later else _("Locked"), "tone": "info" if later else "bad"}
        if outline.total and outline.done == outline.total:
            return {"label": _("Finished"), "tone": "good"}
        return {"label": _("New"), "tone": "info"} if not outline.done else None

    def note(self, access: Access) -> str | None:
        if access.lock:
            return self.reason(access.lock)
        if access.ending and access.ends_at:
            return _("Canceled: you keep access until %(date)s.", date=self.date(access.ends_at))
        return _("Canceled: you keep access to the end of the paid period.") if access.ending else None

    def opening(self, access: Access, outline: Outline) -> str:
        """What of an open course is still closed, and when the next part of it opens where that is known."""
        locked = [lesson.lock for lesson in outline.lessons if lesson.lock]
        if access.lock or not locked:
            return ""
        dates = [lock.until for lock in locked if lock.until]
        if dates:
            return _n("%(num)s lesson opens later: the next on %(date)s.", "%(num)s lessons open later: the next on %(date)s.",
                      len(locked), date=self.date(min(dates)))  # fmt: skip
        return _n("%(num)s lesson opens as you go on.", "%(num)s lessons open as you go on.", len(locked))

    def picture(self, row: Any) -> Words | None:
        if not row["picture_path"]:
            return None
        return {"url": f"/media/{row['picture_path']}", "width": row["picture_width"], "height": row["picture_height"],
                "alt": row["picture_alt"]}  # fmt: skip

    def card(self, row: Any, access: Access, outline: Outline) -> Words:
        title = row["title"] or _("Your new course")
        return {
            "title": title, "href": self.center.url(f"/courses/{row['public_id']}") if row["public_id"] else None,
            "picture": self.picture(row), "initials": title[:1].upper(), "done": outline.done, "total": outline.total,
            "progress_text": self.progress(outline), "status": self.status(access, outline), "note": self.note(access),
        }  # fmt: skip

    def carry_on(self, row: Any, outline: Outline, lesson: LessonView) -> Words:
        return {
            "course_title": row["title"], "lesson_title": lesson.title, "href": self.lesson_url(row, lesson.public_id),
            "picture": self.picture(row), "picture_alt": "", "progress_text": self.progress(outline),
            "done": outline.done, "total": outline.total,
        }  # fmt: skip

    def lesson_url(self, row: Any, lesson: str) -> str:
        return self.center.url(f"/courses/{row['public_id']}/lessons/{lesson}")

    def sections(self, row: Any, outline: Outline, current: str | None = None) -> list[Words]:
        return [self.section(row, view, current, above=False) for view in outline.sections]

    def section(self, row: Any, view: SectionView, current: str | None, above: bool) -> Words:
        """A section and those inside it; a lock is told once, at the top of what it locks."""
        lock = view.lock if not above else None
        counted = [lesson for lesson in view.walk() if lesson.counted]
        done = sum(1 for lesson in counted if lesson.done_at)
        return {
            "title": view.title, "description": plain(view.description) if view.description else "",
            "lock": self.lock(row, lock, view.upgrade_url) if lock else None,
            "progress_text": _("%(done)s of %(total)s", done=done, total=len(counted)) if counted else "",
            "lessons": [self.lesson(row, lesson, view.lock, current) for lesson in view.lessons],
            "sections": [self.section(row, inner, current, above or view.lock is not None) for inner in view.sections],
        }  # fmt: skip

    def lock(self, row: Any, lock: Lock, upgrade_url: str | None) -> Words:
        """A lock with the way to open it, where there is one."""
        href, label = None, ""
        if lock.lesson:
            href, label = self.lesson_url(row, lock.lesson), _("Go there")
        elif lock.subscription:
            href, label = self.way_out(lock)
        elif upgrade_url and upgrade_url.startswith("https://") and lock.reason in ("ended", "refunded"):
            href, label = upgrade_url, _("Get access")
        return {"text": self.reason(lock), "href": href, "href_label": label}

    def way_out(self, lock: Lock) -> tuple[str, str]:
        """Where a subscription that stands still is paid, or goes on."""
        here = self.center.url(f"/account/subscriptions/{lock.subscription}")
        if lock.reason == "overdue":
            return f"{here}/payment", _("Pay now or use another card")
        return here, _("See the subscription")

    def lesson(self, row: Any, lesson: LessonView, above: Lock | None, current: str | None) -> Words:
        own = lesson.lock if lesson.lock is not None and lesson.lock != above else None
        return {
            "title": lesson.title, "href": None if lesson.lock else self.lesson_url(row, lesson.public_id),
            "done": lesson.done_at is not None, "lock": {"text": self.reason(own)} if own else None,
            "status_text": "", "current": lesson.public_id == current,
        }  # fmt: skip

    def notice(self, access: Access) -> Words | None:
        """What stands above an outline."""
        text = self.note(access)
        if text is None:
            return None
        if access.lock and access.lock.subscription:
            href, label = self.way_out(access.lock)
            return {"tone": "warn", "text": text, "href": href, "href_label": label}
        order = access.lock.subject if access.lock and access.lock.reason in ("ended", "refunded", "pending") else None
        return {
            "tone": "warn" if access.lock is None or access.lock.reason != "unpublished" else "info", "text": text,
            "href": self.center.url(f"/account/orders/{order}") if order else None, "href_label": _("See the order"),
        }  # fmt: skip

    def done_text(self, lesson: LessonView) -> str:
        when = minute(lesson.done_at, self.center.zone, self.center.locale)
        return _("You completed this lesson on %(time)s.", time=when.text) if when else ""


def last_begun(shown: Sequence[tuple[Any, Access, Outline]]) -> tuple[datetime, Any, Any] | None:
    """Of several courses the one worked on last that goes on: when, its row and its outline; before any work, nothing."""
    begun = [(max(lesson.done_at for lesson in outline.lessons if lesson.done_at), place, row, outline)
             for place, (row, _access, outline) in enumerate(shown) if outline.done and outline.carry_on]  # fmt: skip
    if not begun:
        return None
    moment, _place, row, outline = max(begun, key=lambda item: item[:2])
    return moment, row, outline


def description(text: str) -> Markup:
    return plain(text) if text else Markup("")
