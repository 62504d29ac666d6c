"""The Courses tab: every enrollment, since when, how far, and why something is locked."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

import database
from tables.enrollment import SHORT_PAGE
from tables.outline import Access, Outline, courses_below
from theming.course_words import CourseWords
from theming.formats import day
from theming.words import _
from web.paging import below, page
from web.rendering import render
from web.requests import center_of, person_of, screen


@screen("/courses")
async def index(request: Request) -> Response:
    center, words = center_of(request), CourseWords(center_of(request))
    found = await courses_below(center.vendor_id, person_of(request).customer_id, below(request), database.now())
    shown, paging = page(
        request, "/account/courses", found, SHORT_PAGE, [row["id"] for row, _access, _outline in found]
    )
    return render(
        request, "account/courses", layout="account", title=_("Courses"), paging=paging,
        courses=[enrollment(words, *course) for course in shown],
    )  # fmt: skip


ROUTES = [index]


def enrollment(words: CourseWords, row: Any, access: Access, outline: Outline) -> dict[str, Any]:
    zone, locale = words.center.zone, words.center.locale
    return words.card(row, access, outline) | {
        "since": day(row["enrolled_at"], zone, locale), "finished": day(row["course_completed_at"], zone, locale),
        "opening": words.opening(access, outline),
    }  # fmt: skip
