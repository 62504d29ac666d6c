"""What a customer asked for was refused by the system that holds the money."""

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
        center, "console/request_refused", f"request_refused:{command.public_id}:{address}"[:120], address, variables
    )
