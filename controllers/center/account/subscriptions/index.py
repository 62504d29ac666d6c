"""The list of subscriptions, one with everything about it, and taking a request back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from litestar import Request, Response, post

import database
from integrations.billing import asking
from tables.billing_command import BillingCommand
from tables.invoice import Invoice
from tables.order import SUBSCRIPTION_PAGE, OrderLine, subscriptions_of
from tables.payment_method import PaymentMethod
from tables.subscribing import is_open
from theming import change_words
from theming.order_words import OrderWords, chip
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.rendering import render
from web.requests import Part, center_of, person_of, query_of, screen
from web.subscribed import Subscribed, home, subscribed

ACTIONS = ("change_plan", "use_method", "pause", "resume", "cancel", "reactivate")
PAGES = {"change_plan": "plan", "use_method": "payment-method", "pause": "pause", "resume": "resumption",
         "cancel": "cancellation", "reactivate": "reactivation"}  # fmt: skip


@screen("/subscriptions")
async def index(request: Request) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    rows = await subscriptions_of(
        vendor=center.vendor_id, customer=person_of(request).customer_id, below=below(request)
    )  # fmt: skip
    rows, paging = page(request, "/account/subscriptions", rows, SUBSCRIPTION_PAGE, [row["id"] for row in rows])
    orders = [row["order"] for row in rows]
    lines, asked = (
        await OrderLine.of(center.vendor_id, *orders),
        await BillingCommand.open_among(center.vendor_id, orders),
    )
    return render(
        request, "account/subscriptions", layout="account", title=_("Subscriptions"), paging=paging,
        subscriptions=[
            {"name": row["summary"] or _("Subscription"), "status": chip(words.service, row["service_status"]),
             "plan": words.plan([line for line in lines if line.order == row["order"]]),
             "when_text": words.next_date(row), "href": center.url(f"/account/subscriptions/{row['public_id']}"),
             "request": change_words.short(asked[row["order"]]) if row["order"] in asked else ""}
            for row in rows
        ],
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}")
async def show(request: Request, subscription: Part) -> Response:
    it, now = await subscribed(request, subscription), database.now()
    words, order, vendor_id = it.words, it.order, it.order.vendor
    method = await PaymentMethod.by_reference(vendor_id, order.customer, order.payment_method)
    bills = await Invoice.of(vendor_id, order.id)
    newest = it.open or await BillingCommand.newest_about(vendor_id, order.id)
    wish = words.request(newest, order, now)
    if wish and newest:
        wish["withdrawal"] = it.href(f"requests/{newest.public_id}/withdrawal")
    return render(
        request, "account/subscription", layout="account", title=it.name, notice=notice(query_of(request).get("done", "")),
        subscription=it.shown | {
            "status": chip(words.service, order.service_status), "notice": words.state_notice(order, now),
            "facts": words.facts(order, it.lines, method, now), "pay": it.href("payment") if it.offers("pay") else None,
            "keep": it.href("renewal") if it.offers("keep") else None,
        },
        wish=wish, change=change(it), actions=actions(it),
        invoices=payable(it, bills, words.papers(order, bills)),
        order={"number": order.number, "href": words.order_url(order.number)},
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/requests/{command:str}/withdrawal")
async def withdrawal(request: Request, subscription: Part, command: Part) -> Response:
    it, _command = await own(request, subscription, command)
    return home(request, it)


@post("/subscriptions/{subscription:str}/requests/{command:str}/withdrawal")
async def withdraw(request: Request, subscription: Part, command: Part) -> Response:
    it, found = await own(request, subscription, command)
    taken = await asking.withdraw(found)
    request.app.state.worker.wake()
    return home(request, it, "withdrawn" if taken else "late")


ROUTES = [index, show, withdrawal, withdraw]


async def own(request: Any, subscription: str, command: str) -> tuple[Subscribed, BillingCommand]:
    """A request of the customer's about this very subscription."""
    it = await subscribed(request, subscription)
    found = await BillingCommand.own(it.order.vendor, person_of(request).customer_id, command)
    if found is None or found.order != it.order.id:
        raise Refused(404)
    return it, found


def actions(it: Subscribed) -> list[dict[str, str]]:
    """What can be asked for now, each with its page."""
    labels = {
        "change_plan": _("Change plan"), "use_method": _("Change AutoPay method"), "pause": _("Pause subscription"),
        "resume": _("Resume subscription"), "cancel": _("Cancel subscription"), "reactivate": _("Reactivate subscription"),
    }  # fmt: skip
    return [{"label": labels[kind], "href": it.href(PAGES[kind])} for kind in ACTIONS if it.offers(kind)]


def change(it: Subscribed) -> dict[str, Any] | None:
    """The change of plan that is coming, with the way to stay."""
    found = it.words.pending_change(it.order)
    return found | {"keep": it.href("plan") if it.offers("keep_plan") else None} if found else None


def payable(it: Subscribed, bills: Sequence[Invoice], shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Invoices in words; those that are open with the page where they are paid, as far as there is one."""
    here = it.href("payment") if it.offers("pay") else None
    return [
        words | {"pay": (bill.pay_url or here) if bill and is_open(bill) else None,
                 "outside": bool(bill and bill.pay_url)}
        for words, bill in zip_longest(shown, bills)
    ]  # fmt: skip


def notice(done: str) -> dict[str, str] | None:
    texts = {
        "withdrawn": ("good", _("You took your request back. Nothing was changed.")),
        "late": ("warn", _("Your request is on its way already and cannot be taken back any more.")),
        "underway": ("warn", _("Another request about this subscription is not settled yet. Please wait until it is.")),
        "same": ("info", _("That is how it is already. Nothing was changed.")),
    }  # fmt: skip
    tone, text = texts.get(done, ("", ""))
    return {"tone": tone, "text": text} if text else None
