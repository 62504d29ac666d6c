"""Who is asking: the cookie of this center to its customer, in one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import database
from settings import settings
from tables.avatar import Avatar
from tables.customer import Customer, full_name, initials
from tables.session import TOUCH_AFTER, Session, find_session
from tables.sign_in_request import SignInRequest
from theming import words
from theming.center import Center
from web.cookies import cookie_name, session_cookie
from web.edge import ASGI, ip_prefix
from web.tenancy import INSIDE


class Person(NamedTuple):
    """The signed-in customer of this request."""

    session_id: int
    token: str
    customer_id: int
    email: str
    first_name: str
    last_name: str
    avatar: str | None = None
    """The file name of their picture, where there is one and they want it shown."""
    closes_at: datetime | None = None
    """When the account is going to be deleted, if they asked for that."""

    @property
    def name(self) -> str:
        return full_name(self.first_name, self.last_name, self.email)

    @property
    def initials(self) -> str:
        return initials(self.first_name, self.last_name, self.email)


class SessionLoader:
    def __init__(self, app: ASGI) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        state = scope["state"]
        if scope["path"].startswith(INSIDE):
            token = state["cookies"].get(cookie_name(state["center"]))
            row = await find_row(state["center"], token) if token else None
            state["person"] = person_of(row, token) if row and token else None
            if row and row["language"]:
                state["center"] = state["center"].speaking(row["language"])
                words.language.set(row["language"])
        await self.app(scope, receive, send)


async def find_row(center: Center, token: str) -> Any:
    """The live session of a cookie; an id the server never gave out is nobody's, and is never adopted."""
    row = await find_session(center.vendor_id, token)
    if row and database.now() - row["last_seen_at"] > TOUCH_AFTER:
        await Session.touch(center.vendor_id, row["id"])
    return row


def person_of(row: Any, token: str) -> Person:
    return Person(
        row["id"], token, row["customer"], row["email"], row["first_name"], row["last_name"],
        row["avatar"] if row["show_gravatar"] and settings.gravatar_url else None, row["closes_at"],
    )  # fmt: skip


async def start(request: Any, customer_id: int, auth_method: str) -> str:
    """Sign a customer in on this browser, inside the caller's transaction; returns the new session's token.

    The id is always a fresh one, the browser's session before is revoked, and every other mailed way in ends
    (ASVS 7.2.4).
    """
    state = request.scope["state"]
    vendor_id = state["center"].vendor_id
    await SignInRequest.withdraw(vendor_id, customer_id)
    if state["person"]:
        await Session.revoke(vendor_id, state["person"].token)
    await Customer.update({Customer.first_signed_in_at: database.now()}).where(
        Customer.vendor == vendor_id, Customer.id == customer_id, Customer.first_signed_in_at.is_null()
    )
    await Avatar.want(vendor_id, customer_id)
    device = state["headers"].get(b"user-agent", b"").decode("latin-1")
    return await Session.start(vendor_id, customer_id, auth_method, device, ip_prefix(state["ip"]))


def cookie_for(request: Any, token: str) -> str:
    return session_cookie(request.scope["state"]["center"], token)
