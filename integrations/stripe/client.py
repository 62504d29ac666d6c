"""One vendor's Stripe account, asked through the official SDK, which nothing loads before it is needed."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx

from integrations.billing import Refused, Unreachable
from settings import settings

if TYPE_CHECKING:
    from stripe import StripeClient

VERSION = "2026-10-28.endive"
"""The version of Stripe's API all code here was written for; the SDK would send its own otherwise."""
TRANSPORT: httpx.AsyncBaseTransport | None = None
"""What carries the requests: the network, or in tests the stand-in in their own process."""
KEY = re.compile(r"(?:sk|rk)_(?:test|live)_[A-Za-z0-9]{8,200}")
LONGEST_WAIT = 3600.0


class StripeMissing(Refused):
    """The SDK is not installed."""

    def __init__(self) -> None:
        super().__init__("Stripe's package is not installed here. The operator adds it with the extra named stripe.")


class KeyRefused(Refused):
    """Stripe does not know the key, or the key may not do this: the vendor can mend it."""


class NotAllowed(KeyRefused):
    """A restricted key lacks the permission for this."""


class Missing(Refused):
    """There is no such thing in the vendor's account."""


def installed() -> bool:
    """Whether Stripe can be used at all; looks without loading it."""
    return importlib.util.find_spec("stripe") is not None


@asynccontextmanager
async def connected(key: str) -> AsyncIterator[StripeClient]:
    """`async with connected(key) as stripe: await stripe.v1.customers.retrieve_async(…)`.

    Raises Refused, KeyRefused, Missing, StripeMissing and Unreachable for what the SDK raises inside.
    """
    if not installed():
        raise StripeMissing
    if not KEY.fullmatch(key):
        raise KeyRefused("This is not a secret key of Stripe: they begin with sk_ or rk_")
    import stripe

    from integrations.stripe.http import Http

    http = Http(TRANSPORT)
    try:
        yield stripe.StripeClient(
            key, stripe_version=VERSION, max_network_retries=0, http_client=http, base_addresses=addresses()
        )
    except stripe.StripeError as error:
        raise translated(error) from None
    finally:
        await http.close_async()


def addresses() -> Any:
    """Where requests go: Stripe's own address, or in development what STRIPE_URL names."""
    if settings.stripe_url and not settings.production:
        return {"api": settings.stripe_url}
    return {}


def translated(error: Any) -> Exception:
    """What an error of the SDK means for whoever asked."""
    import stripe

    said = " ".join(str(error.user_message or "").split())[:300]
    if isinstance(error, stripe.APIConnectionError):
        return Unreachable(said or "Stripe cannot be reached")
    status = error.http_status or 0
    if isinstance(error, stripe.RateLimitError) or status in (409, 424, 425) or status >= 500 or not status:
        why = "asks us to slow down" if status == 429 else f"has trouble (it answered {status})"
        return Unreachable(f"Stripe {why}", retry_after(error))
    if isinstance(error, stripe.AuthenticationError):
        return KeyRefused("Stripe does not accept the secret key. Enter another one.")
    if isinstance(error, stripe.PermissionError):
        return NotAllowed(f"The key of Stripe may not do this: {said}" if said else "The key of Stripe may not do this")
    if status == 404 or error.code == "resource_missing":
        return Missing(said or "Stripe has no such thing")
    return Refused(said or f"Stripe refused the request ({status})")


def retry_after(error: Any) -> float | None:
    value = str((error.headers or {}).get("retry-after", "")).strip()
    return min(float(value), LONGEST_WAIT) if re.fullmatch(r"[0-9]{1,9}", value) else None
