"""The dashboard in words: one shelf of courses for each center."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from theming.center import Center
from theming.course_words import CourseWords, last_begun


class Shelf(NamedTuple):
    name: str
    slug: str
    about: str
    href: str | None
    """Opens the center; where one is no customer it leads to its sign-in."""
    is_customer: bool
    courses: list[dict[str, Any]]
    begun: tuple[datetime, dict[str, Any]] | None
    """When a lesson was last done here, and where to carry on."""


def shelf(center: Center, is_customer: bool, shown: Sequence[Any], door: Callable[[str], str]) -> Shelf:
    """The courses of one center; their links go through its door, which signs in."""
    words = CourseWords(center)

    def through(part: dict[str, Any], path: str | None) -> dict[str, Any]:
        return part | {"href": door(path) if path else None}

    cards = [
        through(words.card(*course), f"/courses/{course[0]['public_id']}" if course[0]["public_id"] else None)
        for course in shown
    ]  # fmt: skip
    begun = None
    if found := last_begun(shown):
        moment, row, outline = found
        path = f"/courses/{row['public_id']}/lessons/{outline.carry_on.public_id}"
        begun = moment, through(words.carry_on(row, outline, outline.carry_on), path)
    return Shelf(
        center.name, center.slug, center.headline, door("/") if is_customer else center.link("/"), is_customer, cards, begun
    )  # fmt: skip


def latest(shelves: Sequence[Shelf]) -> dict[str, Any] | None:
    """The course worked on last, in whichever center."""
    begun = [(shelf.begun[0], shelf) for shelf in shelves if shelf.begun]
    if not begun:
        return None
    _moment, newest = max(begun, key=lambda item: item[0])
    return (
        newest.begun[1] | {"course_title": f"{newest.name} · {newest.begun[1]['course_title']}"}
        if newest.begun
        else None
    )
