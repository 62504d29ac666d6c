"""Where a message about a wish leads."""

from __future__ import annotations

from tables.billing_command import BillingCommand
from tables.order import Order, Subscription
from theming.center import Center


async def link_of(center: Center, command: BillingCommand, order: Order | None) -> str:
    """The subscription's page, else the payment methods."""
    public_id = await Subscription.public_id_of(command.vendor, order.id) if order else None
    return center.link(f"/account/subscriptions/{public_id}" if public_id else "/account/payment-methods")
