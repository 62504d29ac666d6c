"""The Subscriptions tab, and one subscription with its invoices."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from tables.invoice import Invoice
from tables.order import ENDED, SUBSCRIPTION_PAGE, Order, OrderLine, Subscription, subscriptions_of
from theming.center import Center
from theming.order_words import OrderWords, chip
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.rendering import render
from web.requests import Part, center_of, person_of, require_switch, screen


@screen("/subscriptions")
async def index(request: Request) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    rows = await subscriptions_of(
        vendor=center.vendor_id, customer=person_of(request).customer_id, below=below(request)
    )  # fmt: skip
    rows, paging = page(request, "/account/subscriptions", rows, SUBSCRIPTION_PAGE, [row["id"] for row in rows])
    lines = await OrderLine.of(center.vendor_id, *(row["order"] for row in rows))
    return render(
        request, "account/subscriptions", layout="account", title=_("Subscriptions"), paging=paging,
        subscriptions=[
            {"name": row["summary"] or _("Subscription"), "status": chip(words.service, row["service_status"]),
             "plan": words.plan([line for line in lines if line.order == row["order"]]),
             "when_text": words.next_date(row), "href": center.url(f"/account/subscriptions/{row['public_id']}")}
            for row in rows
        ],
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}")
async def show(request: Request, subscription: Part) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    order = await order_behind(request, subscription)
    lines = await OrderLine.of(center.vendor_id, order.id)
    return render(
        request, "account/subscription", layout="account", title=order.summary or _("Subscription"),
        subscription={
            "name": order.summary or _("Subscription"), "plan": words.plan(lines),
            "status": chip(words.service, order.service_status), "notice": words.notice(order), "facts": facts(words, order),
        },
        actions=[] if over(words, order) else actions(center, subscription),
        invoices=words.papers(order, await Invoice.of(center.vendor_id, order.id)),
        order={"number": order.number, "href": words.order_url(order.number)},
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/cancellation")
async def cancellation(request: Request, subscription: Part) -> Response:
    """Where mails and vendors' own pages send those who want to cancel; survives a sign-in like every page."""
    require_switch(request, "subscription_cancel")
    center, words = center_of(request), OrderWords(center_of(request))
    order = await order_behind(request, subscription)
    return render(
        request, "account/cancellation", layout="account", title=_("Cancel subscription"),
        subscription={
            "name": order.summary or _("Subscription"), "href": center.url(f"/account/subscriptions/{subscription}"),
            "notice": over(words, order),
        },
        order={"number": order.number}, until=words.date(order.paid_until or order.renewal_at),
        support_email=center.support_email, subject=_("Please cancel order %(number)s", number=order.number),
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/plan")
async def plan(request: Request, subscription: Part) -> Response:
    """How to change to another plan."""
    require_switch(request, "subscription_updates")
    order = await order_behind(request, subscription)
    return wish(
        request, subscription, order, title=_("Change plan"),
        subject=_("Another plan for order %(number)s", number=order.number),
        text=_("To change to another plan, write to %(name)s and mention order %(number)s.",
               name=center_of(request).name, number=order.number),
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/pause")
async def pause(request: Request, subscription: Part) -> Response:
    """How to suspend a subscription without ending it."""
    require_switch(request, "subscription_pause")
    order = await order_behind(request, subscription)
    return wish(
        request, subscription, order, title=_("Pause subscription"),
        subject=_("Please pause order %(number)s", number=order.number),
        text=_("To pause for a while, write to %(name)s and mention order %(number)s.",
               name=center_of(request).name, number=order.number),
    )  # fmt: skip


ROUTES = [index, show, cancellation, plan, pause]


def actions(center: Center, subscription: str) -> list[dict[str, str]]:
    """What the vendor lets customers ask for themselves."""
    pages = [
        ("subscription_updates", "plan", _("Change plan")), ("subscription_pause", "pause", _("Pause subscription")),
        ("subscription_cancel", "cancellation", _("Cancel subscription")),
    ]  # fmt: skip
    return [
        {"label": label, "href": center.url(f"/account/subscriptions/{subscription}/{path}")}
        for switch, path, label in pages if switch in center.allowed
    ]  # fmt: skip


def wish(request: Any, subscription: str, order: Order, *, title: str, text: str, subject: str) -> Response:
    """A page that says how to ask for something, as long as the subscription runs."""
    center, words = center_of(request), OrderWords(center_of(request))
    return render(
        request, "account/subscription_wish", layout="account", title=title, heading=title, text=text, subject=subject,
        subscription={
            "name": order.summary or _("Subscription"), "href": center.url(f"/account/subscriptions/{subscription}"),
            "notice": over(words, order),
        },
        support_email=center.support_email,
    )  # fmt: skip


async def order_behind(request: Any, subscription: str) -> Order:
    """The order of the customer's own subscription; raises Refused."""
    vendor_id = center_of(request).vendor_id
    found = await Subscription.by_public_id(vendor_id, person_of(request).customer_id, subscription)
    order = await Order.behind(vendor_id, found.order) if found else None
    if order is None:
        raise Refused(404)
    return order


def over(words: OrderWords, order: Order) -> dict[str, str] | None:
    """Why there is nothing left to cancel; None while there is."""
    service = order.service_status.replace("_", "-")
    if service == "canceled":
        return words.notice(order)
    if service in ENDED:
        return {"tone": "info", "text": _("This subscription has ended already.")}
    return None


def facts(words: OrderWords, order: Any) -> list[dict[str, str]]:
    """The dates of a subscription that are known."""
    dates = [
        (_("Started"), order.activated_at or order.placed_at), (_("Trial ends"), order.trial_end_at),
        (_("Next payment"), order.next_charge_at or order.renewal_at if order.service_status == "active" else None),
        (_("Paid until"), order.paid_until), (_("Canceled"), order.canceled_at),
    ]  # fmt: skip
    return [{"label": label, "value": words.date(moment).text} for label, moment in dates if moment]
