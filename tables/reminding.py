"""Which subscriptions are charged soon: found by an index, claimed in one statement, and what the charge will be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import database
from database import Row
from tables.invoice import Invoice
from tables.order import Order, OrderLine
from tables.price import DAYS, Price

LONG, SHORT = timedelta(days=7), timedelta(days=3)
"""How long before a charge: of a year or more, and of a month up to a year. What is charged more often is not announced."""
TAKES_HOLD = timedelta(days=1)
"""What was bought so lately needs no reminder yet."""
YEAR, MONTH = 360, 28
PERIOD = (
    "(SELECT MIN((CASE WHEN l.interval LIKE 'year%' THEN 365 WHEN l.interval LIKE 'quarter%' THEN 91 "
    "WHEN l.interval LIKE 'month%' THEN 30 WHEN l.interval LIKE 'week%' THEN 7 ELSE 1 END) * COALESCE(l.interval_count, 1)) "
    "FROM order_lines l WHERE l.vendor_id = o.vendor_id AND l.order_id = o.id AND l.interval IS NOT NULL)"
)
"""The days of an order's shortest period. A plain EXISTS might be answered by reading all lines of everybody."""
RUNNING = "o.order_type = 'subscription-order' AND o.deleted_at IS NULL AND o.service_status"
WHEN = {
    "renewal_at": f"{RUNNING} = 'active'",
    "next_charge_at": f"{RUNNING} = 'active' AND o.renewal_at IS NULL",
    "trial_end_at": f"{RUNNING} = 'trialing'",
}
"""The column that says when a subscription is charged next, by what it is; each has an index of its own."""


class Charge(NamedTuple):
    """What a subscription is charged next: the amount in minor units, None where nobody can tell."""

    at: datetime
    amount: int | None
    currency: str
    ends_trial: bool
    plus_tax: bool
    new_plan: str
    """The name of the plan it changes to with this charge."""


def charge_at(order: Order) -> datetime | None:
    """When a running subscription is charged next."""
    if order.service_status == "trialing":
        return order.trial_end_at
    return (order.renewal_at or order.next_charge_at) if order.service_status == "active" else None


async def due(limit: int) -> list[Row]:
    """Subscriptions whose next charge is to be announced now, of vendors that want it; the soonest first."""
    now, found = database.now(), []
    for column, condition in WHEN.items():
        at = f"o.{column}"
        found += await database.raw(
            f"SELECT o.id, o.vendor_id, {at} AS at FROM orders o JOIN vendors v ON v.id = o.vendor_id "
            f"WHERE {condition} AND {at} > {{}} AND {at} <= {{}} AND (o.reminded_for IS NULL OR o.reminded_for <> {at}) "
            f"AND ({at} <= {{}} OR {PERIOD} >= {YEAR}) AND o.placed_at <= {{}} AND v.mail_reminders "
            f"ORDER BY {at} LIMIT {int(limit)}",
            now, now + (SHORT if column == "trial_end_at" else LONG), now + SHORT, now - TAKES_HOLD,
        )  # fmt: skip
    return found


async def claim(vendor_id: int, order_id: int) -> Order | None:
    """The order, if it is still to be reminded of: one statement decides among all workers, in the mail's transaction."""
    now = database.now()
    for column, condition in WHEN.items():
        rows = await database.raw(
            f"UPDATE orders AS o SET reminded_for = {column} WHERE o.vendor_id = {{}} AND o.id = {{}} AND {condition} "
            f"AND o.{column} > {{}} AND o.{column} <= {{}} AND (o.reminded_for IS NULL OR o.reminded_for <> o.{column}) "
            "RETURNING id", vendor_id, order_id, now, now + LONG,
        )  # fmt: skip
        if rows:
            return await Order.behind(vendor_id, order_id)
    return None


def wanted(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Whether this charge is announced at all: not that of a week."""
    periods = [days_of(line) for line in lines if line.interval]
    return order.service_status == "trialing" or (bool(periods) and min(periods) >= MONTH)


def days_of(line: OrderLine) -> int:
    return DAYS.get((line.interval or "").removesuffix("s") + "s", 1) * (line.interval_count or 1)


async def next_charge(order: Order, lines: Sequence[OrderLine]) -> Charge:
    """The plan it changes to then, else what the last renewal came to, else the price of its lines before tax."""
    at, trial = charge_at(order), order.service_status == "trialing"
    assert at is not None
    if change := pending(order, at):
        return Charge(at, change.get("amount"), change.get("currency") or order.currency, trial, False, change["name"])
    bills = await Invoice.of(order.vendor, order.id)
    last = next(
        (bill for bill in bills if bill.invoice_type == "renewal" and bill.status == "paid" and bill.total), None
    )
    if last:
        return Charge(at, last.total, last.currency, trial, False, "")
    priced = [line for line in lines if line.interval and line.amount is not None]
    amount = sum(line.amount * line.quantity for line in priced) if priced else None
    currency = priced[0].currency if priced else order.currency
    return Charge(at, amount, currency, trial, bool(order.tax), "")


def pending(order: Any, at: datetime) -> dict[str, Any] | None:
    """The change of plan that takes place with the charge, if one does."""
    change = json.loads(order.pending_change) if order.pending_change else None
    if not change or not change.get("name"):
        return None
    begins = change.get("at")
    return change if begins is None or datetime.fromisoformat(begins) <= at + TAKES_HOLD else None


async def may_cancel(order: Order, lines: Sequence[OrderLine]) -> bool:
    """Whether its prices let customers cancel by themselves, as far as they say anything."""
    prices = await Price.among(order.vendor, [line.price_clickfunnels_id for line in lines if line.interval])
    return all(price.self_cancel is not False for price in prices)
