"""Cancelling in two pages, and taking it back while the subscription still runs."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.cancellation import CancellationForm, reasons_of
from integrations.billing import asking
from tables.billing_command import CANCEL, KEEP, PAUSE, BillingCommand
from tables.subscribing import next_charge, paid_to, regular_amount
from tables.vendor import Vendor
from theming import change_words
from theming.words import _
from web.rendering import render
from web.requests import Part, form_of, person_of, screen
from web.subscribed import Subscribed, ask, home, manageable, subscribed, vendor_of


@screen("/subscriptions/{subscription:str}/cancellation")
async def cancellation(request: Request, subscription: Part) -> Response:
    """Where mails and vendors' own pages send those who want to cancel; survives a sign-in like every page."""
    it = await manageable(request, subscription, CANCEL)
    if it.open is not None and it.open.kind == CANCEL:
        return asked(request, it)
    vendor = await vendor_of(request)
    return await first_page(request, it, vendor, CancellationForm({}, reasons_of(vendor.cancel_reasons)))


@post("/subscriptions/{subscription:str}/cancellation")
async def cancel(request: Request, subscription: Part) -> Response:
    it, vendor = await manageable(request, subscription, CANCEL), await vendor_of(request)
    form = CancellationForm.read(form_of(request), reasons_of(vendor.cancel_reasons))
    if form.errors:
        return await first_page(request, it, vendor, form)
    if it.open is None and not it.offers(CANCEL):
        return home(request, it)
    until, reason = paid_to(it.order), form.chosen
    return await ask(
        request, it, CANCEL, back="/cancellation", at_period_end=True, until=until.isoformat() if until else None,
        reason=reason.code if reason else None, reason_text=reason.own if reason else "", comment=form.values["comment"],
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/renewal")
async def renewal(request: Request, subscription: Part) -> Response:
    return home(request, await subscribed(request, subscription))


@post("/subscriptions/{subscription:str}/renewal")
async def keep(request: Request, subscription: Part) -> Response:
    """Stay after all: take the request back, or ask for a confirmed cancellation to be undone."""
    it = await manageable(request, subscription, KEEP)
    if it.open is not None and it.open.kind == CANCEL:
        taken = await asking.withdraw(it.open)
        request.app.state.worker.wake()
        return home(request, it, "withdrawn" if taken else "late")
    if it.open is None and not it.offers(KEEP):
        return home(request, it)
    at = it.order.renewal_at or it.order.paid_until
    return await ask(request, it, KEEP, next_amount=regular_amount(it.lines), currency=it.order.currency,
                     next_at=at.isoformat() if at else None)  # fmt: skip


ROUTES = [cancellation, cancel, renewal, keep]


async def first_page(request: Any, it: Subscribed, vendor: Vendor, form: CancellationForm) -> Response:
    """Until when access lasts, why (if they want to say), and the vendor's offer if it was not seen before."""
    now, until = database.now(), paid_to(it.order)
    # Somebody who asked before has seen the offer: once is honest, twice is a hurdle.
    offered = bool(vendor.cancel_offer) and not await BillingCommand.asked_before(vendor.id, it.order.id, CANCEL)
    upcoming = next_charge(it.order, it.lines, now)
    return render(
        request, "account/cancellation", layout="account", title=_("Cancel subscription"), form=form,
        status=422 if form.errors else 200, choices=form.choices,
        subscription=it.shown | {
            "notice": over(it), "until": it.words.date(until) if until and until > now else None,
            "over_at_once": bool(until and until <= now), "renews": it.words.date(upcoming), "here": it.href("cancellation"),
            "pause": it.href("pause") if it.offers(PAUSE) else None, "keep": it.href("renewal") if it.offers(KEEP) else None,
        },
        offer={"text": vendor.cancel_offer, "href": vendor.cancel_offer_url} if offered else None,
    )  # fmt: skip


def asked(request: Any, it: Subscribed) -> Response:
    """The second page: what was asked, until when access lasts, and that it is not done yet."""
    assert it.open is not None
    until = it.open.wish.get("until")
    return render(
        request, "account/cancellation_asked", layout="account", title=_("We received your request"),
        subscription=it.shown, asked=change_words.date_of(it.center, it.open.requested_at),
        until=change_words.date(it.words, until), email=person_of(request).email,
        withdrawal=it.href(f"requests/{it.open.public_id}/withdrawal") if it.open.can_be_withdrawn else None,
    )  # fmt: skip


def over(it: Subscribed) -> dict[str, str] | None:
    """Why there is nothing to cancel, or not now; None while there is."""
    if it.open is not None:
        return change_words.state(it.center, it.open)
    if it.offers(CANCEL):
        return None
    if it.offers(KEEP):
        return it.words.notice(it.order)
    return {"tone": "info", "text": _("This subscription has ended already.")}
