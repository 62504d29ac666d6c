"""What messages about a wish have in common: what they say, and where they lead."""

from __future__ import annotations

from typing import Any

from tables.billing_command import BillingCommand
from tables.customer import Customer
from tables.order import Order, Subscription
from theming import words
from theming.center import Center
from theming.change_words import done, facts


async def link_of(center: Center, command: BillingCommand, order: Order | None) -> str:
    """The subscription's page, else the payment methods."""
    public_id = await Subscription.public_id_of(command.vendor, order.id) if order else None
    return center.link(f"/account/subscriptions/{public_id}" if public_id else "/account/payment-methods")


async def told(center: Center, customer: Customer, command: BillingCommand, order: Order | None) -> dict[str, Any]:
    """What a message to the customer says, in the language that the center speaks."""
    with words.speaking(center.locale, center.words):
        said = facts(center, command, order) | {"done": done(command.kind)}
    return {"first_name": customer.first_name, "link": await link_of(center, command, order), **said}
