"""Nobody we can reach: the vendor is told by mail, does it where the money is, and confirms in the console."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.billing import Plan, Preview, Write, reckoning
from tables.billing_command import KINDS, MANUAL, BillingCommand
from tables.order import Order, OrderLine
from tables.vendor import Vendor

name = MANUAL
kinds = frozenset(KINDS)


async def plans(vendor: Vendor, order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
    return await reckoning.plans(order, lines)


async def preview(vendor: Vendor, order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
    return reckoning.preview(order, lines, plan)


async def perform(vendor: Vendor, command: BillingCommand) -> Write | None:
    """Never called: the vendor was told when the wish was written down."""
    return None
