"""The account stays after all."""

from __future__ import annotations

from datetime import datetime

import emails
from tables.customer import Customer
from theming.center import Center


async def queue(center: Center, customer: Customer, closes_at: datetime) -> None:
    """`closes_at` is the date that no longer holds: one message for each."""
    center = center.speaking(customer.language)
    await emails.queue(
        center, "deletion_withdrawn", f"deletion-withdrawn:{customer.id}:{closes_at.timestamp():.0f}", customer.email,
        {"first_name": customer.first_name}, customer=customer.id,
    )  # fmt: skip
