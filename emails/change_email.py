"""To a new address: a link that proves it is theirs. Where it has an account already, what confirming does to that."""

from __future__ import annotations

import emails
from tables.customer import Customer
from tables.email_address import masked_address
from tables.mailed_link import MailedLink
from theming.account_words import what_moves
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, customer: Customer, other: Customer | None, link: MailedLink, token: str) -> None:
    """Only the owner of the mailbox learns whether there is another account; the asker sees the same page.

    So the message is nobody's: among the asker's own it would tell them. It is in the language of who reads it.
    """
    center = center.speaking((other or customer).language)
    until = minute(link.expires_at, center.zone, center.locale)
    variables = {
        "first_name": "" if other else customer.first_name, "link": center.link(f"/email/{token}"),
        "valid_until": until.text if until else "", "asker": masked_address(customer.email), "address": link.email,
        "merge": other is not None, "closed": other is not None and other.disabled_at is not None,
        "moves": what_moves,
    }  # fmt: skip
    await emails.queue(
        center, "change_email", f"email:{link.id}", link.email, variables, hidden=(token,), expires_at=link.expires_at,
    )  # fmt: skip
