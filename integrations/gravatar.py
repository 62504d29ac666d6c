"""Gravatar: a person's picture by the SHA-256 of their address (Gravatar docs: images)."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import datetime, timedelta

import database
from integrations import pictures
from settings import settings
from tables.avatar import Avatar

AVATARS = settings.data_dir / "avatars"
"""Apart from the pictures of courses: these are people's, and go when nobody has them any more."""
PIXELS = 160
QUERY = f"d=404&r=g&s={PIXELS}"
"""No stand-in for an address without a picture, nothing that is not for everybody, and twice the size it is shown in."""
UNCLAIMED = timedelta(minutes=10)
"""A picture lies there for a moment before its customer's row names it."""
AT_ONCE = 500


def address_of(email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return f"{settings.gravatar_url}/{digest}?{QUERY}"


async def fetch(email: str) -> str:
    """The name of the kept picture; raises pictures.Absent when there is none, pictures.Unusable for any trouble."""
    return (await pictures.fetch(address_of(email), AVATARS)).path


async def forget(name: str | None) -> None:
    """Remove the file of a picture, unless another customer has the same one, at whatever vendor."""
    if name and not await Avatar.named([name]):
        await asyncio.to_thread((AVATARS / name).unlink, missing_ok=True)


async def sweep() -> None:
    """Remove the files that no customer's row names."""
    names = await asyncio.to_thread(older_than, database.now() - UNCLAIMED)
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        for name in set(some) - await Avatar.named(some):
            await asyncio.to_thread((AVATARS / name).unlink, missing_ok=True)


def older_than(time: datetime) -> list[str]:
    return sorted(path.name for path in AVATARS.glob("*") if path.stat().st_mtime < time.timestamp())
