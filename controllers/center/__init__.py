"""A vendor's center: everything below its host or its `/<vendor>`."""

from __future__ import annotations

from litestar import Request, Response, Router

from controllers.center import account, courses, email, sign_in, sso
from tables.enrollment import has_courses
from web.rendering import redirect
from web.requests import SIGNED_IN, center_of, person_of, screen
from web.tenancy import INSIDE


@screen("/", opt=SIGNED_IN)
async def landing(request: Request) -> Response:
    """Courses if they have any, else My Account (ClickFunnels' own tab priority)."""
    owns = await has_courses(center_of(request).vendor_id, person_of(request).customer_id)
    return redirect(request, "/courses" if owns else "/account")


router = Router(
    INSIDE, route_handlers=[landing, *sign_in.ROUTES, *courses.ROUTES, *email.ROUTES, *sso.ROUTES, account.router]
)
