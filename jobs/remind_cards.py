"""Writes to customers whose card expires within a month while it pays a subscription."""

from __future__ import annotations

from datetime import timedelta

import structlog

import database
from emails import card_expiring
from integrations.billing import stripe
from integrations.billing.holders import keeper_of
from jobs.apart import apart
from jobs.stopping import Stopping
from tables import expiring
from tables.customer import Customer
from tables.lease import Lease
from tables.vendor import Vendor
from theming.center import center_of

EVERY = timedelta(hours=1)
MOST = 500
"""In one turn; what is left has its turn in an hour."""

log = structlog.get_logger("money")


async def remind_cards(stopping: Stopping) -> int:
    """Every hour in whichever worker comes first, each card in a transaction of its own; returns 0."""
    if await Lease.take("remind cards", EVERY):
        for month in expiring.months(database.now()):
            for row in await expiring.due(month, MOST):
                if stopping.asked:
                    return 0
                await apart(remind(row["vendor_id"], row["id"], month), card=row["id"])
    return 0


async def remind(vendor_id: int, method_id: int, month: str) -> bool:
    """Claim the card and queue the mail about it; whether there was one to write."""
    vendor = await Vendor.by_id(vendor_id)
    assert vendor is not None

    async def work() -> bool:
        method = await expiring.claim(vendor_id, method_id, month)
        customer = await Customer.by_id(vendor_id, method.customer) if method else None
        if method is None or customer is None or not customer.may_enter:
            return False
        orders = await expiring.paid_by(vendor_id, customer.id, method.reference)
        if not orders:
            return False
        kept = next((order for order in orders if keeper_of(vendor, order).name == stripe.name), None)
        return await card_expiring.queue(center_of(vendor), customer, method, month, orders, payable=kept)

    told: bool = await database.transaction(work)
    log.info("announced" if told else "passed over", vendor=vendor.slug, card=method_id)
    return told
