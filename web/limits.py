"""How often an address and a network may ask for mails, try codes and try passwords."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tables.device import Device
from tables.rate_limit import Limit, RateLimit
from web.edge import ip_prefix
from web.errors import Refused

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)

MAILS_PER_ADDRESS = (Limit("ask", 5, HOUR), Limit("ask", 10, DAY))
ADDRESS_ANYWHERE = Limit("ask anywhere", 20, DAY)
UNKNOWN_ADDRESS = Limit("no account", 1, DAY)

ASK_PER_IP = Limit("ask from", 20, HOUR)
NOTICES_PER_IP = Limit("cancel from", 20, HOUR)
NOTICES_PER_ADDRESS = Limit("cancel receipts", 5, DAY)
NOTICES_ANYWHERE = Limit("cancel receipts anywhere", 10, DAY)
CODE_PER_IP = Limit("code from", 60, HOUR)
PASSWORD_PER_IP = Limit("password from", 30, QUARTER)
RESET_PER_IP = Limit("reset from", 20, HOUR)

CARD_SETUPS = Limit("card setups", 20, HOUR)
CARD_LINKS = Limit("card links", 5, HOUR)
PAY_PER_IP = Limit("pay from", 60, HOUR)

INVITATIONS = Limit("invitations", 30, HOUR)
TOKEN_CHECKS = Limit("token checks", 30, HOUR)
TAKINGS_IN = Limit("takings in", 5, HOUR)
UPLOADS = Limit("uploads", 30, HOUR)
DNS_CHECKS = Limit("dns checks", 60, HOUR)
LINKS_TO_CUSTOMER = Limit("links to customer", 5, HOUR)
LINKS_OF_VENDOR = Limit("links of vendor", 100, HOUR)
PARTIALS_SAVED = Limit("partials saved", 30, HOUR)
PARTIALS_TRIED = Limit("partials tried", 300, HOUR)

WRONG_CODES = (Limit("wrong code", 10, HOUR), Limit("wrong code", 30, DAY))
PASSWORD_PER_PAIR = Limit("password of and from", 5, QUARTER)
PASSWORD_PER_ADDRESS = Limit("password of", 30, HOUR)
PASSWORD_PER_DEVICE = Limit("password on", 5, QUARTER)
NOBODYS_MISS = Limit("password of nobody", 1, DAY)
"""Counts nothing that matters: a miss of an address without a password writes a row as well."""

WISHES_PER_CUSTOMER = Limit("wishes", 30, DAY)
"""Each sends a message to the customer, and often one to the vendor."""


async def may_mail(vendor_id: int, email: str, what: str, device: Device | None = None) -> bool:
    """Count against the limits of an address, up to the first that is reached; False means that no mail goes out.

    Sign-in links and password links share their hours and days; only the 30 seconds between two are each one's own,
    so that somebody who wanted the other message need not wait for it. A browser this customer has signed in with
    counts on its own: strangers cannot use up the owner's mails.
    """
    own = f"{vendor_id}|{email}" + (f"|{device.id}" if device else "")
    soon = Limit(f"ask {what}", 1, timedelta(seconds=30))
    for limit in (soon, *MAILS_PER_ADDRESS):
        if not await RateLimit.take(limit, own):
            return False
    return device is not None or await RateLimit.take(ADDRESS_ANYWHERE, email)


async def allow_ip(request: Any, limit: Limit) -> None:
    """Count for the visitor's network; raises Refused (429) beyond the limit."""
    if (prefix := network(request)) and not await RateLimit.take(limit, prefix):
        raise Refused(429)


async def take(limit: Limit, key: str) -> None:
    """Count for something named; raises Refused (429) beyond the limit."""
    if not await RateLimit.take(limit, key):
        raise Refused(429)


async def may_try_password(request: Any, vendor_id: int, email: str, device: Device | None) -> bool:
    """Count a password try before it is looked at.

    A browser this customer has signed in with has a count of its own: whoever guesses elsewhere can neither lock the
    owner out nor use that up (ASVS 6.1.1).
    """
    if device is not None:
        return await RateLimit.take(PASSWORD_PER_DEVICE, f"{vendor_id}|{device.id}")
    await allow_ip(request, PASSWORD_PER_IP)
    # Without a visitor's address the whole world would be one pair.
    if network(request) and not await RateLimit.take(PASSWORD_PER_PAIR, pair(request, vendor_id, email)):
        return False
    return await RateLimit.take(PASSWORD_PER_ADDRESS, f"{vendor_id}|{email}")


async def forgive(request: Any, vendor_id: int, email: str, device: Device | None) -> None:
    """A right password forgives the wrong ones from the same place (NIST SP 800-63B)."""
    if device is not None:
        await RateLimit.clear(PASSWORD_PER_DEVICE, f"{vendor_id}|{device.id}")
    await RateLimit.clear(PASSWORD_PER_PAIR, pair(request, vendor_id, email))


def pair(request: Any, vendor_id: int, email: str) -> str:
    return f"{vendor_id}|{email}|{network(request)}"


def network(request: Any) -> str:
    return ip_prefix(request.scope["state"]["ip"])
