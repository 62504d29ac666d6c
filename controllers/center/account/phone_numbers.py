"""The Phone Numbers tab."""

from __future__ import annotations

from litestar import Request, Response

from tables.phone_number import PAGE, PhoneNumber
from theming.words import _
from web.paging import below, page
from web.rendering import render
from web.requests import customer_of, screen


@screen("/phone-numbers")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    rows = await PhoneNumber.of(customer.vendor, customer.id, below(request))
    shown, paging = page(request, "/account/phone-numbers", rows, PAGE, [row.id for row in rows])
    return render(
        request, "account/phone_numbers", layout="account", title=_("Phone Numbers"),
        phones=[
            {"number": phone.number, "is_default": phone.number == customer.phone,
             "note": _("Given with an order") if phone.origin == "order" else None}
            for phone in shown
        ],
        paging=paging,
    )  # fmt: skip


ROUTES = [index]
