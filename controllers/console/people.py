"""Who is enrolled in a course: the list, enrolling by hand, suspending with a reason, taking out."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, post

import database
from emails import enrolled
from forms.console.content import EnrollForm, SuspensionForm
from tables import enrolling
from tables.base import is_local
from tables.course import Course
from tables.course_parts import Parts
from tables.customer import Customer
from tables.enrollment import Enrollment
from theming.center import center_of as storefront_of
from theming.console.content_words import ContentWords, done
from theming.words import _
from web.console import vendor_of
from web.content import at, change, course_of
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

REFUSED = {enrolling.ALREADY, enrolling.SUSPENDED_ALREADY, enrolling.CLOSED}


@screen("/courses/{course:str}/people")
async def index(request: Request, course: Part) -> Response:
    return await people_page(request, await course_of(request, course), EnrollForm({"send_mail": "1"}))


@post("/courses/{course:str}/people")
async def enroll(request: Request, course: Part) -> Response:
    form, row = EnrollForm.read(form_of(request)), await course_of(request, course)
    if not form.errors and (problem := await admitted(request, row, form)):
        form.errors["email"] = problem
    if form.errors:
        return await people_page(request, row, form, status=422)
    request.app.state.worker.wake()
    return redirect(request, at(request, course, "/people?done=enrolled"))


@screen("/courses/{course:str}/people/{enrollment:str}")
async def edit(request: Request, course: Part, enrollment: Part) -> Response:
    row = await course_of(request, course)
    found = await enrollment_of(row, enrollment)
    return await person_page(request, row, found, SuspensionForm({"reason": found.reason_here or ""}))


@post("/courses/{course:str}/people/{enrollment:str}")
async def suspend(request: Request, course: Part, enrollment: Part) -> Response:
    """Suspend with a reason, or lift it (`do=lift`)."""
    row, form, lifts = (
        await course_of(request, course),
        SuspensionForm.read(form_of(request)),
        form_of(request).get("do") == "lift",
    )
    found = await enrollment_of(row, enrollment)
    if form.errors:
        return await person_page(request, row, found, form, status=422)

    async def work(parts: Parts) -> None:
        if lifts:
            await enrolling.lift(row.vendor, found.id)
        else:
            await enrolling.suspend(row.vendor, found.id, form.values["reason"])

    detail = {} if lifts else {"reason": form.values["reason"]}
    person = await email_of(found)
    await change(request, course, "enrollment.lifted" if lifts else "enrollment.suspended", work, subject=person, own=False,
                 course=row.title, **detail)  # fmt: skip
    return redirect(request, at(request, course, f"/people?done={'lifted' if lifts else 'suspended'}"))


@screen("/courses/{course:str}/people/{enrollment:str}/removal")
async def ask_removal(request: Request, course: Part, enrollment: Part) -> Response:
    row = await course_of(request, course)
    found = await enrollment_of(row, enrollment)
    title = _("Take %(email)s out of the course?", email=await email_of(found))
    return render(
        request, "console/content/removal", layout="console", title=title, heading=title, course=back_to(request, row),
        person_href=person_url(request, row, found), own=is_local(found.clickfunnels_id),
    )  # fmt: skip


@post("/courses/{course:str}/people/{enrollment:str}/removal")
async def remove(request: Request, course: Part, enrollment: Part) -> Response:
    row = await course_of(request, course)
    found = await enrollment_of(row, enrollment)
    if not is_local(found.clickfunnels_id):
        return redirect(request, at(request, course, f"/people/{enrollment}"))

    async def work(parts: Parts) -> None:
        await enrolling.take_out(found)

    await change(
        request, course, "enrollment.removed", work, own=False, subject=await email_of(found), course=row.title
    )
    return redirect(request, at(request, course, "/people?done=removed"))


ROUTES = [index, enroll, edit, suspend, ask_removal, remove]


async def admitted(request: Any, row: Course, form: EnrollForm) -> str | None:
    """Enroll the person in the form; what stands in the way, in words, if anything does."""
    center = storefront_of(vendor_of(request))

    async def work(parts: Parts) -> enrolling.Enrolled:
        result = await enrolling.enroll(parts.course, form.email, form.values["first_name"], form.values["last_name"])
        if result.verdict in REFUSED:
            raise Stays(result.verdict)
        if form.values["send_mail"]:
            await enrolled.queue(center, result.customer, parts.course, result.enrollment)
        return result

    try:
        await change(request, row.public_id, "enrollment.made", work, own=False, subject=form.email, course=row.title)
    except Stays as stays:
        return {
            enrolling.ALREADY: _("This person is enrolled already."),
            enrolling.SUSPENDED_ALREADY: _("This person is enrolled, but suspended. Find them in the list to lift it."),
        }.get(str(stays), _("This account is closed and takes nobody in."))
    return None


class Stays(Exception):
    """Nothing is changed, the reason being a verdict of `enrolling`."""


async def enrollment_of(row: Course, enrollment: str) -> Enrollment:
    found = await enrolling.find(row.vendor, row.clickfunnels_id, enrollment)
    if found is None:
        raise Refused(404)
    return found


async def email_of(found: Enrollment) -> str:
    customer = await Customer.by_id(found.vendor, found.customer)
    return customer.email if customer else ""


def back_to(request: Any, row: Course) -> dict[str, Any]:
    return {
        "title": row.title,
        "href": center_of(request).url(at(request, row.public_id)),
        "is_live": row.published_at is not None,
    }


def person_url(request: Any, row: Course, found: Any) -> str:
    name = found if isinstance(found, str) else found.public_id
    return center_of(request).url(at(request, row.public_id, f"/people/{name}"))


async def people_page(request: Any, row: Course, form: EnrollForm, status: int = 200) -> Response:
    typed = query_of(request).get("q", "").strip()[:254]
    bounds = {"vendor": row.vendor, "course": row.clickfunnels_id, "below": below(request)}
    if typed:
        rows = await enrolling.enrolled_like(**bounds, like=enrolling.beginning(typed))
    else:
        rows = await enrolling.enrolled_in(**bounds)
    path = at(request, row.public_id, "/people")
    rows, paging = page(request, path, rows, enrolling.PAGE, [one["id"] for one in rows])
    if typed and paging["older"]:
        paging["older"] += f"&q={quote(typed, safe='')}"
    words = ContentWords(vendor_of(request).zone, database.now())
    return render(
        request, "console/content/people", layout="console", title=_("People in “%(title)s”", title=row.title), form=form,
        status=status, course=back_to(request, row), here=center_of(request).url(path), typed=typed, paging=paging,
        people=[words.enrollment(one, person_url(request, row, one["public_id"])) for one in rows],
        notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


async def person_page(
    request: Any, row: Course, found: Enrollment, form: SuspensionForm, status: int = 200
) -> Response:
    email = await email_of(found)
    return render(
        request, "console/content/person", layout="console", title=email, heading=email, form=form, status=status,
        course=back_to(request, row), person_href=person_url(request, row, found), own=is_local(found.clickfunnels_id),
        suspended=found.suspended_here_at is not None, suspended_there=bool(found.suspended),
        reason=found.reason_here or found.suspension_reason or "",
    )  # fmt: skip
