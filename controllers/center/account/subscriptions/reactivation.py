"""Beginning an ended subscription again, paid with a method of one's choice."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from forms.method import MethodForm
from tables.billing_command import REACTIVATE
from tables.payment_method import PaymentMethod
from tables.subscribing import regular_amount
from theming.card_words import card_facts
from theming.subscription_words import plan_facts
from theming.words import _
from web.rendering import render
from web.requests import Part, form_of, screen
from web.subscribed import Subscribed, ask, home, manageable


@screen("/subscriptions/{subscription:str}/reactivation")
async def reactivation(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, REACTIVATE)
    if not it.offers(REACTIVATE):
        return home(request, it, "underway" if it.open else "")
    return page(request, it, await methods(it), MethodForm({}))


@post("/subscriptions/{subscription:str}/reactivation")
async def reactivate(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, REACTIVATE)
    if it.open is None and not it.offers(REACTIVATE):
        return home(request, it)
    found, form = await methods(it), MethodForm(form_of(request))
    form.check_among(found, needed=bool(found))
    if form.errors:
        return page(request, it, found, form)
    chosen = form.chosen
    return await ask(
        request, it, REACTIVATE, method=chosen, reference=chosen.reference if chosen else None,
        card=card_facts(chosen) if chosen else None, plan=plan_facts(it.line) if it.line else None,
        price=it.line.price_clickfunnels_id if it.line else None, amount=regular_amount(it.lines),
        currency=it.order.currency,
    )  # fmt: skip


ROUTES = [reactivation, reactivate]


async def methods(it: Subscribed) -> list[PaymentMethod]:
    return await PaymentMethod.at(it.order.vendor, it.order.customer, it.order.payment_processor)


def page(request: Any, it: Subscribed, found: list[PaymentMethod], form: MethodForm) -> Response:
    price = it.words.money(regular_amount(it.lines), it.order.currency)
    return render(
        request, "account/subscription_reactivate", layout="account", title=_("Reactivate subscription"), form=form,
        status=422 if form.errors else 200, subscription=it.shown | {"here": it.href("reactivation")}, price=price,
        choices=it.words.choices(found, it.order.payment_method, form.values["method"]),
        add=it.center.url(f"/account/payment-methods/new?subscription={it.public_id}")
        if "payment_method_updates" in it.center.allowed else None,
    )  # fmt: skip
