"""Passwords and codes as argon2id, in two threads with a bounded queue: hashing never holds up the other requests."""

from __future__ import annotations

import asyncio
import base64
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

THREADS = 2
WAITING = 50
LONGEST_PASSWORD = 128
LONGEST_BYTES = 1024

# OWASP Password Storage: 19 MiB, two passes. Older hashes are made anew when their password is next used.
passwords = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, salt_len=16, type=Type.ID)
# 6 digits are 20 bits: a stolen table must not give them away at the price of a plain hash (ASVS 6.5.2).
codes = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1, type=Type.ID)

threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
places = BoundedSemaphore(THREADS + WAITING)


class Busy(Exception):
    """More waits to be hashed than is worth waiting for; answered with 503."""

    retry_after = 2


async def in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """Hash in one of two threads; raises Busy when fifty are waiting already."""
    if not places.acquire(blocking=False):
        raise Busy
    job = threads.submit(work, *arguments)
    # Not in a `finally`: a request that is given up leaves its work in the queue.
    job.add_done_callback(lambda _: places.release())
    return await asyncio.wrap_future(job)


def require_room() -> None:
    """Raises Busy when the queue is full: asked before a try is counted that nobody would look at."""
    if not places.acquire(blocking=False):
        raise Busy
    places.release()


def normal(typed: str) -> str:
    """One spelling for one password, whichever keyboard it comes from (NIST SP 800-63B: NFKC)."""
    return unicodedata.normalize("NFKC", typed)


def possible(password: str) -> bool:
    """Whether this could be somebody's password: nothing longer is ever hashed."""
    return 0 < len(password) <= LONGEST_PASSWORD and len(password.encode()) <= LONGEST_BYTES


async def hash_password(password: str) -> str:
    return str(await in_thread(passwords.hash, password))


async def verify_password(kept: str | None, password: str) -> bool:
    """Whether it is the password; without one kept, the same work for a no (OWASP Authentication)."""
    return bool(await in_thread(matches, passwords, kept or nobodys_hash(), password))


def outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return passwords.check_needs_rehash(kept)


def matches(hasher: PasswordHasher, kept: str, given: str) -> bool:
    try:
        return hasher.verify(kept, given)
    except (VerificationError, InvalidHashError):
        return False


def nobodys_hash() -> str:
    """A hash that belongs to no password, with the parameters of today."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={passwords.memory_cost},t={passwords.time_cost},p={passwords.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
