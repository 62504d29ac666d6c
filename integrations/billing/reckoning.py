"""What a change of plan costs by the rules ClickFunnels documents, where no holder works it out.

Dearer plans begin at once and are billed in full; cheaper ones begin when the paid period is over (ClickFunnels docs: customer
dashboard, manage subscription orders).
"""

from __future__ import annotations

from collections.abc import Sequence

from integrations.billing import Plan, Preview
from tables.order import Order, OrderLine
from tables.price import Price, PriceTarget, per_day


async def plans(order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
    """The plans that the vendor listed for a subscription's price, in its own currency, the cheapest first."""
    line = next((line for line in lines if line.interval and line.price_clickfunnels_id), None)
    if line is None:
        return []
    found = await Price.among(order.vendor, await PriceTarget.of(order.vendor, line.price_clickfunnels_id))
    made = [plan_of(price, line) for price in found
            if not price.archived and price.amount is not None and price.interval and price.currency == line.currency
            and price.clickfunnels_id != line.price_clickfunnels_id]  # fmt: skip
    return sorted(made, key=lambda plan: per_day(plan.amount, plan.interval, plan.interval_count))


def plan_of(price: Price, line: OrderLine) -> Plan:
    today = per_day((line.amount or 0), line.interval, line.interval_count)
    return Plan(
        price.clickfunnels_id, price.name, price.amount or 0, price.currency, price.interval or "months",
        price.interval_count or 1, price.daily > today,
    )  # fmt: skip


def preview(order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
    """Our own reckoning, which the vendor has the last word on."""
    quantity = next((line.quantity for line in lines if line.interval), 1)
    amount, renewal = plan.amount * quantity, order.renewal_at or order.next_charge_at
    if plan.upgrade:
        return Preview(amount, amount, None, plan.currency, at_period_end=False, exact=False)
    return Preview(0, amount, renewal, plan.currency, at_period_end=True, exact=False)
