"""When the account is going to be deleted, and how to keep it."""

from __future__ import annotations

from datetime import datetime

import emails
from tables.customer import Customer
from theming.center import Center
from theming.formats import day


async def queue(center: Center, customer: Customer, closes_at: datetime) -> None:
    center = center.speaking(customer.language)
    date = day(closes_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link("/account/data/deletion"),
        "date": date.text if date else "",
    }  # fmt: skip
    await emails.queue(
        center, "deletion_scheduled", f"deletion-scheduled:{customer.id}:{closes_at.timestamp():.0f}", customer.email,
        variables, customer=customer.id,
    )  # fmt: skip
