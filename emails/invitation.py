"""The invitation to work in a vendor's console."""

from __future__ import annotations

import emails
from tables.invitation import LIFETIME, Invitation
from tables.vendor import Vendor
from theming.center import Center


async def queue(house: Center, vendor: Vendor, invitation: Invitation, token: str, role: str) -> None:
    """To the invited address, from the console; the link works once, for seven days."""
    variables = {
        "vendor": vendor.name, "invited_by": invitation.invited_by, "role": role, "days": LIFETIME.days,
        "link": house.link(f"/invitation/{vendor.slug}/{token}"),
    }  # fmt: skip
    await emails.queue(
        house, "invitation", f"invitation:{invitation.public_id}", invitation.email, variables,
        hidden=(token,), expires_at=invitation.expires_at,
    )  # fmt: skip
