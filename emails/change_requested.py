"""The receipt of a wish: what was asked and when, and that it is not done yet."""

from __future__ import annotations

import emails
from emails.change_links import told
from tables.billing_command import BillingCommand
from tables.customer import Customer
from tables.order import Order
from theming.center import Center


async def queue(center: Center, customer: Customer, command: BillingCommand, order: Order | None) -> None:
    """Once for each wish, in the transaction that makes it so."""
    center = center.speaking(customer.language)
    variables = await told(center, customer, command, order)
    await emails.queue(
        center,
        "change_requested",
        f"change_requested:{command.public_id}",
        customer.email,
        variables,
        customer=customer.id,
    )
