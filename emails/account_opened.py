"""The vendor's people added a customer by hand: where the center is, and how to get in."""

from __future__ import annotations

import emails
from tables.customer import Customer
from theming.center import Center


async def queue(center: Center, customer: Customer) -> None:
    variables = {"first_name": customer.first_name, "link": center.link("/")}
    await emails.queue(
        center.speaking(customer.language), "account_opened", f"account-opened:{customer.id}", customer.email, variables,
        customer=customer.id,
    )  # fmt: skip
