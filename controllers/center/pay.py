"""The link in a mail about money: it reaches this page alone, where a bill is paid or another card is given. No session."""

from __future__ import annotations

from typing import Any, NamedTuple

import structlog
from litestar import Request, Response, post

from emails.pay_link import PURPOSE
from integrations.billing import cards
from tables.billing_command import BillingCommand, Underway
from tables.card_setup import CardSetup
from tables.customer import Customer
from tables.email_address import masked_address
from tables.invoice import Invoice
from tables.mailed_link import MailedLink
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming import pay_words
from theming.account_words import spent_title
from web import card_pages
from web.limits import PAY_PER_IP, allow_ip, network
from web.rendering import redirect, render
from web.requests import Part, center_of, screen

TRIES = 30
"""How often the forms behind one link may be sent."""

log = structlog.get_logger("billing")


class Case(NamedTuple):
    """What a link is about; `order` and `bill` are None where it only adds a card."""

    link: MailedLink
    customer: Customer
    vendor: Vendor
    order: Order | None
    bill: Invoice | None
    method: PaymentMethod | None


@screen("/pay/{token:str}")
async def show(request: Request, token: Part) -> Response:
    case = await find(request, token)
    return await page(request, token, case) if isinstance(case, Case) else spent(request, case)


@post("/pay/{token:str}")
async def pay(request: Request, token: Part) -> Response:
    """Pay the bill now with the card that the subscription has."""
    case = await find(request, token)
    if not isinstance(case, Case) or not await allowed(request, case):
        return spent(request, case.link if isinstance(case, Case) else case)
    if case.order is not None and case.bill is not None and can_pay(case):
        try:
            await cards.ask_to_pay(case.vendor, case.order, case.bill, case.method)
        except Underway:
            log.info("paid already", vendor=case.vendor.id)
        request.app.state.worker.wake()
    return redirect(request, f"/pay/{token}")


@screen("/pay/{token:str}/setups")
async def setups(request: Request, token: Part) -> Response:
    case = await find(request, token)
    return redirect(request, f"/pay/{token}") if isinstance(case, Case) else spent(request, case)


@post("/pay/{token:str}/setups")
async def use_another(request: Request, token: Part) -> Response:
    """On to Stripe's own page for another card, and back to this one."""
    case = await find(request, token)
    if not isinstance(case, Case) or not await allowed(request, case):
        return spent(request, case.link if isinstance(case, Case) else case)
    if not case.vendor.stripe_api_key:
        return redirect(request, f"/pay/{token}")
    setup = await card_pages.begin(request, case.customer, case.order.id if case.order else None, case.link.id)
    return await card_pages.go_on(request, setup, case.customer, f"/pay/{token}")


ROUTES = [show, pay, setups, use_another]


async def find(request: Any, token: str) -> Case | MailedLink | None:
    """The link and what it is about; the link alone, or nothing, where it opens nothing (any more)."""
    vendor_id = center_of(request).vendor_id
    link = await MailedLink.by_token(vendor_id, PURPOSE, token)
    if link is None or link.state != "live" or link.tries >= TRIES:
        return link
    customer, vendor = await Customer.by_id(vendor_id, link.customer), await Vendor.by_id(vendor_id)
    if customer is None or vendor is None or not customer.may_enter or customer.email != link.email:
        return None
    order = await Order.behind(vendor_id, link.details["order"]) if link.details.get("order") else None
    if order is not None and (order.customer != customer.id or order.deleted_at):
        return None
    if order is None and not link.details.get("setup"):
        return None
    bill = await bill_of(link, order) if order else None
    method = await PaymentMethod.by_reference(vendor_id, customer.id, order.payment_method) if order else None
    return Case(link, customer, vendor, order, bill, method if method and not method.removed_at else None)


async def bill_of(link: MailedLink, order: Order) -> Invoice | None:
    """The bill that the mail was about, else the newest that waits for money."""
    bills = await Invoice.of(order.vendor, order.id)
    meant = next((bill for bill in bills if bill.id == link.details.get("invoice")), None)
    return meant or next((bill for bill in bills if bill.status != "paid" and bill.due), None)


async def allowed(request: Any, case: Case) -> bool:
    """Count a form against the network and the link; False where the link was used too often."""
    await allow_ip(request, PAY_PER_IP)
    return await case.link.count_try(TRIES)


async def page(request: Any, token: str, case: Case) -> Response:
    """What is due, and what was asked for already. It names the subscription and nobody."""
    center, command = center_of(request), await asked_since(case)
    setup = await CardSetup.newest_of_link(case.vendor.id, case.customer.id, case.link.id)
    can_add, busy = bool(case.vendor.stripe_api_key), command is not None and command.is_open
    if can_add and (whole := card_pages.let_forms_lead_to_stripe(request)):
        return whole
    return render(
        request, "pay/show", layout="narrow", title=pay_words.title(case.bill), scripts=False,
        about=pay_words.facts(center, case.order, case.bill), states=pay_words.states(case.bill, command, setup),
        waiting=busy or (setup is not None and setup.is_open),
        pay_label=pay_words.pay_label(case.method) if can_pay(case) and not busy else None, can_add=can_add,
        at_stripe=setup.url if setup and setup.is_open else None,
        hosted=case.bill.pay_url if case.bill and pay_words.is_due(case.bill) and not busy else None,
        masked=masked_address(case.link.email), action=center.url(f"/pay/{token}"), support_email=center.support_email,
    )  # fmt: skip


def can_pay(case: Case) -> bool:
    return case.order is not None and pay_words.is_due(case.bill) and cards.can_pay(case.vendor, case.order)


async def asked_since(case: Case) -> BillingCommand | None:
    """The last wish about the subscription, if it was made since the mail."""
    found = await BillingCommand.newest_about(case.vendor.id, case.order.id) if case.order else None
    return (
        found if found and found.customer == case.customer.id and found.requested_at >= case.link.created_at else None
    )


def spent(request: Any, link: MailedLink | None) -> Response:
    """It opens nothing any more; signing in still does."""
    reason = "unknown" if link is None else link.state if link.state != "live" else "worn"
    log.info("pay link spent", vendor=center_of(request).slug, reason=reason, ip=network(request))
    return render(
        request, "pay/spent", layout="narrow", title=spent_title(reason), status=410, scripts=False, reason=reason
    )
