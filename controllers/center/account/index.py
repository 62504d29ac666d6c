"""My Account's first page: personal information."""

from __future__ import annotations

from litestar import Request, Response

from theming.formats import day
from theming.words import _
from web.rendering import render
from web.requests import center_of, customer_of, person_of, screen


@screen("/")
async def index(request: Request) -> Response:
    center, person, customer = center_of(request), person_of(request), await customer_of(request)
    since = day(customer.created_at, center.zone, center.locale)
    details = [
        (_("Name"), person.name if customer.first_name or customer.last_name else _("Not given")),
        (_("Email"), customer.email), (_("Phone"), customer.phone or _("None on file")),
        (_("Account since"), since.text if since else ""),
    ]  # fmt: skip
    return render(
        request, "account/index", layout="account", title=_("My Account"),
        details=[{"label": label, "value": value} for label, value in details], more=request.scope["state"]["more"],
    )  # fmt: skip


ROUTES = [index]
