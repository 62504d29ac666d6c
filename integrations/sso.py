"""Single sign-on from the vendor's own site: a token as ClickFunnels' customer centers take it (ClickFunnels docs: SSO).

HS256 over the vendor's secret; `sub` is `EMAIL:HOST`, with `iat`, `nbf`, `exp` and an optional `redirect_to`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import jwt

import database
from tables.email_address import canonical_address

ALGORITHM = "HS256"
REQUIRED = ("exp", "iat", "nbf", "sub")
LONGEST = 4096
LIFETIME = 3600
LEEWAY = 60
SHORTEST_SECRET = 32
"""Bytes of a key for HS256 (RFC 7518, 3.2)."""


class Grant(NamedTuple):
    """What a good token says: who, until when it could be used, and the part of it that nobody can vary."""

    email: str
    signed: str
    expires_at: datetime


def verify(token: str, identifier: str, secrets: Sequence[str], hosts: Collection[str]) -> Grant | None:
    """The grant of a token that one of the secrets signed for this address at one of these hosts; None otherwise.

    A signature has several spellings in base64, so what may be used once is what was signed, not the token's text.
    """
    claims = next((found for secret in secrets if (found := claims_of(token, secret))), None)
    if claims is None or not in_time(claims):
        return None
    typed, _, host = claims["sub"].partition(":")
    try:
        email = canonical_address(typed)
        if email != canonical_address(identifier) or host.lower() not in hosts:
            return None
    except ValueError:
        return None
    return Grant(email, token.rpartition(".")[0], datetime.fromtimestamp(claims["exp"], UTC))


def claims_of(token: str, secret: str) -> dict[str, Any] | None:
    """The claims under a good signature; the algorithm is ours to say, never the token's (RFC 8725, 3.1).

    The times are looked at by `in_time`, on the application's own clock.
    """
    if not token.isascii() or len(token) > LONGEST:
        return None
    options = {"require": list(REQUIRED), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        return dict(jwt.decode(token, secret, algorithms=[ALGORITHM], options=options))
    # Its own errors, and what numbers and texts of absurd shapes make of it.
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        return None


def in_time(claims: dict[str, Any]) -> bool:
    """Begun, not over, and never meant to last longer than an hour; a minute of difference between clocks is nothing."""
    times = [claims[name] for name in ("iat", "nbf", "exp")]
    if not all(isinstance(time, int | float) and not isinstance(time, bool) for time in times):
        return False
    issued, begins, ends = times
    now = database.now().timestamp()
    return issued <= now + LEEWAY and begins <= now + LEEWAY and now < ends and 0 < ends - issued <= LIFETIME


def wish(token: str) -> str:
    """Where a token, good or not, would like to go: as trustworthy as any `next` in an address."""
    try:
        claims = jwt.decode(token[:LONGEST], options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        return ""
    wanted = claims.get("redirect_to")
    return wanted if isinstance(wanted, str) else ""
