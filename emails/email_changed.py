"""To the address before: that it is no longer the one to sign in with, and a way back."""

from __future__ import annotations

import database
import emails
from tables.email_address import masked_address
from tables.email_change import Moved
from tables.mailed_link import MailedLink
from theming.center import Center
from theming.formats import minute


async def queue(center: Center, moved: Moved, link: MailedLink, token: str) -> None:
    center = center.speaking(moved.customer.language)
    at = minute(database.now(), center.zone, center.locale)
    until = minute(link.expires_at, center.zone, center.locale)
    variables = {
        "first_name": moved.customer.first_name, "link": center.link(f"/email/undo/{token}"), "merged": moved.merged,
        "address": masked_address(moved.customer.email), "at": at.text if at else "",
        "valid_until": until.text if until else "",
    }  # fmt: skip
    await emails.queue(
        center, "email_changed", f"email-changed:{link.id}", moved.before, variables, hidden=(token,),
        customer=moved.customer.id, expires_at=link.expires_at,
    )  # fmt: skip
