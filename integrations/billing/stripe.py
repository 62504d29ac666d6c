"""Stripe as the holder of subscriptions and cards: the official SDK, one idempotency key for each request of a wish.

Nothing is taken for done because a request went well: what was touched is looked at once more and mirrored, and the
mirror confirms (ADR 21).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from integrations.billing import Plan, Preview, Refused, Write, reckoning
from integrations.stripe import card_wishes, wishes
from integrations.stripe.answers import written
from integrations.stripe.asking import MISSING, Asking, Touched, account, id_of
from integrations.stripe.values import INTERVALS, minor
from tables import billing_command as kinds_
from tables.billing_command import KINDS, STRIPE, BillingCommand
from tables.order import Order, OrderLine
from tables.price import per_day
from tables.stripe_customer import StripeCustomer
from tables.vendor import Vendor

name = STRIPE
kinds: frozenset[str] = frozenset(KINDS)
STEPS: dict[str, Callable[[Asking], Awaitable[Touched]]] = {
    kinds_.CANCEL: wishes.cancel, kinds_.KEEP: wishes.keep, kinds_.CHANGE_PLAN: wishes.change_plan,
    kinds_.KEEP_PLAN: wishes.keep_plan, kinds_.PAUSE: wishes.pause, kinds_.RESUME: wishes.resume,
    kinds_.REACTIVATE: wishes.reactivate, kinds_.USE_METHOD: card_wishes.use_method, kinds_.PAY: card_wishes.pay,
    kinds_.DEFAULT_METHOD: card_wishes.default_method, kinds_.UPDATE_METHOD: card_wishes.update_method,
    kinds_.REMOVE_METHOD: card_wishes.remove_method,
}  # fmt: skip


async def perform(vendor: Vendor, command: BillingCommand) -> Write | None:
    async with account(vendor) as stripe:
        touched = await STEPS[command.kind](await Asking.about(stripe.v1, vendor, command))
        return await written(stripe, vendor, command, touched)


async def plans(vendor: Vendor, order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
    """The vendor's list, as far as Stripe sells it now, at Stripe's own amounts."""
    listed = await reckoning.plans(order, lines)
    if not listed:
        return []
    async with account(vendor) as stripe:
        found = await asyncio.gather(*(price_of(stripe, plan.price) for plan in listed))
    line = next(line for line in lines if line.interval and line.price_clickfunnels_id)
    today = per_day(line.amount or 0, line.interval, line.interval_count)
    made = [plan for each, price in zip(listed, found, strict=True) if (plan := on_sale(each, price, today))]
    return sorted(made, key=lambda plan: per_day(plan.amount, plan.interval, plan.interval_count))


async def price_of(stripe: Any, reference: str) -> Any | None:
    from stripe import InvalidRequestError

    try:
        return await stripe.v1.prices.retrieve_async(reference)
    except InvalidRequestError as error:
        if error.code != "resource_missing":
            raise
        return None


def on_sale(plan: Plan, price: Any, today: float) -> Plan | None:
    if price is None or not price.active or not price.recurring or price.unit_amount is None:
        return None
    if price.currency.upper() != plan.currency:
        return None
    amount = minor(price.unit_amount, plan.currency) or 0
    interval, count = INTERVALS[price.recurring.interval], price.recurring.interval_count
    upgrade = per_day(amount, interval, count) > today
    return plan._replace(amount=amount, interval=interval, interval_count=count, upgrade=upgrade)


async def preview(vendor: Vendor, order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
    """What Stripe itself would bill, tax and what is left of today's plan included."""
    async with account(vendor) as stripe:
        of = await stripe.v1.subscriptions.retrieve_async(order.clickfunnels_id)
        owned = {row.reference for row in await StripeCustomer.of(order.vendor, order.customer)}
        if id_of(of.customer) not in owned:
            raise Refused(MISSING)
        if not plan.upgrade:
            return await at_period_end(stripe, of, plan)
        now = await bill(stripe, of, plan, "always_invoice")
        return await at_once(stripe, of, plan, now)


async def at_once(stripe: Any, of: Any, plan: Plan, now: Any) -> Preview:
    """With another rhythm a new period begins today; else the next bill comes when it would have come anyway."""
    due, item = minor(now.total, plan.currency), of["items"].data[0]
    rhythm = INTERVALS[item.price.recurring.interval], item.price.recurring.interval_count
    if rhythm == (plan.interval, plan.interval_count):
        coming = await bill(stripe, of, plan, "none")
        return Preview(due, minor(coming.total, plan.currency), instant(item.current_period_end), plan.currency, False)
    until = max(line.period.end for line in now.lines.data)
    return Preview(due, plan.amount * item.quantity, instant(until), plan.currency, False)


async def at_period_end(stripe: Any, of: Any, plan: Plan) -> Preview:
    coming = await bill(stripe, of, plan, "none")
    until = instant(of["items"].data[0].current_period_end)
    return Preview(0, minor(coming.total, plan.currency), until, plan.currency, at_period_end=True)


async def bill(stripe: Any, of: Any, plan: Plan, prorated: str) -> Any:
    item = of["items"].data[0]
    return await stripe.v1.invoices.create_preview_async({"subscription": of.id, "subscription_details": {
        "items": [{"id": item.id, "price": plan.price, "quantity": item.quantity}], "proration_behavior": prorated,
    }})  # fmt: skip


def instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
