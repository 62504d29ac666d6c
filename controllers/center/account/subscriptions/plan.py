"""Another plan: which there are, what a change comes to, asking for it, and staying with today's after all."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from integrations.billing import Plan, Preview, Unreachable
from integrations.billing import Refused as SaidNo
from integrations.billing.holders import holder_of
from tables.billing_command import CHANGE_PLAN, KEEP_PLAN
from tables.price import allowed
from tables.subscribing import next_charge, regular_amount
from theming.subscription_words import holds, plan_facts, promise
from theming.words import _
from web.errors import Refused
from web.rendering import render
from web.requests import Part, form_of, screen
from web.subscribed import Subscribed, ask, home, manageable, trouble, vendor_of


@screen("/subscriptions/{subscription:str}/plan")
async def plans(request: Request, subscription: Part) -> Response:
    it = await manageable(request, subscription, CHANGE_PLAN)
    if not it.offers(CHANGE_PLAN):
        return home(request, it, "underway" if it.open else "")
    try:
        found = await offered(request, it)
    except (SaidNo, Unreachable) as error:
        return trouble(request, it, error)
    return render(
        request, "account/subscription_plans", layout="account", title=_("Change plan"), subscription=it.shown,
        plans=[it.words.plan_row(plan, it.order) | {"href": it.href(f"plan/{plan.price}")} for plan in found],
        change=it.words.pending_change(it.order), support_email=it.center.support_email,
    )  # fmt: skip


@post("/subscriptions/{subscription:str}/plan")
async def keep(request: Request, subscription: Part) -> Response:
    """Stay with today's plan instead of the one that would come."""
    it = await manageable(request, subscription, KEEP_PLAN)
    if it.open is None and not it.offers(KEEP_PLAN):
        return home(request, it)
    at = next_charge(it.order, it.lines, database.now())
    return await ask(
        request, it, KEEP_PLAN, plan=plan_facts(it.line) if it.line else None, next_amount=regular_amount(it.lines),
        currency=it.order.currency, next_at=at.isoformat() if at else None,
    )  # fmt: skip


@screen("/subscriptions/{subscription:str}/plan/{price:str}")
async def preview(request: Request, subscription: Part, price: Part) -> Response:
    it = await manageable(request, subscription, CHANGE_PLAN)
    if not it.offers(CHANGE_PLAN):
        return home(request, it, "underway" if it.open else "")
    try:
        plan, said = await previewed(request, it, price)
    except (SaidNo, Unreachable) as error:
        return trouble(request, it, error)
    return preview_page(request, it, plan, said)


@post("/subscriptions/{subscription:str}/plan/{price:str}")
async def change(request: Request, subscription: Part, price: Part) -> Response:
    """Ask for exactly what was shown; where it comes to something else by now, show that instead."""
    it = await manageable(request, subscription, CHANGE_PLAN)
    if not it.offers(CHANGE_PLAN):
        return home(request, it, "underway" if it.open and it.open.kind != CHANGE_PLAN else "")
    try:
        plan, said = await previewed(request, it, price)
    except (SaidNo, Unreachable) as error:
        return trouble(request, it, error)
    if not holds(form_of(request).get("seen", ""), said):
        return preview_page(request, it, plan, said, changed=True)
    return await ask(
        request, it, CHANGE_PLAN, price=plan.price, name=plan.name, amount=plan.amount, currency=plan.currency,
        interval=plan.interval, interval_count=plan.interval_count, at_period_end=said.at_period_end, due_now=said.due_now,
        next_amount=said.next_amount, next_at=said.next_at.isoformat() if said.next_at else None, exact=said.exact,
        previous=plan_facts(it.line) if it.line else None,
    )  # fmt: skip


ROUTES = [plans, keep, preview, change]


async def offered(request: Any, it: Subscribed) -> list[Plan]:
    """What the holder has to offer and the vendor lets customers choose; raises what the holder says instead."""
    vendor = await vendor_of(request)
    found = await holder_of(vendor, it.order, CHANGE_PLAN).plans(vendor, it.order, it.lines)
    return [
        plan for plan in found
        if allowed(it.center.allowed, it.price, "upgrade" if plan.upgrade else "downgrade")
    ]  # fmt: skip


async def previewed(request: Any, it: Subscribed, price: str) -> tuple[Plan, Preview]:
    """A plan on offer with what it comes to; raises Refused for any other."""
    plan = next((plan for plan in await offered(request, it) if plan.price == price), None)
    if plan is None:
        raise Refused(404)
    vendor = await vendor_of(request)
    return plan, await holder_of(vendor, it.order, CHANGE_PLAN).preview(vendor, it.order, it.lines, plan)


def preview_page(request: Any, it: Subscribed, plan: Plan, said: Preview, *, changed: bool = False) -> Response:
    title = _("Change to %(plan)s", plan=plan.name or it.words.plan_price(plan))
    return render(
        request, "account/subscription_preview", layout="account", title=title, status=422 if changed else 200,
        subscription=it.shown, heading=title, facts=it.words.preview_facts(it.shown["plan"], plan, said),
        preview={"at_period_end": said.at_period_end, "exact": said.exact, "changed": changed, "seen": promise(said),
                 "button": it.words.change_button(plan, said), "action": it.href(f"plan/{plan.price}")},
    )  # fmt: skip
