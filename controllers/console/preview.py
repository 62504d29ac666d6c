"""A course as a customer would see it, in the center's own look; nothing can be done there."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

import database
from tables.course import LessonFile
from tables.course_parts import Parts, rehearsal
from tables.enrollment import lesson_in as lesson_rows
from tables.outline import Access, Builder, LessonView, Outline
from tables.picture import Picture
from theming import markdown, words
from theming.center import Center
from theming.center import center_of as storefront_of
from theming.course_words import CourseWords, description
from theming.formats import file_kind, size
from theming.words import _
from web.console import vendor_of
from web.content import at, lesson_in, parts_of
from web.rendering import render
from web.requests import Part, center_of, screen


class Rehearsed(CourseWords):
    """The words of the center, with links that stay in the preview."""

    def __init__(self, center: Center, home: str) -> None:
        super().__init__(center)
        self.home = home

    def lesson_url(self, row: Any, lesson: str) -> str:
        return f"{self.home}/{lesson}"


@screen("/courses/{course:str}/preview")
async def course(request: Request, course: Part) -> Response:
    parts = await parts_of(request, course)
    spoken, row, outline = rehearse(request, parts)
    following = outline.carry_on
    picture = await picture_of(parts)
    return show(
        request, "courses/show", parts.course.title, spoken,
        course={
            "title": row["title"], "description": description(parts.course.description), "picture": picture, "notice": None,
            "done": 0, "total": outline.total, "progress_text": spoken.progress(outline),
        },
        carry_on={"label": _("Start: %(title)s") % {"title": following.title},
                  "href": spoken.lesson_url(row, following.public_id)} if following else None,
        sections=spoken.sections(row, outline),
    )  # fmt: skip


@screen("/courses/{course:str}/preview/{lesson:str}")
async def lesson(request: Request, course: Part, lesson: Part) -> Response:
    """A lesson, whether or not it would be open by then."""
    parts = await parts_of(request, course)
    _home, chosen = lesson_in(parts, lesson)
    here, vendor = center_of(request).url(at(request, course, f"/lessons/{lesson}")), vendor_of(request)
    spoken, row, outline = rehearse(request, parts)
    before, view, after = outline.around(lesson) or (None, LessonView("", lesson, chosen.title, None), None)
    found = await lesson_rows(vendor=vendor.id, lesson=lesson)
    pictures = await Picture.among(vendor.id, markdown.remote_pictures(found[0]["body"]))
    body = markdown.render(found[0]["body"], pictures, vendor.media_host)
    body = markdown.with_film(body, found[0]["video_url"], vendor.media_host)
    if body.videos:
        own = (f"https://{vendor.media_host}",) if vendor.media_host else ()
        request.scope["state"]["frames"] = markdown.FRAME_HOSTS + own
    attached = await LessonFile.of(vendor.id, chosen.id)
    order = [one.public_id for one in outline.lessons] or [lesson]
    return show(
        request, "courses/lesson", chosen.title, spoken, course={"title": row["title"], "href": spoken.home},
        lesson={"title": chosen.title, "body": body.html, "done": False, "done_text": "", "files": files(here, attached),
                "videos": [video._asdict() for video in body.videos]},
        position_text=_("Lesson %(place)s of %(count)s", place=order.index(view.public_id) + 1, count=len(order)),
        previous=neighbour(spoken, row, before), following=neighbour(spoken, row, after), completion=None,
        contents=spoken.sections(row, outline, lesson),
    )  # fmt: skip


ROUTES = [course, lesson]


def rehearse(request: Any, parts: Parts) -> tuple[Rehearsed, dict[str, Any], Outline]:
    """From here on this request is the center's, with nobody signed in."""
    home, state, now = (
        center_of(request).url(at(request, parts.course.public_id, "/preview")),
        request.scope["state"],
        database.now(),
    )
    state["desk_of_preview"] = home.removesuffix("/preview")
    shop = storefront_of(vendor_of(request))
    words.language.set(shop.locale)
    row, rows = rehearsal(parts, now)
    return Rehearsed(shop, home), row, Builder(row, rows, Access(None), now).build()


def show(request: Any, partial: str, title: str, spoken: Rehearsed, **context: Any) -> Response:
    """The center's page in the center's look, without scripts; every other link leads back to the console."""
    state = request.scope["state"]
    console, state["center"], state["person"] = state["desk_of_preview"], spoken.center, None
    state.pop("vendor")
    notice = {
        "tone": "info",
        "text": _(
            "A preview, as somebody sees it who is enrolled just now. Drafts are shown as if they were published."
        ),
    }
    return render(
        request, partial, title=title, layout="main", scripts=False, notice=notice, url=lambda path: console, **context
    )


async def picture_of(parts: Parts) -> dict[str, Any] | None:
    source = parts.course.picture_url
    found = (await Picture.among(parts.course.vendor, [source])).get(source) if source else None
    if not found:
        return None
    return {
        "url": f"/media/{found['path']}",
        "width": found["width"],
        "height": found["height"],
        "alt": parts.course.picture_alt,
    }


def neighbour(spoken: Rehearsed, row: Any, lesson: LessonView | None) -> dict[str, str] | None:
    return {"title": lesson.title, "href": spoken.lesson_url(row, lesson.public_id)} if lesson else None


def files(here: str, rows: list[LessonFile]) -> list[dict[str, str]]:
    return [
        {"name": one.name, "href": f"{here}/files/{one.public_id}", "type": file_kind(one.name, one.media_type),
         "size": size(one.size)} for one in rows
    ]  # fmt: skip
