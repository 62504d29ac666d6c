"""The Phone Numbers tab."""

from __future__ import annotations

from litestar import Request, Response

from tables.phone_number import PhoneNumber
from theming.words import _
from web.rendering import render
from web.requests import customer_of, screen


@screen("/phone-numbers")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    return render(
        request, "account/phone_numbers", layout="account", title=_("Phone Numbers"),
        phones=[
            {"number": phone.number, "is_default": phone.number == customer.phone,
             "note": _("Given with an order") if phone.origin == "order" else None}
            for phone in await PhoneNumber.of(customer.vendor, customer.id)
        ],
    )  # fmt: skip


ROUTES = [index]
