"""Forms only from our own pages: where the request comes from, and a token bound to the session (ASVS 3.5.1)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from tables.sealed import derived_key
from web.cookies import PRESESSION, presession

FIELD = "_csrf"
KEY = derived_key("form tokens")
SIZE = 32


def bound_to(state: Any) -> str:
    """The session of this request, or its pre-session before sign-in."""
    return state["person"].token if state["person"] else presession(state)


def digest(state: Any, bound: str | None = None) -> bytes:
    text = f"{bound or bound_to(state)}|{state['center'].vendor_id}"
    return hmac.digest(KEY, text.encode(), hashlib.sha256)


def token(state: Any) -> str:
    """A fresh mask and the masked digest: another text in every form, so that compression tells nothing (BREACH)."""
    mask = secrets.token_bytes(SIZE)
    masked = xor(mask, digest(state))
    return base64.urlsafe_b64encode(mask + masked).decode()


def xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(SIZE)


def matches(state: Any, given: str) -> bool:
    if not state["person"] and PRESESSION not in state["cookies"]:
        return False
    return made_for(state, given)


def made_for(state: Any, given: str, bound: str | None = None) -> bool:
    """Whether a token was made for this session; `bound` is another one's token, one that has ended say."""
    try:
        both = base64.b64decode(given.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return False
    mask, masked = both[:SIZE], both[SIZE:]
    if len(both) != 2 * SIZE:
        return False
    return hmac.compare_digest(xor(mask, masked), digest(state, bound))


def field(state: Any) -> Markup:
    # Base64 needs no escaping, and this stands in every page.
    return Markup(f'<input type="hidden" name="_csrf" value="{token(state)}">')  # noqa: S704


def comes_from_us(state: Any) -> bool:
    """Whether the browser says that our own page sent this: Sec-Fetch-Site, else Origin, else Referer.

    Text browsers send neither of the first two, and lynx no Referer either from a page whose address has a query
    (its REFERER_WITH_QUERY). Where no word is said the token decides alone: every browser that another site could make
    send our form with our cookies says at least one of the three.
    """
    headers = state["headers"]
    if (site := headers.get(b"sec-fetch-site")) is not None:
        return site == b"same-origin"
    said = headers.get(b"origin") or headers.get(b"referer")
    if said is None:
        return True
    try:
        parts = urlsplit(said.decode("latin-1"))
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}".lower() == own_origin(state)


def own_origin(state: Any) -> str:
    """BASE_URL's scheme and the Host that tenancy has validated."""
    scheme = urlsplit(state["center"].origin).scheme
    return f"{scheme}://{state['headers'][b'host'].decode('latin-1').lower()}"
