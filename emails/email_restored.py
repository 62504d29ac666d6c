"""To both addresses: that a change of address was undone and everybody is signed out."""

from __future__ import annotations

import database
import emails
from tables.email_address import masked_address
from tables.email_change import Moved
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, moved: Moved) -> None:
    center, customer = center.speaking(moved.customer.language), moved.customer
    at = minute(database.now(), center.zone, center.locale)
    for recipient in (customer.email, moved.before):
        variables = {
            "address": masked_address(customer.email), "at": at.text if at else "", "link": center.link("/sign-in"),
            "is_theirs": recipient == customer.email,
        }  # fmt: skip
        key = f"email-restored:{customer.id}:{database.now().isoformat()}:{recipient == customer.email}"
        await emails.queue(center, "email_restored", key, recipient, variables, customer=customer.id)
