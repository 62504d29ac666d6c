"""Gravatar: a person's picture by the SHA-256 of their address (Gravatar docs: images)."""

from __future__ import annotations

import hashlib

from integrations import pictures
from settings import settings

PIXELS = 160
QUERY = f"d=404&r=g&s={PIXELS}"
"""No stand-in for an address without a picture, nothing that is not for everybody, and twice the size it is shown in."""


def address_of(email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return f"{settings.gravatar_url}/{digest}?{QUERY}"


async def fetch(email: str) -> str:
    """The name of the kept picture; raises pictures.Absent when there is none, pictures.Unusable for any trouble."""
    return (await pictures.fetch(address_of(email))).path
