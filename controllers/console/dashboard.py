"""The dashboard: what the person signed in to the console has bought themselves, center by center."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

import database
from settings import settings
from tables.customer import Customer
from tables.outline import courses_of
from tables.session import PROVEN
from theming.center import Center
from theming.console.dashboard_words import Shelf, latest, shelf
from theming.words import _
from web.entry import door, issue
from web.errors import Refused
from web.rendering import elsewhere, redirect, render, safe_next
from web.requests import SIGNED_IN, Part, person_of, query_of, screen
from web.tenancy import by_slug

MOST = 20
"""How many centers are shown."""


@screen("/dashboard", opt=SIGNED_IN)
async def index(request: Request) -> Response:
    """Only a proven address opens anything: a session from the first run has not proven its own."""
    if not proven(request):
        return redirect(request, "/confirmation?next=/dashboard")
    shelves = [await filled(*place) for place in await places(person_of(request).email)]
    return render(
        request, "console/dashboard/index", title=_("Dashboard"), carry_on=latest(shelves), shelves=shelves,
        email=person_of(request).email, sole=len(shelves) == 1,
    )  # fmt: skip


@screen("/dashboard/{center:str}", opt=SIGNED_IN)
async def enter(request: Request, center: Part) -> Response:
    """On to a center with a code for the browser that it marked; where one is no customer there is no center."""
    if not proven(request):
        return redirect(request, "/confirmation?next=/dashboard")
    target, query = await by_slug(center), query_of(request)
    customer = await Customer.by_email(target.vendor_id or 0, person_of(request).email) if target else None
    if target is None or target.is_house or customer is None or not customer.may_enter:
        raise Refused(404)
    to = safe_next(query.get("to", "/"))
    if "mark" not in query:
        return elsewhere(request, door(target, to=to))
    return elsewhere(request, issue(request, target, customer.id, query["mark"][:64], to=to, email=customer.email))


ROUTES = [index, enter]


def proven(request: Any) -> bool:
    return person_of(request).auth_method in PROVEN


async def places(email: str) -> list[tuple[Center, int | None]]:
    """Each center with the customer one is there; the house's own comes first, even where one is none yet."""
    rows = await Customer.centers_of(email, settings.house_vendor, MOST)
    found = [(center, row["customer"]) for row in rows if (center := await by_slug(row["slug"]))]
    house = await by_slug(settings.house_vendor) if settings.house_vendor else None
    if house is None or house.is_house or any(center.slug == house.slug for center, _customer in found):
        return found
    return [(house, None), *found]


async def filled(center: Center, customer_id: int | None) -> Shelf:
    courses = await courses_of(center.vendor_id or 0, customer_id, database.now()) if customer_id else []
    shown = [course for course in courses if course[0]["public_id"] is None or course[0]["show_in_center"]]
    return shelf(center, customer_id is not None, shown, lambda to: door(center, to=to))
