"""Enroll many: a list of people, its columns, what would become of each row, and then the doing."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console import spreadsheet
from forms.console.content import ListForm, MappingForm
from jobs.enroll_people import enroll_batch
from tables.audit_entry import AuditEntry
from tables.course import Course
from tables.enrollment_import import CHECKED, DONE, PAGE, RUNNING, WAITING, EnrollmentImport, EnrollmentImportRow
from tables.member import ADMIN
from theming.console.content_words import VERDICTS, done, tally, verdict
from theming.formats import minute
from theming.words import _, _n
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen
from web.uploads import file_form, upload_of

LONGEST_NUMBER = 9


@screen("/enrolling", opt={"role": ADMIN})
async def index(request: Request) -> Response:
    return await start_page(request, ListForm())


@file_form("/enrolling", role=ADMIN)
async def create(request: Request) -> Response:
    """A file, or cells that were copied out of a spreadsheet."""
    async with upload_of(request, spreadsheet.LARGEST) as upload:
        form = ListForm(upload.fields)
        name = upload.file.name if upload.file else _("Pasted list")
        try:
            if upload.problem:
                raise spreadsheet.Unreadable(_("The list is larger than 5 MB. Split it into smaller ones."))
            content = await upload.file.read() if upload.file else form.values["cells"].encode()
            if not content.strip():
                raise spreadsheet.Unreadable(_("Choose a file, or paste the list."))
            sheet = spreadsheet.read(content)
        except spreadsheet.Unreadable as error:
            form.errors["file" if upload.file or not form.values["cells"] else "cells"] = str(error)
            return await start_page(request, form, status=422)
    made = await EnrollmentImport.begin(vendor_of(request).id, name, sheet.rows)
    return redirect(request, desk(request, f"/enrolling/{made.public_id}"))


@screen("/enrolling/{people:str}", opt={"role": ADMIN})
async def show(request: Request, people: Part) -> Response:
    found = await list_of(request, people)
    return await list_page(request, found, await typed(found))


@post("/enrolling/{people:str}", opt={"role": ADMIN})
async def check(request: Request, people: Part) -> Response:
    """Tell what would become of every row; enrolls nobody."""
    found, courses = await list_of(request, people), await Course.choices(vendor_of(request).id)
    if found.state not in (WAITING, CHECKED):
        return redirect(request, desk(request, f"/enrolling/{people}"))
    form = MappingForm.of(form_of(request), len(found.header), [one["public_id"] for one in courses])
    if form.errors:
        return await list_page(request, found, form, status=422)
    course = next((one["clickfunnels_id"] for one in courses if one["public_id"] == form.values["course"]), None)
    await found.check(form.columns, course, bool(form.values["send_mail"]))
    return redirect(request, desk(request, f"/enrolling/{people}"))


@screen("/enrolling/{people:str}/run", opt={"role": ADMIN})
async def ask_run(request: Request, people: Part) -> Response:
    await list_of(request, people)
    return redirect(request, desk(request, f"/enrolling/{people}"))


@post("/enrolling/{people:str}/run", opt={"role": ADMIN})
async def run(request: Request, people: Part) -> Response:
    """Carry it out: the first rows at once, the others by the worker."""
    found, vendor, member = await list_of(request, people), vendor_of(request), member_of(request)

    async def work() -> bool:
        if started := await found.start():
            await AuditEntry.record(vendor.id, member, "enrollment.list", found.name, mails=found.send_mail)
        return started

    if not await database.transaction(work):
        return redirect(request, desk(request, f"/enrolling/{people}"))
    ended = await enroll_batch(vendor.id, found.id, found.send_mail)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/enrolling/{people}" + ("" if ended else "?done=running")))


ROUTES = [index, create, show, check, ask_run, run]


async def list_of(request: Any, people: str) -> EnrollmentImport:
    found = await EnrollmentImport.by_public_id(vendor_of(request).id, people)
    if found is None:
        raise Refused(404)
    return found


async def start_page(request: Any, form: ListForm, status: int = 200) -> Response:
    vendor, center = vendor_of(request), center_of(request)
    states = {
        WAITING: _("Not checked yet"),
        CHECKED: _("Checked, not carried out"),
        RUNNING: _("Being carried out"),
        DONE: _("Done"),
    }
    lists = [
        {"name": one["name"], "href": center.url(desk(request, f"/enrolling/{one['public_id']}")),
         "state": states.get(one["state"], ""), "when": minute(one["made_at"], vendor.zone, "en")}
        for one in await EnrollmentImport.recent(vendor.id)
    ]  # fmt: skip
    return render(
        request, "console/enrolling/index", layout="console", title=_("Enroll many"), form=form, status=status, lists=lists,
        has_courses=bool(await Course.choices(vendor.id)),
    )  # fmt: skip


async def typed(found: EnrollmentImport) -> MappingForm:
    """The form as it was sent last, else as the columns' names suggest."""
    if found.state == DONE or found.state == RUNNING:
        return MappingForm()
    kept = found.columns
    columns = kept.get("columns") or spreadsheet.guesses(found.header, found.sample)
    courses = {one["clickfunnels_id"]: one["public_id"] for one in await Course.choices(found.vendor)}
    values = {name: "" if columns.get(field) is None else str(columns[field]) for name, field in (
        ("email", "email"), ("first_name", "first_name"), ("last_name", "last_name"), ("course_column", "course"))}  # fmt: skip
    return MappingForm(
        {**values, "course": courses.get(kept.get("course"), ""), "send_mail": "1" if found.send_mail else ""}
    )


