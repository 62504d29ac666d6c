"""Stripe as the holder of subscriptions and cards."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.billing import Plan, Preview, Write, reckoning
from tables.billing_command import STRIPE, BillingCommand
from tables.order import Order, OrderLine
from tables.vendor import Vendor

name = STRIPE
kinds: frozenset[str] = frozenset()


async def plans(vendor: Vendor, order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
    return await reckoning.plans(order, lines)


async def preview(vendor: Vendor, order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
    return reckoning.preview(order, lines, plan)


async def perform(vendor: Vendor, command: BillingCommand) -> Write | None:
    return None
