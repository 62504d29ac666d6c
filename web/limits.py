"""How often an address and a network may ask for mails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tables.rate_limit import Limit, RateLimit
from web.edge import ip_prefix
from web.errors import Refused

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

MAILS_PER_ADDRESS = (Limit("ask", 5, HOUR), Limit("ask", 10, DAY))
ADDRESS_ANYWHERE = Limit("ask anywhere", 20, DAY)


async def may_mail(vendor_id: int, email: str, what: str) -> bool:
    """Count against every limit of an address; the answer is only whether a mail goes out."""
    own = f"{vendor_id}|{email}"
    soon = await RateLimit.take(Limit(f"ask {what}", 1, timedelta(seconds=30)), own)
    taken = [await RateLimit.take(limit, own) for limit in MAILS_PER_ADDRESS]
    return all([soon, *taken, await RateLimit.take(ADDRESS_ANYWHERE, email)])


async def allow_ip(request: Any, limit: Limit) -> None:
    """Count for the visitor's network; raises Refused (429) beyond the limit."""
    if (prefix := ip_prefix(request.scope["state"]["ip"])) and not await RateLimit.take(limit, prefix):
        raise Refused(429)
