"""The Courses tab: every enrollment, since when, how far, and why something is locked."""

from __future__ import annotations

from litestar import Request, Response

import database
from tables.outline import courses_of
from theming.course_words import CourseWords
from theming.formats import day
from theming.words import _
from web.rendering import render
from web.requests import center_of, person_of, screen


@screen("/courses")
async def index(request: Request) -> Response:
    center, words = center_of(request), CourseWords(center_of(request))
    shown = [
        words.card(row, access, outline) | {"since": day(row["enrolled_at"], center.zone, center.locale)}
        for row, access, outline in await courses_of(center.vendor_id, person_of(request).customer_id, database.now())
    ]
    return render(request, "account/courses", layout="account", title=_("Courses"), courses=shown)


ROUTES = [index]
