"""To somebody whose password was changed: if it was not they, they should know at once (ASVS 6.3.7)."""

from __future__ import annotations

import database
import emails
from tables.customer import Customer
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, link_id: int) -> None:
    center = center.speaking(customer.language)
    when = minute(database.now(), center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "when": when.text if when else "", "password": center.link("/password"),
    }  # fmt: skip
    await emails.queue(
        center, "password_changed", f"password-changed:{link_id}", customer.email, variables, customer=customer.id
    )  # fmt: skip
