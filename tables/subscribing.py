"""What a subscription is right now, and which wishes about it make sense."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tables.billing_command import (
    CANCEL,
    CHANGE_PLAN,
    KEEP,
    KEEP_PLAN,
    PAUSE,
    PAY,
    REACTIVATE,
    RESUME,
    USE_METHOD,
)
from tables.order import ENDED, OVERDUE, Order, OrderLine
from tables.periods import first_after

RUNNING, ENDING, PAUSED, SUSPENDED, PENDING, OVER = "running", "ending", "paused", "suspended", "pending", "over"
STATES = {"active": RUNNING, "trialing": RUNNING, "paused": PAUSED, "suspended": SUSPENDED, "completed": OVER}
ALIVE = frozenset({RUNNING, PAUSED, SUSPENDED})
SENSE = {
    CANCEL: ALIVE, KEEP: frozenset({ENDING}), CHANGE_PLAN: frozenset({RUNNING}), KEEP_PLAN: frozenset({RUNNING}),
    PAUSE: frozenset({RUNNING}), RESUME: frozenset({PAUSED}), REACTIVATE: frozenset({OVER}),
    USE_METHOD: ALIVE, PAY: ALIVE,
}  # fmt: skip
RETURNS = frozenset({"churned", "canceled", "trial-ended"})
"""How a subscription ends that can begin again."""
UNPAID = frozenset({"unpaid", "open", "past-due", "delinquent", "failed", "partially-paid"})


def state_of(order: Order, now: datetime) -> str:
    """Running, ending (cancelled and paid for a while yet), paused, suspended, pending or over."""
    service = order.service_status.replace("_", "-")
    if service == "canceled":
        return OVER if order.paid_until and order.paid_until <= now else ENDING
    return OVER if service in ENDED else STATES.get(service, PENDING)


def makes_sense(order: Order, kind: str, now: datetime) -> bool:
    """Whether a wish of this kind could come true as the subscription stands."""
    if state_of(order, now) not in SENSE[kind]:
        return False
    if kind == REACTIVATE:
        return order.service_status.replace("_", "-") in RETURNS
    if kind == KEEP_PLAN:
        return bool(order.pending_change)
    return kind != PAY or is_overdue(order)


def is_overdue(order: Order) -> bool:
    return order.billing_status in OVERDUE


def is_open(bill: Any) -> bool:
    """Whether an invoice still waits for money."""
    return bill.status.replace("_", "-") in UNPAID and not bill.paid_at


def renewing(lines: Sequence[OrderLine]) -> OrderLine | None:
    """The line that is charged again and again, whose price decides what may be changed."""
    return next((line for line in lines if line.interval), None)


def regular_amount(lines: Sequence[OrderLine]) -> int:
    """What a period costs without tax, in minor units."""
    return sum((line.amount or 0) * line.quantity for line in lines if line.interval)


def pending_of(order: Order) -> dict[str, Any] | None:
    """The plan it changes to, with `at` as a datetime."""
    if not order.pending_change:
        return None
    found = dict(json.loads(order.pending_change))
    return found | {"at": datetime.fromisoformat(found["at"]) if found.get("at") else None}


def next_charge(order: Order, lines: Sequence[OrderLine], now: datetime) -> datetime | None:
    """When the next payment is due, where there will be one and its day is known."""
    state = state_of(order, now)
    if state == PAUSED and order.resumes_at:
        return charge_after(order, lines, order.resumes_at)
    if state != RUNNING:
        return None
    trial = order.trial_end_at if order.service_status == "trialing" else None
    return order.next_charge_at or order.renewal_at or trial


def charge_after(order: Order, lines: Sequence[OrderLine], moment: datetime) -> datetime:
    """The first regular day of payment that does not come before a moment."""
    # While it is paused, its holder may name no next payment: then the paid period's end is where the days count from.
    start, line = order.next_charge_at or order.renewal_at or order.paid_until, renewing(lines)
    if start is None or line is None:
        return moment
    return first_after(start, line.interval or "months", line.interval_count or 1, moment)


def paid_to(order: Order) -> datetime | None:
    """Until when access lasts if it is cancelled now, as far as that is known."""
    trial = order.trial_end_at if order.service_status == "trialing" else None
    return order.paid_until or trial or order.renewal_at or order.next_charge_at
