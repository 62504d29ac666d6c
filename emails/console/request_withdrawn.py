"""A customer took back what they had asked the vendor for."""

from __future__ import annotations

import emails
from settings import settings
from tables.billing_command import BillingCommand
from tables.customer import Customer
from tables.order import Order
from theming import words
from theming.center import Center
from theming.change_words import facts


async def queue(center: Center, address: str, customer: Customer, command: BillingCommand, order: Order | None) -> None:
    """To one of the vendor's addresses, once for each wish."""
    center = center.speaking("en")
    with words.speaking(center.locale):
        said = facts(center, command, order)
    link = f"{settings.base_url}/console/{center.slug}/requests/{command.public_id}"
    variables = {"customer": customer.email, "link": link, **said}
    await emails.queue(
        center,
        "console/request_withdrawn",
        f"request_withdrawn:{command.public_id}:{address}"[:120],
        address,
        variables,
    )
