"""To an address that asked to sign in and has no account here, so that its owner is not left waiting."""

from __future__ import annotations

from datetime import datetime

import emails
from theming.center import Center


async def queue(center: Center, address: str, dedupe_key: str, expires_at: datetime) -> None:
    """The asker learns nothing from it: only the owner of the mailbox reads it."""
    await emails.queue(center, "no_account", dedupe_key, address, {}, expires_at=expires_at)
