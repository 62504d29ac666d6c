"""The last message to a customer, at the address that is no longer theirs here."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.mail import LAST_WORD
from theming.center import Center


async def queue(center: Center, customer: Customer) -> None:
    """Belongs to nobody, since the customer is gone; `customer` is the row as it was."""
    center = center.speaking(customer.language)
    await emails.queue(
        center, LAST_WORD, f"closed:{customer.id}", customer.email, {"first_name": customer.first_name}
    )  # fmt: skip
