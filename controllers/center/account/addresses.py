"""The Addresses tab."""

from __future__ import annotations

from litestar import Request, Response

from tables.address import PAGE, Address
from theming.words import _
from web.paging import below, page
from web.rendering import render
from web.requests import customer_of, screen


@screen("/addresses")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    rows = await Address.of(customer.vendor, customer.id, below(request))
    shown, paging = page(request, "/account/addresses", rows, PAGE, [row.id for row in rows])
    return render(
        request, "account/addresses", layout="account", title=_("Addresses"),
        addresses=[
            {"lines": address.lines, "is_default": address.id == customer.default_address, "note": None}
            for address in shown
        ],
        paging=paging,
    )  # fmt: skip


ROUTES = [index]
