"""Paying what is overdue: now, or with another card."""

from __future__ import annotations

from litestar import Request, Response, post

from tables.billing_command import PAY, USE_METHOD
from tables.invoice import Invoice
from tables.payment_method import PaymentMethod
from tables.subscribing import is_open, regular_amount
from theming.card_words import card, card_facts
from theming.words import _
from web.rendering import render
from web.requests import Part, screen
from web.subscribed import Subscribed, ask, home, subscribed


@screen("/subscriptions/{subscription:str}/payment")
async def payment(request: Request, subscription: Part) -> Response:
    it = await subscribed(request, subscription)
    if not it.offers(PAY):
        return home(request, it, "underway" if it.open else "")
    bill, method = await owed(it), await used(it)
    return render(
        request, "account/subscription_payment", layout="account", title=_("Pay what is overdue"),
        subscription=it.shown | {"here": it.href("payment")}, price=it.words.money(amount(it, bill), it.order.currency),
        invoice=it.words.invoice(bill) if bill else None, pay_url=bill.pay_url if bill else None,
        method=card(card_facts(method)) if method else "",
        another=it.href("payment-method") if it.offers(USE_METHOD) else None,
    )  # fmt: skip


@post("/subscriptions/{subscription:str}/payment")
async def pay(request: Request, subscription: Part) -> Response:
    it = await subscribed(request, subscription)
    if it.open is None and not it.offers(PAY):
        return home(request, it)
    bill, method = await owed(it), await used(it)
    return await ask(
        request, it, PAY, invoice=bill, amount=amount(it, bill), currency=it.order.currency,
        number=bill.number if bill else "", reference=it.order.payment_method, card=card_facts(method) if method else None,
    )  # fmt: skip


ROUTES = [payment, pay]


async def owed(it: Subscribed) -> Invoice | None:
    """The oldest invoice that waits for money."""
    bills = [bill for bill in await Invoice.of(it.order.vendor, it.order.id) if is_open(bill)]
    return bills[-1] if bills else None


async def used(it: Subscribed) -> PaymentMethod | None:
    return await PaymentMethod.by_reference(it.order.vendor, it.order.customer, it.order.payment_method)


def amount(it: Subscribed, bill: Invoice | None) -> int:
    """What is owed in minor units."""
    if bill is None:
        return regular_amount(it.lines)
    return bill.due if bill.due is not None else bill.total or 0
