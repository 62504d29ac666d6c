"""My Account's first page: personal information."""

from __future__ import annotations

from litestar import Request, Response

from theming.formats import day
from theming.words import _
from web.rendering import render
from web.requests import center_of, customer_of, person_of, screen
from web.telephones import on_file


@screen("/")
async def index(request: Request) -> Response:
    center, person, customer = center_of(request), person_of(request), await customer_of(request)
    since, phone = day(customer.created_at, center.zone, center.locale), await on_file(request, customer)
    name = person.name if customer.first_name or customer.last_name else _("Not given")
    details = [
        {"label": _("Name"), "value": name}, {"label": _("Email"), "value": customer.email},
        {"label": _("Phone"), "value": phone or _("None on file"), "ltr": bool(phone)},
        {"label": _("Account since"), "value": since.text if since else ""},
    ]  # fmt: skip
    return render(
        request, "account/index", layout="account", title=_("My Account"), details=details,
        more=request.scope["state"]["more"],
    )  # fmt: skip


ROUTES = [index]
