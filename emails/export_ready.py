"""The copy of their data that a customer asked for can be fetched."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.export import Export
from theming.center import Center
from theming.formats import day


async def queue(center: Center, customer: Customer, export: Export) -> None:
    """The link leads to the page behind the sign-in: whoever reads the mail alone gets nothing."""
    center = center.speaking(customer.language)
    until = day(export.expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link("/account/data"), "until": until.text if until else "",
    }  # fmt: skip
    await emails.queue(
        center, "export_ready", f"export:{export.id}", customer.email, variables, customer=customer.id
    )  # fmt: skip
