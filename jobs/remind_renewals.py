"""Announces what subscriptions are going to be charged, and the end of trials, a few days before."""

from __future__ import annotations

from datetime import timedelta

import structlog

import database
from emails import upcoming_renewal
from jobs.apart import apart
from jobs.stopping import Stopping
from tables import reminding
from tables.billing_command import CANCEL, BillingCommand
from tables.customer import Customer
from tables.lease import Lease
from tables.order import OrderLine
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming.center import center_of

EVERY = timedelta(minutes=15)
MOST = 500
"""In one turn; what is left has its turn in a quarter of an hour."""

log = structlog.get_logger("money")


async def remind_renewals(stopping: Stopping) -> int:
    """Every quarter of an hour in whichever worker comes first, each in a transaction of its own; returns 0."""
    if await Lease.take("remind renewals", EVERY):
        for row in await reminding.due(MOST):
            if stopping.asked:
                break
            await apart(remind(row["vendor_id"], row["id"]), order=row["id"])
    return 0


async def remind(vendor_id: int, order_id: int) -> bool:
    """Claim the charge and queue the mail about it; whether there was one to write."""
    vendor = await Vendor.by_id(vendor_id)
    assert vendor is not None

    async def work() -> bool:
        order = await reminding.claim(vendor_id, order_id)
        customer = await Customer.by_id(vendor_id, order.customer) if order else None
        if order is None or customer is None or not customer.may_enter:
            return False
        lines = await OrderLine.of(vendor_id, order_id)
        wish = await BillingCommand.open_about(vendor_id, order_id)
        if not reminding.wanted(order, lines) or (wish and wish.kind == CANCEL):
            return False
        method = await PaymentMethod.by_reference(vendor_id, customer.id, order.payment_method)
        may_cancel = vendor.subscription_cancel and await reminding.may_cancel(order, lines)
        return await upcoming_renewal.queue(
            center_of(vendor), customer, order, await reminding.next_charge(order, lines), method, may_cancel=may_cancel
        )

    told: bool = await database.transaction(work)
    log.info("announced" if told else "passed over", vendor=vendor.slug, order=order_id)
    return told
