"""Who holds a customer's subscriptions and cards, and how a wish of theirs gets there: one interface, three modules.

ClickFunnels, Stripe, or nobody we can reach (`manual`: the vendor is told, and confirms in the console). A wish is a
`BillingCommand` row; it counts as done only when the holder's own state, mirrored here, shows it (ADR 21).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from tables.billing_command import BillingCommand
from tables.order import Order, OrderLine
from tables.vendor import Vendor

Write = Callable[[], Awaitable[None]]
"""Writes a holder's answer into the mirror, inside a transaction that holds the vendor's row; it may be run again."""


class Refused(Exception):
    """The holder says no, and will say so again; the text is for people, in plain words and without secrets."""


class Unsure(Refused):
    """It is given up, and may have been done all the same."""


class Unreachable(Exception):
    """It may work later: no connection, a timeout, a fault of theirs. `seconds` is what they ask to wait."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Plan(NamedTuple):
    """A price that a subscription may be changed to; the amount in minor units for each period."""

    price: str
    name: str
    amount: int
    currency: str
    interval: str
    """ClickFunnels' plural words: days, weeks, months, quarters, years."""
    interval_count: int
    upgrade: bool
    """Dearer by the day than today's: it takes effect at once. What is cheaper begins with the next period."""


class Preview(NamedTuple):
    """What a change of plan costs: amounts in minor units of `currency`, negative for money that comes back."""

    due_now: int | None
    next_amount: int | None
    next_at: datetime | None
    currency: str
    at_period_end: bool
    exact: bool = True
    """Whether the holder worked it out; else it is our reckoning, and the vendor has the last word."""


class Holder(Protocol):
    name: str
    kinds: frozenset[str]
    """What it can carry out; the vendor is asked for the rest."""

    async def plans(self, vendor: Vendor, order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
        """What the subscription may be changed to, the cheapest first. Raises Refused, Unreachable."""

    async def preview(self, vendor: Vendor, order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
        """What changing to a plan costs today and next time. Raises Refused, Unreachable."""

    async def perform(self, vendor: Vendor, command: BillingCommand) -> Write | None:
        """Carry a wish out, safe to call again after a crash; None where the confirmation comes by itself.

        Raises Refused, Unreachable.
        """
