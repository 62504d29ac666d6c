"""The lessons of a course: text with a preview, a film, and files."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, post

from forms.console.content import ExtraForm, LessonForm, is_web_address
from integrations.clickfunnels.courses import want_pictures
from tables import course_editing as editing
from tables.base import public_id
from tables.course import Lesson, LessonFile
from tables.course_parts import Node, Parts
from tables.picture import Picture
from theming import markdown
from theming.console.content_words import done
from theming.formats import file_kind, size
from theming.words import _
from web.console import vendor_of
from web.content import FILE_BYTES, at, change, lesson_in, own_parts_of, part_of, parts_of, section_in, unlink
from web.errors import Refused
from web.files import send_file
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen
from web.uploads import Upload, file_form, upload_of


@screen("/courses/{course:str}/lessons/new")
async def new(request: Request, course: Part) -> Response:
    parts = await own_parts_of(request, course)
    return await form_page(request, parts, None, LessonForm({"section": query_of(request).get("section", "")}))


@screen("/courses/{course:str}/lessons")
async def index(request: Request, course: Part) -> Response:
    await own_parts_of(request, course)
    return redirect(request, at(request, course))


@post("/courses/{course:str}/lessons")
async def create(request: Request, course: Part) -> Response:
    parts, form = await own_parts_of(request, course), LessonForm.of(form_of(request), vendor_of(request).media_host)
    check_home(parts, form)
    if form_of(request).get("do") == "preview":
        return await form_page(request, parts, None, previewed(form))
    if form.errors:
        return await form_page(request, parts, None, form, status=422)

    async def work(parts: Parts) -> Lesson:
        lesson = await editing.add_lesson(
            parts, section_in(parts, form.values["section"]), form.values["title"], body=form.values["body"],
            video_url=form.text("video_url"),
        )  # fmt: skip
        await want_pictures(lesson.vendor, None, lesson.body)
        return lesson

    made = await change(request, course, "lesson.made", work, subject=form.values["title"])
    request.app.state.worker.wake()
    return redirect(request, at(request, course, f"/lessons/{made.public_id}?done=made"))


@screen("/courses/{course:str}/lessons/{lesson:str}")
async def edit(request: Request, course: Part, lesson: Part) -> Response:
    parts = await parts_of(request, course)
    home, row = lesson_in(parts, lesson)
    return await form_page(request, parts, row, typed(parts, home, row))


@post("/courses/{course:str}/lessons/{lesson:str}")
async def update(request: Request, course: Part, lesson: Part) -> Response:
    parts = await parts_of(request, course)
    _home, row = lesson_in(parts, lesson)
    form = (LessonForm if parts.course.is_own else ExtraForm).of(form_of(request), vendor_of(request).media_host)
    if parts.course.is_own:
        check_home(parts, form)
    if form_of(request).get("do") == "preview":
        return await form_page(request, parts, row, previewed(form))
    if not form.errors:
        await save(request, course, row, form)
    if form.errors:
        return await form_page(request, parts, row, form, status=422)
    request.app.state.worker.wake()
    return redirect(request, at(request, course, f"/lessons/{lesson}?done=saved"))


@screen("/courses/{course:str}/lessons/{lesson:str}/files")
async def files(request: Request, course: Part, lesson: Part) -> Response:
    lesson_in(await parts_of(request, course), lesson)
    return redirect(request, at(request, course, f"/lessons/{lesson}"))


@file_form("/courses/{course:str}/lessons/{lesson:str}/files")
async def attach(request: Request, course: Part, lesson: Part) -> Response:
    """A file for a lesson, whoever keeps the course. It is put in its place first: a row never names half a file."""
    parts = await parts_of(request, course)
    home, row = lesson_in(parts, lesson)
    async with upload_of(request, FILE_BYTES) as upload:
        form = typed(parts, home, row)
        if not (kept := await placed(vendor_of(request).id, upload, form)):
            return await form_page(request, parts, row, form, status=422)
    try:
        await change(request, course, "lesson.file_added", lambda _parts: LessonFile.add(row.vendor, row.id, **kept),
                     own=False, subject=row.title, file=kept["name"])  # fmt: skip
    except BaseException:
        await asyncio.to_thread(unlink, row.vendor, [kept["public_id"]])
        raise
    return redirect(request, at(request, course, f"/lessons/{lesson}?done=file"))


@screen("/courses/{course:str}/lessons/{lesson:str}/files/{file:str}")
async def download(request: Request, course: Part, lesson: Part, file: Part) -> Response:
    _home, row = lesson_in(await parts_of(request, course), lesson)
    found = await file_of(row, file)
    return await send_file(request, LessonFile.path_of(row.vendor, found.public_id), found.name, found.media_type)


@screen("/courses/{course:str}/lessons/{lesson:str}/removal/{file:str}")
async def ask_deletion(request: Request, course: Part, lesson: Part, file: Part) -> Response:
    parts = await parts_of(request, course)
    _home, row = lesson_in(parts, lesson)
    found, href = await file_of(row, file), lesson_url(request, parts, row)
    title = _("Delete “%(title)s”?", title=found.name)
    return render(
        request, "console/content/deletion", layout="console", title=title, heading=title, people=0, people_text="", goes=[],
        course={"title": row.title, "href": href}, action=f"{href}/removal/{file}",
    )  # fmt: skip


@post("/courses/{course:str}/lessons/{lesson:str}/removal/{file:str}")
async def delete(request: Request, course: Part, lesson: Part, file: Part) -> Response:
    _home, row = lesson_in(await parts_of(request, course), lesson)
    found = await file_of(row, file)
    gone = await change(
        request, course, "lesson.file_deleted", lambda _parts: LessonFile.remove_all(row.vendor, [row.id], file), own=False,
        subject=row.title, file=found.name,
    )  # fmt: skip
    await asyncio.to_thread(unlink, row.vendor, gone)
    return redirect(request, at(request, course, f"/lessons/{lesson}?done=file_gone"))


ROUTES = [new, index, create, edit, update, files, attach, download, ask_deletion, delete]


def check_home(parts: Parts, form: LessonForm) -> None:
    if parts.find(form.values["section"]) is None:
        form.errors["section"] = _("Choose a section for it.")


def previewed(form: LessonForm) -> LessonForm:
    """Somebody who only looks is told of nothing that is still missing."""
    form.errors.clear()
    return form


async def save(request: Any, course: str, lesson: Lesson, form: LessonForm) -> None:
    """Write the lesson down; a circle by the move to another section is told beside its field."""

    async def work(parts: Parts) -> None:
        _home, row = lesson_in(parts, lesson.public_id)
        if isinstance(form, ExtraForm):
            await editing.change(row, video_url=form.text("video_url"), own_body=form.values["own_body"])
            return await want_pictures(row.vendor, None, form.values["own_body"])
        await editing.put_lesson(parts, row, section_in(parts, form.values["section"]))
        await editing.change(
            row, title=form.values["title"], body=form.values["body"], video_url=form.text("video_url")
        )
        await want_pictures(row.vendor, None, form.values["body"])

    subject = lesson.title if isinstance(form, ExtraForm) else form.values["title"]
    try:
        await change(request, course, "lesson.changed", work, own=not isinstance(form, ExtraForm), subject=subject)
    except editing.Circle:
        form.errors["section"] = _("That section waits for this very lesson. Choose another.")


async def placed(vendor_id: int, upload: Upload, form: LessonForm) -> dict[str, Any] | None:
    """The file that was sent, in its place; or None, and in the form what was wrong with it."""
    problems = {
        "too_large": _("The file is larger than %(size)s.", size=size(FILE_BYTES)),
        "no_room": _("There is no room left on the server for it. Please tell whoever runs it."),
    }
    if upload.problem or not upload.file:
        form.errors["file"] = problems.get(upload.problem, _("Choose a file."))
        return None
    name = public_id()
    try:
        await upload.file.move(LessonFile.path_of(vendor_id, name))
    except OSError:
        form.errors["file"] = problems["no_room"]
        return None
    return {
        "name": upload.file.name,
        "public_id": name,
        "size": upload.file.size,
        "media_type": upload.file.media_type,
    }


async def file_of(row: Lesson, file: str) -> LessonFile:
    found = next((one for one in await LessonFile.of(row.vendor, row.id) if one.public_id == file), None)
    if found is None:
        raise Refused(404)
    return found


def typed(parts: Parts, home: Node, row: Lesson) -> LessonForm:
    """The form as the lesson is."""
    film = row.video_url or ""
    if not parts.course.is_own:
        return ExtraForm({"video_url": film, "own_body": row.own_body})
    return LessonForm({"title": row.title, "video_url": film, "body": row.body, "section": home.section.public_id})


def lesson_url(request: Any, parts: Parts, row: Lesson) -> str:
    return center_of(request).url(at(request, parts.course.public_id, f"/lessons/{row.public_id}"))


async def form_page(request: Any, parts: Parts, row: Lesson | None, form: LessonForm, status: int = 200) -> Response:
    course = center_of(request).url(at(request, parts.course.public_id))
    href = lesson_url(request, parts, row) if row else f"{course}/lessons"
    title = row.title if row else _("New lesson")
    # The preview may show a film: this page alone of the console's lets those few hosts in.
    request.scope["state"]["frames"] = frames(vendor_of(request).media_host)
    return render(
        request, "console/content/lesson", layout="console", title=title, heading=title, form=form, status=status,
        course={"title": parts.course.title, "href": course, "is_own": parts.course.is_own}, action=href, is_new=row is None,
        homes=[(node.section.public_id, node.section.title) for node in parts.nodes],
        part=part_of(request, course, row) if row and parts.course.is_own else None,
        preview=await preview(request, row, form), files=await listed(href, row), file_limit=size(FILE_BYTES),
        look=f"{course}/preview/{row.public_id}" if row else None, notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


def frames(media_host: str | None) -> tuple[str, ...]:
    return markdown.FRAME_HOSTS + ((f"https://{media_host}",) if media_host else ())


async def preview(request: Any, row: Lesson | None, form: LessonForm) -> dict[str, Any]:
    """The lesson as its customers will see it, from what stands in the form."""
    vendor = vendor_of(request)
    text = form.values["body"] if "body" in form.takes else (row.body if row and row.body else form.values["own_body"])
    pictures = await Picture.among(vendor.id, markdown.remote_pictures(text))
    body = markdown.render(text, pictures, vendor.media_host)
    film = form.values["video_url"].strip()
    body = markdown.with_film(body, film if is_web_address(film) else None, vendor.media_host)
    return {
        "html": body.html, "videos": [video._asdict() for video in body.videos],
        "waiting": len(pictures) < len(markdown.remote_pictures(text)),
    }  # fmt: skip


async def listed(href: str, row: Lesson | None) -> list[dict[str, str]]:
    files = await LessonFile.of(row.vendor, row.id) if row else []
    return [
        {
            "name": one.name,
            "size": size(one.size),
            "type": file_kind(one.name, one.media_type),
            "href": f"{href}/files/{one.public_id}",
            "removal": f"{href}/removal/{one.public_id}",
        }
        for one in files
    ]
