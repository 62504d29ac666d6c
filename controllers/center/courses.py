"""The hub, a course's outline, its lessons and their files."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from tables.course import LessonFile, file_in_course
from tables.enrollment import Completion, enrollment_in, lesson_in, outline_of
from tables.outline import Access, Builder, LessonView, Outline, access_of, courses_of, one_for_each_course
from tables.picture import Picture
from theming import markdown
from theming.course_words import CourseWords, description, last_begun
from theming.formats import file_kind, size
from theming.words import _
from web.errors import Refused
from web.files import send_file
from web.rendering import redirect, render
from web.requests import SIGNED_IN, Part, center_of, form_of, person_of, screen

PLAYED = frozenset({"video/mp4", "video/webm", "video/ogg"})


@screen("/courses", opt=SIGNED_IN)
async def index(request: Request) -> Response:
    center, words = center_of(request), CourseWords(center_of(request))
    courses = await courses_of(center.vendor_id, person_of(request).customer_id, database.now())
    shown = [course for course in courses if course[0]["public_id"] is None or course[0]["show_in_center"]]
    return render(
        request, "courses/index", title=_("Your courses"), carry_on=carry_on(words, shown),
        courses=[words.card(*course) for course in shown],
    )  # fmt: skip


@screen("/courses/{course:str}", opt=SIGNED_IN)
async def show(request: Request, course: Part) -> Response:
    words, (row, access, outline) = CourseWords(center_of(request)), await enrolled(request, course)
    following = outline.carry_on
    label = _("Carry on: %(title)s") if outline.done else _("Start: %(title)s")
    return render(
        request, "courses/show", title=row["title"],
        course={
            "title": row["title"], "description": description(row["description"]), "picture": words.picture(row),
            "done": outline.done, "total": outline.total, "progress_text": words.progress(outline),
            "notice": words.notice(access),
        },
        carry_on={"label": label % {"title": following.title}, "href": words.lesson_url(row, following.public_id)}
        if following else None,
        sections=words.sections(row, outline),
    )  # fmt: skip


@screen("/courses/{course:str}/lessons/{lesson:str}", opt=SIGNED_IN)
async def lesson(request: Request, course: Part, lesson: Part) -> Response:
    row, _access, outline = await enrolled(request, course)
    before, view, after = place(outline, lesson)
    if view.lock:
        return locked(request, row, view)
    return await open_lesson(request, row, outline, (before, view, after))


@screen("/courses/{course:str}/lessons/{lesson:str}/completion", opt=SIGNED_IN)
async def completion_form(request: Request, course: Part, lesson: Part) -> Response:
    _row, _access, outline = await enrolled(request, course)
    place(outline, lesson)
    return redirect(request, f"/courses/{course}/lessons/{lesson}")


@post("/courses/{course:str}/lessons/{lesson:str}/completion", opt=SIGNED_IN)
async def complete(request: Request, course: Part, lesson: Part) -> Response:
    """Mark a lesson as done and go on, or undo it and stay; a locked lesson is not done."""
    _row, _access, outline = await enrolled(request, course)
    _before, view, after = place(outline, lesson)
    center, person = center_of(request), person_of(request)
    if view.lock:
        return redirect(request, f"/courses/{course}/lessons/{lesson}")
    if form_of(request).get("done") == "0":
        await Completion.undo(center.vendor_id, person.customer_id, view.clickfunnels_id)
        return redirect(request, f"/courses/{course}/lessons/{lesson}")
    await Completion.mark(center.vendor_id, person.customer_id, view.clickfunnels_id)
    return redirect(request, f"/courses/{course}" + (f"/lessons/{after.public_id}" if after else ""))


@screen("/courses/{course:str}/files/{file:str}", opt=SIGNED_IN)
async def file(request: Request, course: Part, file: Part) -> Response:
    """A private file: the enrollment, the lesson's lock and the vendor are checked every time."""
    row, _access, outline = await enrolled(request, course)
    found = await file_in_course(
        vendor=center_of(request).vendor_id, course=row["course_clickfunnels_id"], file=file
    )  # fmt: skip
    if not found or place(outline, found[0]["lesson"])[1].lock:
        raise Refused(404)
    kept = LessonFile.path_of(center_of(request).vendor_id, found[0]["public_id"])
    return await send_file(request, kept, found[0]["name"], found[0]["media_type"])


