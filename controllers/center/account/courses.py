"""The Courses tab: every enrollment, since when, how far, and why something is locked."""

from __future__ import annotations

from litestar import Request, Response

import database
from tables.enrollment import enrollments_of, outlines_of
from tables.outline import Builder, access_of
from theming.course_words import CourseWords
from theming.formats import day
from theming.words import _
from web.rendering import render
from web.requests import center_of, person_of, screen


@screen("/courses")
async def index(request: Request) -> Response:
    center, person, now = center_of(request), person_of(request), database.now()
    rows = await enrollments_of(vendor=center.vendor_id, customer=person.customer_id)
    parts = await outlines_of(vendor=center.vendor_id, customer=person.customer_id) if rows else []
    words, shown = CourseWords(center), []
    for row in rows:
        access = access_of(row, now)
        card = words.card(row, access, Builder(row, parts, access, now).build())
        shown.append(card | {"since": day(row["enrolled_at"], center.zone, center.locale)})
    return render(request, "account/courses", layout="account", title=_("Courses"), courses=shown)


ROUTES = [index]
