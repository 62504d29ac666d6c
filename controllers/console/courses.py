"""The vendor's courses: the list, a new one, its outline, its own settings, and who keeps it."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.content import CourseForm, CourseSettingsForm
from integrations import pictures
from integrations.clickfunnels.courses import want_pictures
from tables import course_editing as editing
from tables.audit_entry import AuditEntry
from tables.course import Course
from tables.course_parts import Parts
from tables.member import ADMIN
from tables.picture import OWN, Picture
from tables.vendor import Vendor
from theming.console.content_words import ContentWords, done
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.content import PICTURE_BYTES, at, change, course_of, own_parts_of, parts_of
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen
from web.uploads import Upload, file_form, upload_of


@screen("/courses")
async def index(request: Request) -> Response:
    rows = await Course.listed(vendor_of(request).id, below(request))
    rows, paging = page(request, desk(request, "/courses"), rows, Course.PAGE, [row.id for row in rows])
    words = words_of(request)
    courses = [
        {"title": row.title or _("A course without a title"), "href": address(request, row), "status": words.state(row),
         "note": words.course_note(row)} for row in rows
    ]  # fmt: skip
    return render(
        request, "console/content/courses", layout="console", title=_("Courses"), courses=courses, paging=paging,
        notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/courses/new")
async def new(request: Request) -> Response:
    return new_page(request, CourseForm())


@post("/courses")
async def create(request: Request) -> Response:
    form, vendor, member = CourseForm.read(form_of(request)), vendor_of(request), member_of(request)
    if form.errors:
        return new_page(request, form, status=422)

    async def work() -> Course:
        await Vendor.hold(vendor.id)
        made = await editing.add_course(
            vendor.id, form.values["title"], _("Getting started"), description=form.values["description"]
        )
        await AuditEntry.record(vendor.id, member, "course.made", made.title)
        return made

    made = await database.transaction(work)
    return redirect(request, at(request, made.public_id, "?done=made"))


@screen("/courses/{course:str}")
async def show(request: Request, course: Part) -> Response:
    parts, words = await parts_of(request, course), words_of(request)
    row = parts.course
    picture = await picture_of(row)
    return render(
        request, "console/content/course", layout="console", title=row.title, notice=done(query_of(request).get("done", "")),
        course=facts(request, row) | {"description": row.description, "status": words.state(row), "picture": picture,
                                      "note": words.course_note(row), "hidden": not row.show_in_center},
        outline=words.outline(parts, lambda kind, name: f"{address(request, row)}/{kind}/{name}"),
        has_lessons=bool(parts.lessons),
    )  # fmt: skip


@screen("/courses/{course:str}/settings")
async def edit(request: Request, course: Part) -> Response:
    row = (await own_parts_of(request, course)).course
    source = row.picture_url or ""
    return await settings_page(request, row, CourseSettingsForm({
        "title": row.title, "description": row.description, "picture_alt": row.picture_alt,
        "picture_url": "" if source.startswith(OWN) else source, "upgrade_url": row.upgrade_url or "",
        "show_in_center": "1" if row.show_in_center else "",
    }))  # fmt: skip


@file_form("/courses/{course:str}/settings")
async def update(request: Request, course: Part) -> Response:
    row = (await own_parts_of(request, course)).course
    async with upload_of(request, PICTURE_BYTES) as upload:
        form = CourseSettingsForm.read(upload.fields)
        kept = await taken_picture(upload, form)
    if form.errors:
        return await settings_page(request, row, form, status=422)

    async def work(parts: Parts) -> None:
        source = await source_of(parts.course, form, kept)
        await editing.change(
            parts.course, title=form.values["title"], description=form.values["description"], picture_url=source,
            picture_alt=form.values["picture_alt"], show_in_center=bool(form.values["show_in_center"]),
            upgrade_url=form.text("upgrade_url"),
        )  # fmt: skip
        await want_pictures(row.vendor, None if (source or OWN).startswith(OWN) else source, form.values["description"])

    await change(request, course, "course.changed", work, subject=form.values["title"])
    request.app.state.worker.wake()
    return redirect(request, at(request, course, "?done=saved"))


@screen("/courses/{course:str}/keeping", opt={"role": ADMIN})
async def ask_keeping(request: Request, course: Part) -> Response:
    row = await course_of(request, course)
    title = _("Let ClickFunnels keep it again?") if row.kept_here_at else _("Keep this course here?")
    return render(
        request, "console/content/keeping", layout="console", title=title, heading=title, course=facts(request, row)
    )


@post("/courses/{course:str}/keeping", opt={"role": ADMIN})
async def keep(request: Request, course: Part) -> Response:
    """From ClickFunnels to here, or back; what was made here is nobody else's and stays."""
    kept = form_of(request).get("kept") == "1"

    async def work(parts: Parts) -> None:
        await editing.keep_here(parts.course, kept)

    await change(request, course, "course.kept_here" if kept else "course.returned", work, own=False)
    return redirect(request, at(request, course, "?done=kept" if kept else "?done=returned"))


