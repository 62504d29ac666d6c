"""The link to a page where the customer sets a password, the first one or another."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.mailed_link import MailedLink
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, link: MailedLink, token: str) -> None:
    """To the customer's own address, in their language or the asking page's; not sent any more once the link has ended."""
    center = center.speaking(customer.language or center.locale)
    until = minute(link.expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link(f"/password/{token}"),
        "valid_until": until.text if until else "",
    }  # fmt: skip
    await emails.queue(
        center, "set_password", f"set-password:{link.id}", customer.email, variables, hidden=(token,),
        customer=customer.id, expires_at=link.expires_at,
    )  # fmt: skip
