"""A wish could not be carried out, why, and what to do."""

from __future__ import annotations

import emails
from emails.change_links import link_of
from tables.billing_command import BillingCommand
from tables.customer import Customer
from tables.order import Order
from theming import words
from theming.center import Center
from theming.change_words import done, facts


async def queue(center: Center, customer: Customer, command: BillingCommand, order: Order | None) -> None:
    """Once for each wish, in the transaction that makes it so."""
    center = center.speaking(customer.language)
    with words.speaking(center.locale, center.words):
        said = facts(center, command, order) | {"done": done(command.kind)}
    variables = {"first_name": customer.first_name, "link": await link_of(center, command, order), **said}
    await emails.queue(
        center, "change_refused", f"change_refused:{command.public_id}", customer.email, variables, customer=customer.id
    )
