"""The Addresses tab."""

from __future__ import annotations

from litestar import Request, Response

from tables.address import Address
from theming.words import _
from web.rendering import render
from web.requests import customer_of, screen


@screen("/addresses")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    return render(
        request, "account/addresses", layout="account", title=_("Addresses"),
        addresses=[
            {"lines": address.lines, "is_default": address.id == customer.default_address, "note": None}
            for address in await Address.of(customer.vendor, customer.id)
        ],
    )  # fmt: skip


ROUTES = [index]
