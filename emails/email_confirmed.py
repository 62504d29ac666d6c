"""To the new address: that it is the one to sign in with from now on."""

from __future__ import annotations

import emails
from tables.email_change import Moved
from tables.mailed_link import MailedLink
from theming.center import Center


async def queue(center: Center, moved: Moved, link: MailedLink) -> None:
    variables = {
        "first_name": moved.customer.first_name, "address": moved.customer.email, "link": center.link("/"),
        "merged": moved.merged,
    }  # fmt: skip
    await emails.queue(
        center.speaking(moved.customer.language), "email_confirmed", f"email-confirmed:{link.id}",
        moved.customer.email, variables, customer=moved.customer.id,
    )  # fmt: skip
