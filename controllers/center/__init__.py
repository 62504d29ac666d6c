"""A vendor's center: everything below its host or its `/<vendor>`."""

from __future__ import annotations

from litestar import Request, Response, Router

from controllers.center import (
    account,
    courses,
    deletion,
    email,
    entry,
    kept_forms,
    password,
    pay,
    sign_in,
    sign_in_password,
    sso,
)
from tables.enrollment import has_courses
from web.rendering import redirect
from web.requests import SIGNED_IN, center_of, person_of, screen
from web.tenancy import INSIDE


@screen("/", opt=SIGNED_IN)
async def landing(request: Request) -> Response:
    """Courses if they have any, else My Account (ClickFunnels' own tab priority)."""
    owns = await has_courses(center_of(request).vendor_id, person_of(request).customer_id)
    return redirect(request, "/courses" if owns else "/account")


MODULES = [sign_in, sign_in_password, password, sso, courses, kept_forms, email, deletion, entry, pay]

router = Router(
    INSIDE,
    route_handlers=[landing, *(route for module in MODULES for route in module.ROUTES), account.router],
)
