"""Asks at the customer's own address whether the account is to be deleted."""

from __future__ import annotations

import emails
from tables.closing import GRACE
from tables.customer import Customer
from tables.mailed_link import MailedLink
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, link: MailedLink, token: str) -> None:
    """Not sent any more once its link has ended."""
    center = center.speaking(customer.language)
    until = minute(link.expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link(f"/deletion/{token}"), "days": GRACE.days,
        "until": until.text if until else "",
    }  # fmt: skip
    await emails.queue(
        center, "delete_account", f"deletion:{link.id}", customer.email, variables, hidden=(token,),
        customer=customer.id, expires_at=link.expires_at,
    )  # fmt: skip
