"""Adding a payment method: on Stripe's own page, by a link for another device, or in the vendor's other way."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from emails import finish_card
from tables.card_setup import REQUESTED, CardSetup
from tables.email_address import masked_address
from tables.order import Order, Subscription
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming.payment_words import PaymentWords
from theming.words import _
from web import card_pages
from web.errors import Refused
from web.limits import CARD_LINKS, CARD_SETUPS, take
from web.rendering import redirect, render
from web.requests import Part, center_of, customer_of, form_of, person_of, query_of, require_switch, screen

NEW, SETUPS = "/account/payment-methods/new", "/account/payment-methods/setups"


@screen("/payment-methods/new")
async def new(request: Request) -> Response:
    require_switch(request, "payment_method_updates")
    center, query = center_of(request), query_of(request)
    order, subscription = await meant(request, query.get("subscription", ""))
    stripe = await has_stripe(request)
    if stripe and (whole := card_pages.let_forms_lead_to_stripe(request)):
        return whole
    sent = {"tone": "good", "text": _("We have sent you the link. It works for one day.")}
    return render(
        request, "account/new_payment_method", layout="account", title=_("Add payment method"),
        support_email=center.support_email, stripe=stripe, masked=masked_address(person_of(request).email),
        subscription={"id": subscription, "name": order.summary or _("Subscription")} if order else None,
        notice=sent if "sent" in query else None,
    )  # fmt: skip


@screen("/payment-methods/setups")
async def setups(request: Request) -> Response:
    return redirect(request, NEW)


@post("/payment-methods/setups")
async def create(request: Request) -> Response:
    customer, order = await asking(request)
    await take(CARD_SETUPS, f"{customer.vendor}|{customer.id}")
    setup = await card_pages.begin(request, customer, order.id if order else None)
    return await card_pages.go_on(request, setup, customer, f"{SETUPS}/{setup.public_id}")


@screen("/payment-methods/setups/{setup:str}")
async def show(request: Request, setup: Part) -> Response:
    """What our own row says: nothing in the address that Stripe sends people back to is believed."""
    found = await own(request, setup)
    if found.status == REQUESTED and (whole := card_pages.let_forms_lead_to_stripe(request)):
        return whole
    return await state_page(request, found)


@post("/payment-methods/setups/{setup:str}")
async def resume(request: Request, setup: Part) -> Response:
    """Once more to the same page of Stripe's, as long as it is not settled."""
    found, customer = await own(request, setup), await customer_of(request)
    if not found.is_open:
        return redirect(request, f"{SETUPS}/{setup}")
    await take(CARD_SETUPS, f"{customer.vendor}|{customer.id}")
    return await card_pages.go_on(request, found, customer, f"{SETUPS}/{setup}")


@screen("/payment-methods/links")
async def links(request: Request) -> Response:
    return redirect(request, NEW)


@post("/payment-methods/links")
async def send_link(request: Request) -> Response:
    """The same step for another device, by mail."""
    customer, order = await asking(request)
    await take(CARD_LINKS, f"{customer.vendor}|{customer.id}")
    await database.transaction(lambda: finish_card.queue(center_of(request), customer, order))
    request.app.state.worker.wake()
    return redirect(request, f"{NEW}?sent=1")


ROUTES = [new, setups, create, show, resume, links, send_link]


async def asking(request: Any) -> tuple[Any, Order | None]:
    """Who asks, and for which subscription; raises Refused where the vendor has no Stripe account or allows no changes."""
    require_switch(request, "payment_method_updates")
    if not await has_stripe(request):
        raise Refused(404)
    order, _public_id = await meant(request, form_of(request).get("subscription", ""))
    return await customer_of(request), order


async def has_stripe(request: Any) -> bool:
    vendor = await Vendor.by_id(center_of(request).vendor_id)
    return vendor is not None and bool(vendor.stripe_api_key)


async def meant(request: Any, public_id: str) -> tuple[Order | None, str]:
    """The customer's own subscription that is to be paid with the card; raises Refused for anybody else's."""
    if not public_id:
        return None, ""
    vendor_id = center_of(request).vendor_id
    found = await Subscription.by_public_id(vendor_id, person_of(request).customer_id, public_id)
    order = await Order.behind(vendor_id, found.order) if found else None
    if order is None:
        raise Refused(404)
    return order, public_id


async def own(request: Any, public_id: str) -> CardSetup:
    """The customer's own, and not one of a mailed link."""
    require_switch(request, "payment_method_updates")
    found = await CardSetup.own(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if found is None or found.link is not None:
        raise Refused(404)
    return found


async def state_page(request: Any, setup: CardSetup) -> Response:
    center = center_of(request)
    order = await Order.behind(setup.vendor, setup.order) if setup.order else None
    method = await PaymentMethod.by_reference(setup.vendor, setup.customer, setup.reference)
    public_id = await Subscription.public_id_of(setup.vendor, order.id) if order else None
    titles = {"complete": _("Card saved"), "open": _("Waiting for Stripe"), "requested": _("Waiting for Stripe")}
    return render(
        request, "account/card_setup", layout="account", title=titles.get(setup.status, _("Nothing was changed")),
        setup={"status": setup.status, "error": setup.error, "url": setup.url if setup.is_open else None,
               "href": center.url(f"{SETUPS}/{setup.public_id}")},
        method=PaymentWords(center).one(method) if method else None,
        subscription={"name": order.summary or _("Subscription"), "href": center.url(f"/account/subscriptions/{public_id}")}
        if order and public_id else None,
        used=bool(order and setup.reference and order.payment_method == setup.reference),
    )  # fmt: skip
