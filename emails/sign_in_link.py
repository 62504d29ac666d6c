"""A sign-in link that the vendor's people send: as the customer's own, without a code, because no page waits for it."""

from __future__ import annotations

from datetime import datetime

import emails
from tables.customer import Customer
from tables.sign_in_request import LIFETIME, Secrets
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, request_id: int, made: Secrets, expires_at: datetime) -> None:
    """To the customer's own address; not sent any more once the link has ended."""
    center = center.speaking(customer.language)
    until = minute(expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link(f"/sign-in/link/{made.link}"),
        "valid_until": until.text if until else "", "minutes": int(LIFETIME.total_seconds() // 60),
    }  # fmt: skip
    await emails.queue(
        center, "sign_in_link", f"sign-in-link:{request_id}", customer.email, variables, hidden=(made.link,),
        customer=customer.id, expires_at=expires_at,
    )  # fmt: skip
