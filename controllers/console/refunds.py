"""Giving money back: recorded here, with its credit memo; paid at the payment processor."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from emails import credit_memo
from forms.console.amounts import written
from forms.console.orders import RefundForm
from tables import refund
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.member import ADMIN
from tables.order import Order
from theming.center import center_of as storefront_of
from theming.formats import money
from theming.words import _
from web.belongings import order_at
from web.console import desk, member_of, vendor_of
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen

GUARD = {"role": ADMIN}


@screen("/orders/{number:str}/refund", opt=GUARD)
async def new(request: Request, number: Part) -> Response:
    order = await order_at(request, number)
    left = await refund.left_of(order)
    return page(request, order, left, RefundForm({"amount": written(left, order.currency, vendor_of(request).locale)}))


@post("/orders/{number:str}/refund", opt=GUARD)
async def create(request: Request, number: Part) -> Response:
    order, form, vendor = await order_at(request, number), RefundForm.read(form_of(request)), vendor_of(request)
    form.check_amount(order.currency, vendor.locale)
    if form.errors:
        return page(request, order, await refund.left_of(order), form, status=422)
    try:
        await database.transaction(lambda: give_back(request, number, form))
    except refund.TooMuch as error:
        form.errors["amount"] = too_much(error.left, order.currency, vendor.locale)
        return page(request, order, error.left, form, status=422)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/orders/{order.number}?done=refunded"))


ROUTES = [new, create]


async def give_back(request: Any, number: str, form: RefundForm) -> None:
    """All of it in one transaction, from the order as it stands by then."""
    vendor, order = vendor_of(request), await order_at(request, number)
    memo = await refund.record(order, form.amount, form.values["reason"])
    said = {
        "amount": money(memo.amount, memo.currency, vendor.locale), "credit_memo": memo.number,
        "reason": form.values["reason"],
    }  # fmt: skip
    await AuditEntry.record(vendor.id, member_of(request), "order.refunded", order.number, **said)
    customer = await Customer.by_id(vendor.id, order.customer)
    if form.mails and customer is not None and customer.may_enter:
        await credit_memo.queue(storefront_of(vendor), customer, memo, order.number)


def too_much(left: int, currency: str, locale: str) -> str:
    if not left:
        return _("Nothing is left to give back.")
    return _("No more than %(amount)s is left to give back.", amount=money(left, currency, locale))


def page(request: Any, order: Order, left: int, form: RefundForm, status: int = 200) -> Response:
    return render(
        request, "console/orders/refund", layout="console", title=_("Refund order %(number)s", number=order.number), form=form,
        status=status, number=order.number, currency=order.currency, left=money(left, order.currency, vendor_of(request).locale),
        any_left=left > 0, here=center_of(request).url(desk(request, f"/orders/{order.number}")),
    )  # fmt: skip