ROUTES = [index, show, lesson, completion_form, complete, file]


async def enrolled(request: Any, course: str) -> tuple[Any, Access, Outline]:
    """The customer's own enrollment in a course, what it allows, and the outline; 404 for everybody else."""
    center, person, now = center_of(request), person_of(request), database.now()
    found = await enrollment_in(vendor=center.vendor_id, customer=person.customer_id, course=course)
    rows = one_for_each_course(found, now)
    if not rows:
        raise Refused(404)
    parts = await outline_of(vendor=center.vendor_id, customer=person.customer_id, enrollment=rows[0]["id"])
    access = access_of(rows[0], now)
    return rows[0], access, Builder(rows[0], parts, access, now).build()


def place(outline: Outline, lesson: str) -> tuple[LessonView | None, LessonView, LessonView | None]:
    found = outline.around(lesson)
    if found is None:
        raise Refused(404)
    return found


def carry_on(words: CourseWords, shown: list[tuple[Any, Access, Outline]]) -> dict[str, Any] | None:
    """The course worked on last, with its next lesson; before any work, nothing."""
    begun = last_begun(shown)
    if begun is None:
        return None
    _latest, row, outline = begun
    return words.carry_on(row, outline, outline.carry_on)


def locked(request: Any, row: Any, view: LessonView) -> Response:
    words = CourseWords(center_of(request))
    lock = words.lock(row, view.lock, row["upgrade_url"])
    return render(
        request, "courses/locked", title=view.title, heading=view.title, reason=lock["text"],
        course={"title": row["title"], "href": center_of(request).url(f"/courses/{row['public_id']}")},
        action={"label": lock["href_label"], "href": lock["href"]} if lock["href"] else None,
    )  # fmt: skip


async def open_lesson(request: Any, row: Any, outline: Outline, around: Any) -> Response:
    center, (before, view, after) = center_of(request), around
    words = CourseWords(center)
    found = await lesson_in(vendor=center.vendor_id, lesson=view.public_id)
    text = found[0]["body"]
    pictures = await Picture.among(center.vendor_id, markdown.remote_pictures(text))
    body = markdown.render(text, pictures, center.media_host)
    body = markdown.with_film(body, found[0]["video_url"], center.media_host)
    if body.videos:
        own = (f"https://{center.media_host}",) if center.media_host else ()
        request.scope["state"]["frames"] = markdown.FRAME_HOSTS + own
    order = [lesson.public_id for lesson in outline.lessons if lesson.counted or lesson is view]
    return render(
        request, "courses/lesson", title=view.title,
        course={"title": row["title"], "href": center.url(f"/courses/{row['public_id']}")},
        lesson={"title": view.title, "body": body.html, "files": files(center, row, found), "done": bool(view.done_at),
                "videos": [video._asdict() for video in (*body.videos, *films(center, row, found))],
                "done_text": words.done_text(view)},
        position_text=_("Lesson %(place)s of %(count)s", place=order.index(view.public_id) + 1, count=len(order)),
        previous=neighbour(words, row, before), following=neighbour(words, row, after),
        completion={"action": words.lesson_url(row, view.public_id) + "/completion", "done": bool(view.done_at)},
        contents=words.sections(row, outline, view.public_id),
    )  # fmt: skip


def neighbour(words: CourseWords, row: Any, lesson: LessonView | None) -> dict[str, str] | None:
    return {"title": lesson.title, "href": words.lesson_url(row, lesson.public_id)} if lesson else None


def films(center: Any, row: Any, found: Any) -> list[markdown.Video]:
    """Films among the lesson's own files, which play on the page."""
    hrefs = [(entry["name"], center.url(f"/courses/{row['public_id']}/files/{entry['file']}"))
             for entry in found if entry["file"] and entry["media_type"] in PLAYED]  # fmt: skip
    return [markdown.Video("file", href, name, href, "") for name, href in hrefs]


def files(center: Any, row: Any, found: Any) -> list[dict[str, str]]:
    return [
        {"name": entry["name"], "href": center.url(f"/courses/{row['public_id']}/files/{entry['file']}"),
         "type": file_kind(entry["name"], entry["media_type"]), "size": size(entry["size"])}
        for entry in found if entry["file"]
    ]  # fmt: skip