async def list_page(request: Any, found: EnrollmentImport, form: MappingForm, status: int = 200) -> Response:
    vendor, here = vendor_of(request), desk(request, f"/enrolling/{found.public_id}")
    counts = await EnrollmentImportRow.tally(vendor.id, found.id)
    wanted, after = shown(request)
    rows = await EnrollmentImportRow.page(vendor.id, found.id, after, wanted)
    courses = await Course.choices(vendor.id)
    titles = {one["clickfunnels_id"]: one["title"] for one in courses}
    open_ = found.state in (WAITING, CHECKED)
    left = await EnrollmentImportRow.left(vendor.id, found.id)
    return render(
        request, "console/enrolling/show", layout="console", title=found.name, heading=found.name, form=form, status=status,
        here=center_of(request).url(here), state=found.state, is_open=open_, tallies=tally(counts), shown=wanted or "",
        columns=[(str(place), name or _("Column %(number)s", number=place + 1)) for place, name in enumerate(found.header)]
        if open_ else [],
        sample=found.sample if open_ else [], courses=[(one["public_id"], one["title"]) for one in courses],
        rows=[row_words(row, titles) for row in rows[:PAGE]], older=rows[PAGE - 1].number if len(rows) > PAGE else None,
        to_do=_n("Enroll %(num)s person", "Enroll %(num)s people", left) if left else "",
        left=_n("%(num)s row is still to do.", "%(num)s rows are still to do.", left),
        notice=done(query_of(request).get("done", "")) if found.state == RUNNING else None,
    )  # fmt: skip


def row_words(row: EnrollmentImportRow, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "number": row.number, "email": row.email or row.detail, "name": " ".join(filter(None, (row.first_name, row.last_name))),
        "course": titles.get(row.course_clickfunnels_id or "", row.detail if row.email else ""), "verdict": verdict(row.verdict),
    }  # fmt: skip


def shown(request: Any) -> tuple[str | None, int]:
    """The verdict that is asked for, and the row after which the page begins; 404 for what is neither."""
    query = query_of(request)
    word, after = query.get("show") or None, query.get("after", "0")
    if (word and word not in VERDICTS) or not (after.isascii() and after.isdigit() and len(after) <= LONGEST_NUMBER):
        raise Refused(404)
    return word, int(after)
