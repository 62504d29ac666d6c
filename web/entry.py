"""The way into a center from the base host, for whoever is signed in to the console (docs/adr/0018-dashboard.md).

Three GETs and one button. The center's `/entry` sends the browser on to the base host with a mark of its pre-session;
the base host, which knows who asks, answers with a sealed code for that mark; the center shows whom it would let in.
Nothing is written before the button is pressed.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from cryptography.fernet import Fernet, InvalidToken

import database
from settings import settings
from tables.base import public_id
from tables.customer import Customer
from tables.sealed import derived_key
from tables.session import Session
from tables.spent_token import SpentToken
from theming.center import Center
from web.cookies import PRESESSION, presession
from web.rendering import safe_next
from web.requests import center_of, person_of

LIFETIME = timedelta(seconds=60)
box = Fernet(base64.urlsafe_b64encode(derived_key("entry codes")))


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What a code says: who may enter which center as which customer, in which browser, until when."""

    vendor_id: int
    customer_id: int
    mark: str
    house_id: int
    person_id: int
    session_id: int
    until: float
    """Seconds since 1970."""
    to: str = "/"
    email: str = ""
    """The proven address, which has to be the customer's still."""
    viewing: str = ""
    """The public id of a look by the staff; without one it is a sign-in."""
    name: str = msgspec.field(default_factory=public_id)
    """What is spent by its use."""

    @property
    def expires_at(self) -> Any:
        return database.now().fromtimestamp(self.until, database.now().tzinfo)


def mark(center: Center, browser: str) -> str:
    """Names a browser to the base host without telling its pre-session."""
    return hashlib.sha256(f"entry|{center.vendor_id}|{browser}".encode()).hexdigest()


def door(center: Center, **query: str) -> str:
    """The address where a way into this center begins: below the base host, or on the center's own."""
    path = f"/entry?{urlencode(query)}"
    return center.url(path) if center.prefix else center.link(path)


def base(center: Center, path: str) -> str:
    """An address of the base host as a page of this center names it."""
    return path if center.prefix else settings.base_url + path


def onward(request: Any, to: str, viewing: str) -> str:
    """From the center's `/entry` to the base host, with the mark of this browser."""
    center = center_of(request)
    marked = mark(center, presession(request.scope["state"]))
    if viewing:
        path = f"/console/{center.slug}/viewings/{quote(viewing, safe='')}?{urlencode({'mark': marked})}"
    else:
        path = f"/dashboard/{center.slug}?{urlencode({'mark': marked, 'to': safe_next(to)})}"
    return base(center, path)


def issue(request: Any, center: Center, customer_id: int, marked: str, **more: str) -> str:
    """The address at the center with a fresh code for it; the request is the console's."""
    person = person_of(request)
    entry = Entry(
        vendor_id=center.vendor_id or 0, customer_id=customer_id, mark=marked, person_id=person.customer_id,
        house_id=center_of(request).vendor_id or 0, session_id=person.session_id,
        until=(database.now() + LIFETIME).timestamp(), **more,
    )  # fmt: skip
    code = box.encrypt(msgspec.json.encode(entry)).decode().rstrip("=")
    return center.url(f"/entry/{code}") if center.prefix else center.link(f"/entry/{code}")


def read(code: str) -> Entry | None:
    """What one of our own codes says, however old."""
    try:
        return msgspec.json.decode(box.decrypt(code.encode() + b"=" * (-len(code) % 4)), type=Entry)
    except (InvalidToken, msgspec.DecodeError, UnicodeEncodeError):
        return None


async def usable(request: Any, code: str) -> tuple[Entry, Customer] | None:
    """The entry with its customer: of this center, in this browser, in time, unused, and still so on both sides."""
    center, entry = center_of(request), read(code)
    browser = request.scope["state"]["cookies"].get(PRESESSION)
    if entry is None or entry.vendor_id != center.vendor_id or entry.until <= database.now().timestamp():
        return None
    if not browser or entry.mark != mark(center, browser) or await SpentToken.is_spent(entry.vendor_id, entry.name):
        return None
    customer = await Customer.by_id(entry.vendor_id, entry.customer_id)
    if customer is None or not customer.may_enter or (entry.email and customer.email != entry.email):
        return None
    return (entry, customer) if await Session.goes_on(entry.house_id, entry.session_id) else None
