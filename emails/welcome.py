"""Sent with the first purchase: where the center is, and how to get in."""

from __future__ import annotations

import hashlib

import emails
from tables.customer import Customer
from theming.center import Center


async def queue(center: Center, customer: Customer, items: list[str]) -> None:
    """Once for each address a customer has had."""
    address = hashlib.sha256(customer.email.encode()).hexdigest()[:16]
    variables = {"first_name": customer.first_name, "link": center.link("/"), "items": items}
    await emails.queue(
        center.speaking(customer.language), "welcome", f"welcome:{customer.id}:{address}", customer.email, variables,
        customer=customer.id,
    )  # fmt: skip
