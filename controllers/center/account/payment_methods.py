"""The Payment Methods tab: what orders are charged to, as far as the vendor's system tells."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from tables.payment_method import PAGE, PaymentMethod
from theming.account_words import payment_method
from theming.words import _
from web.paging import below, page
from web.rendering import render
from web.requests import center_of, person_of, require_switch, screen


@screen("/payment-methods")
async def index(request: Request) -> Response:
    rows = await PaymentMethod.of(center_of(request).vendor_id, person_of(request).customer_id, below(request))
    methods: dict[int, Any] = {}
    for row in rows:
        method = methods.setdefault(row["id"], payment_method(row) | {"used_by": []})
        if row["number"]:
            method["used_by"].append(_("Order %(number)s: %(items)s", number=row["number"], items=row["summary"]))
    listed, paging = page(request, "/account/payment-methods", list(methods.values()), PAGE, list(methods))
    return render(
        request, "account/payment_methods", layout="account", title=_("Payment Methods"), methods=listed, paging=paging
    )  # fmt: skip


@screen("/payment-methods/new")
async def new(request: Request) -> Response:
    require_switch(request, "payment_method_updates")
    return render(
        request, "account/new_payment_method", layout="account", title=_("Add payment method"),
        support_email=center_of(request).support_email,
    )  # fmt: skip


ROUTES = [index, new]
