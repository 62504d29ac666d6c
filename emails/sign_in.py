"""The sign-in message: a link, a code, and until when."""

from __future__ import annotations

from datetime import datetime

import emails
from tables.customer import Customer
from tables.sign_in_request import LIFETIME, Secrets
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, request_id: int, made: Secrets, expires_at: datetime) -> None:
    """To the customer's own address, in their language or the asking page's; not sent any more once its secret has ended."""
    center = center.speaking(customer.language or center.locale)
    until = minute(expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link(f"/sign-in/link/{made.link}"),
        "code": f"{made.code[:3]} {made.code[3:]}", "valid_until": until.text if until else "",
        "minutes": int(LIFETIME.total_seconds() // 60),
    }  # fmt: skip
    await emails.queue(
        center, "sign_in", f"sign-in:{request_id}", customer.email, variables,
        hidden=(made.link, variables["code"]), customer=customer.id, expires_at=expires_at,
    )  # fmt: skip
