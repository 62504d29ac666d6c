"""What sections, lessons and whole courses have in common: their place, when they are published, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

from litestar import Request, Response, post

import database
from forms.console.content import DRAFT, LATER, NOW, PublicationForm, typed_moment
from tables import course_editing as editing
from tables.course import Course, Lesson, Section
from tables.course_parts import Parts
from tables.member import ADMIN
from theming.words import _, _n
from web.console import desk, vendor_of
from web.content import at, change, own_parts_of, unlink
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen

GONE = "gone"
ACTIONS: dict[type, dict[str, str]] = {
    Course: {NOW: "course.published", LATER: "course.scheduled", DRAFT: "course.unpublished", GONE: "course.deleted"},
    Section: {
        NOW: "section.published",
        LATER: "section.scheduled",
        DRAFT: "section.unpublished",
        GONE: "section.deleted",
    },
    Lesson: {NOW: "lesson.published", LATER: "lesson.scheduled", DRAFT: "lesson.unpublished", GONE: "lesson.deleted"},
}
DONE = {NOW: "published", LATER: "scheduled", DRAFT: "draft"}


class Chosen(NamedTuple):
    """A course, section or lesson with everything in it, itself first."""

    row: Course | Section | Lesson
    beneath: list[Any]

    @property
    def inside(self) -> Sequence[Any]:
        return self.beneath[1:]

    @property
    def actions(self) -> dict[str, str]:
        """What the log of changes calls what is done with it."""
        return ACTIONS[type(self.row)]


@screen("/courses/{course:str}/parts/{part:str}/place")
async def ask_place(request: Request, course: Part, part: Part) -> Response:
    chosen(await own_parts_of(request, course), part)
    return redirect(request, at(request, course))


@post("/courses/{course:str}/parts/{part:str}/place")
async def move(request: Request, course: Part, part: Part) -> Response:
    """One place up or down."""
    step = -1 if form_of(request).get("go") == "up" else 1

    async def work(parts: Parts) -> None:
        row = chosen(parts, part).row
        if not isinstance(row, Course):
            await editing.shift(parts, row, step)

    await change(request, course, "course.reordered", work)
    return redirect(request, at(request, course))


@screen("/courses/{course:str}/publication", opt={"role": ADMIN})
async def course_publication(request: Request, course: Part) -> Response:
    return publication_page(request, await own_parts_of(request, course), "")


@post("/courses/{course:str}/publication", opt={"role": ADMIN})
async def publish_course(request: Request, course: Part) -> Response:
    return await publish(request, course, "")


@screen("/courses/{course:str}/parts/{part:str}/publication", opt={"role": ADMIN})
async def part_publication(request: Request, course: Part, part: Part) -> Response:
    return publication_page(request, await own_parts_of(request, course), part)


@post("/courses/{course:str}/parts/{part:str}/publication", opt={"role": ADMIN})
async def publish_part(request: Request, course: Part, part: Part) -> Response:
    return await publish(request, course, part)


@screen("/courses/{course:str}/deletion", opt={"role": ADMIN})
async def course_deletion(request: Request, course: Part) -> Response:
    return await deletion_page(request, await own_parts_of(request, course), "")


@post("/courses/{course:str}/deletion", opt={"role": ADMIN})
async def delete_course(request: Request, course: Part) -> Response:
    await delete(request, course, "")
    return redirect(request, desk(request, "/courses?done=deleted"))


@screen("/courses/{course:str}/parts/{part:str}/deletion", opt={"role": ADMIN})
async def part_deletion(request: Request, course: Part, part: Part) -> Response:
    return await deletion_page(request, await own_parts_of(request, course), part)


@post("/courses/{course:str}/parts/{part:str}/deletion", opt={"role": ADMIN})
async def delete_part(request: Request, course: Part, part: Part) -> Response:
    await delete(request, course, part)
    return redirect(request, at(request, course, "?done=deleted"))


ROUTES = [
    ask_place, move, course_publication, publish_course, part_publication, publish_part, course_deletion, delete_course,
    part_deletion, delete_part,
]  # fmt: skip


def chosen(parts: Parts, part: str) -> Chosen:
    """The part in the address, or with none the course; 404 for what is not in it."""
    if not part:
        return Chosen(parts.course, [parts.course, *editing.everything(parts.tree)])
    node = parts.find(part)
    if node and node.section.clickfunnels_id != parts.root:
        return Chosen(node.section, editing.everything([node]))
    lesson = parts.lesson(part)
    if lesson is None:
        raise Refused(404)
    return Chosen(lesson[1], [lesson[1]])


async def publish(request: Any, course: str, part: str) -> Response:
    form, vendor = PublicationForm.of(form_of(request), vendor_of(request).zone), vendor_of(request)
    parts = await own_parts_of(request, course)
    one = chosen(parts, part)
    if form.errors:
        return publication_page(request, parts, part, form, status=422)

    async def work(parts: Parts) -> None:
        one = chosen(parts, part)
        if form.values["when"] == DRAFT:
            return await editing.unpublish(one.row)
        drafts = one.inside if form.values["everything"] else ()
        await editing.publish(one.row, form.moment or database.now(), drafts)

    when = form.values["when"]
    detail = {"time": f"{typed_moment(form.moment, vendor.zone)} {vendor.time_zone}"} if form.moment else {}
    await change(request, course, one.actions[when], work, subject=one.row.title, **detail)
    return redirect(request, at(request, course, f"?done={DONE[when]}"))


def publication_page(
    request: Any, parts: Parts, part: str, form: PublicationForm | None = None, status: int = 200
) -> Response:
    one, zone = chosen(parts, part), vendor_of(request).zone
    drafts = [row for row in one.inside if row.published_at is None]
    planned = one.row.published_at is not None and one.row.published_at > database.now()
    form = form or PublicationForm({
        "when": LATER if planned else NOW, "at": typed_moment(one.row.published_at, zone) if planned else "",
        "everything": "1",
    })  # fmt: skip
    title = _("Publish “%(title)s”", title=one.row.title)
    return render(
        request, "console/content/publication", layout="console", title=title, heading=title, form=form, status=status,
        course=back_to(request, parts), action=action_of(request, parts, part, "publication"), zone=vendor_of(request).time_zone,
        is_published=one.row.published_at is not None, learners="",
        drafts=_n("%(num)s draft in it", "%(num)s drafts in it", len(drafts)) if drafts else "",
    )  # fmt: skip


async def delete(request: Any, course: str, part: str) -> None:
    one = chosen(await own_parts_of(request, course), part)

    async def work(parts: Parts) -> list[str]:
        return await editing.remove(parts, chosen(parts, part).beneath)

    gone = await change(request, course, one.actions[GONE], work, subject=one.row.title)
    await asyncio.to_thread(unlink, vendor_of(request).id, gone)


async def deletion_page(request: Any, parts: Parts, part: str) -> Response:
    one = chosen(parts, part)
    lessons = [row for row in one.beneath if isinstance(row, Lesson)]
    people = await editing.learners(parts.course.vendor, lessons)
    sections = [row for row in one.inside if isinstance(row, Section)]
    title = _("Delete “%(title)s”?", title=one.row.title)
    goes = [
        _n("%(num)s section", "%(num)s sections", len(sections)) if sections else "",
        _n("%(num)s lesson", "%(num)s lessons", len(lessons)) if lessons and one.row is not lessons[0] else "",
        _n("%(num)s file", "%(num)s files", files) if (files := sum(parts.files.get(row.id, 0) for row in lessons)) else "",
    ]  # fmt: skip
    return render(
        request, "console/content/deletion", layout="console", title=title, heading=title, course=back_to(request, parts),
        action=action_of(request, parts, part, "deletion"), goes=[words for words in goes if words], people=people,
        people_text=_n("%(num)s person has completed lessons in it.", "%(num)s people have completed lessons in it.", people),
    )  # fmt: skip


def back_to(request: Any, parts: Parts) -> dict[str, str]:
    return {"title": parts.course.title, "href": center_of(request).url(at(request, parts.course.public_id))}


def action_of(request: Any, parts: Parts, part: str, verb: str) -> str:
    rest = f"/parts/{part}/{verb}" if part else f"/{verb}"
    return center_of(request).url(at(request, parts.course.public_id, rest))
