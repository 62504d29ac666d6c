"""The Payment Methods tab: what orders are charged to, as far as the vendor's system tells."""

from __future__ import annotations

from litestar import Request, Response

from tables.payment_method import PaymentMethod
from theming.words import _
from web.rendering import render
from web.requests import center_of, person_of, screen

PROCESSORS = {"stripe": "Stripe", "payments_ai": "Payments AI"}


@screen("/payment-methods")
async def index(request: Request) -> Response:
    methods: dict[str, dict] = {}  # type: ignore[type-arg]
    for row in await PaymentMethod.of(center_of(request).vendor_id, person_of(request).customer_id):
        name = PROCESSORS.get(row["processor"], row["processor"])
        method = methods.setdefault(row["public_id"], {
            "label": _("Payment method with %(name)s", name=name) if name else _("Payment method"),
            "detail": _("Reference ending in %(tail)s", tail=row["reference"][-4:]), "used_by": [],
        })  # fmt: skip
        if row["number"]:
            method["used_by"].append(_("Order %(number)s: %(items)s", number=row["number"], items=row["summary"]))
    return render(
        request, "account/payment_methods", layout="account", title=_("Payment Methods"),
        methods=list(methods.values()),
    )  # fmt: skip


ROUTES = [index]