ROUTES = [index, new, create, show, edit, update, ask_keeping, keep]


def words_of(request: Any) -> ContentWords:
    return ContentWords(vendor_of(request).zone, database.now())


def address(request: Any, row: Course, rest: str = "") -> str:
    return center_of(request).url(at(request, row.public_id, rest))


def facts(request: Any, row: Course) -> dict[str, Any]:
    """What every page about a course knows of it."""
    return {
        "title": row.title, "href": address(request, row), "is_own": row.is_own,
        "came_from_clickfunnels": row.kept_here_at is not None, "may_publish": member_of(request).may(ADMIN),
    }  # fmt: skip


def new_page(request: Any, form: CourseForm, status: int = 200) -> Response:
    return render(
        request, "console/content/new_course", layout="console", title=_("New course"), form=form, status=status
    )


async def settings_page(request: Any, row: Course, form: CourseSettingsForm, status: int = 200) -> Response:
    return render(
        request, "console/content/settings", layout="console", title=_("About the course"), form=form, status=status,
        course=facts(request, row), picture=await picture_of(row),
    )  # fmt: skip


async def picture_of(row: Course) -> dict[str, Any] | None:
    """The course's picture as it is served, once it is here."""
    found = (await Picture.among(row.vendor, [row.picture_url])).get(row.picture_url) if row.picture_url else None
    if not found:
        return None
    return {
        "url": f"/media/{found['path']}",
        "width": found["width"],
        "height": found["height"],
        "alt": row.picture_alt,
    }


async def taken_picture(upload: Upload, form: CourseSettingsForm) -> pictures.Kept | None:
    """The picture that was sent, re-encoded; what is wrong with it goes into the form."""
    if upload.problem == "no_room":
        form.errors["picture"] = _("There is no room left on the server for it. Please tell whoever runs it.")
    elif upload.problem:
        form.errors["picture"] = _("The picture is larger than 8 MB. Make it smaller and try again.")
    if form.errors or not upload.file:
        return None
    try:
        return await asyncio.to_thread(pictures.keep, await upload.file.read())
    except pictures.Unusable:
        form.errors["picture"] = _(
            "This is not a picture we can use. Send a PNG, JPEG, WebP or GIF of at most 40 megapixels."
        )
        return None


async def source_of(row: Course, form: CourseSettingsForm, kept: pictures.Kept | None) -> str | None:
    """The picture's address: a new file, else a typed address, else the file that is there unless it is to go."""
    if kept:
        return await Picture.keep(row.vendor, kept.path, kept.width, kept.height)
    if form.values["picture_url"]:
        return form.values["picture_url"]
    stays = (row.picture_url or "").startswith(OWN) and not form.values["remove_picture"]
    return row.picture_url if stays else None
