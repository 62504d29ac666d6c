"""What one subscription is paid with."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from forms.method import MethodForm
from tables.billing_command import USE_METHOD
from tables.payment_method import PaymentMethod
from theming.card_words import card_facts
from theming.words import _
from web.rendering import render
from web.requests import Part, form_of, screen
from web.subscribed import Subscribed, ask, home, manageable


@screen("/subscriptions/{subscription:str}/payment-method")
async def method_form(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, USE_METHOD)
    if not it.offers(USE_METHOD):
        return home(request, it, "underway" if it.open else "")
    return page(request, it, await methods(it), MethodForm({}))


@post("/subscriptions/{subscription:str}/payment-method")
async def use(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, USE_METHOD)
    if it.open is None and not it.offers(USE_METHOD):
        return home(request, it)
    found, form = await methods(it), MethodForm(form_of(request))
    form.check_among(found)
    chosen = form.chosen
    if chosen is None:
        return page(request, it, found, form)
    if it.open is None and chosen.reference == it.order.payment_method:
        return home(request, it, "same")
    before = next((method for method in found if method.reference == it.order.payment_method), None)
    return await ask(request, it, USE_METHOD, method=chosen, reference=chosen.reference, card=card_facts(chosen),
                     previous=card_facts(before) if before else None)  # fmt: skip


ROUTES = [method_form, use]


async def methods(it: Subscribed) -> list[PaymentMethod]:
    """Those at the processor that charges this subscription."""
    return await PaymentMethod.at(it.order.vendor, it.order.customer, it.order.payment_processor)


def page(request: Any, it: Subscribed, found: list[PaymentMethod], form: MethodForm) -> Response:
    return render(
        request, "account/subscription_method", layout="account", title=_("Change AutoPay method"), form=form,
        status=422 if form.errors else 200, subscription=it.shown | {"here": it.href("payment-method")},
        choices=it.words.choices(found, it.order.payment_method, form.values["method"]),
        add=it.center.url(f"/account/payment-methods/new?subscription={it.public_id}"),
    )  # fmt: skip
