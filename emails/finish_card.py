"""The link to save a card on another device: it opens that one step and nothing else."""

from __future__ import annotations

from datetime import timedelta

import emails
from emails.pay_link import PURPOSE
from tables.customer import Customer
from tables.mailed_link import MailedLink
from tables.order import Order
from theming.center import Center
from theming.formats import minute

LIFETIME = timedelta(days=1)


async def queue(center: Center, customer: Customer, order: Order | None) -> bool:
    """`order` is the subscription that is to be paid with the card. A newer link does not end the one before."""
    center = center.speaking(customer.language or center.locale)
    link, token = await MailedLink.make(
        customer.vendor,
        customer.id,
        PURPOSE,
        customer.email,
        LIFETIME,
        setup=True,
        **({"order": order.id} if order else {}),
    )
    until = minute(link.expires_at, center.zone, center.locale)
    variables = {
        "first_name": customer.first_name, "link": center.link(f"/pay/{token}"), "subscription": order.summary if order else "",
        "valid_until": until.text if until else "",
    }  # fmt: skip
    return await emails.queue(
        center, "finish_card", f"finish-card:{link.id}", customer.email, variables, hidden=(token,), customer=customer.id,
        expires_at=link.expires_at,
    )  # fmt: skip
