"""Who is asking: the cookie of this center to its customer, in one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from litestar import Response

import database
from emails import new_device
from settings import settings
from tables.avatar import Avatar
from tables.customer import Customer
from tables.device import Device
from tables.names import full_name, initials
from tables.session import TOUCH_AFTER, Session, find_session, token_hash
from tables.sign_in_request import SignInRequest
from tables.viewing import find_viewing
from theming import words
from theming.center import Center
from web.cookies import cookie_name, device_cookie, device_name, ended_cookie, session_cookie, view_name
from web.edge import ASGI, ip_prefix
from web.errors import ViewOnly
from web.rendering import redirect
from web.tenancy import CONSOLE, INSIDE


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
    signed_in_at: datetime | None = None
    """When this session began: a new one begins at every sign-in."""
    closes_at: datetime | None = None
    """When the account is going to be deleted, if they asked for that."""
    auth_method: str = ""
    public_id: str = ""
    owing: str | None = None
    """The subscription that waits for a payment, by the id in its address."""
    viewing: int | None = None
    """The row of the look, where it is the vendor's staff who sees what this customer sees, and can change nothing."""

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
        if scope["path"].startswith((INSIDE, CONSOLE)):
            row, token = await viewed(state) or await own(state)
            state["person"] = person_of(row, token) if row else None
            if row and row["language"] and scope["path"].startswith(INSIDE):
                state["center"] = state["center"].speaking(row["language"])
                words.language.set(row["language"])
        await self.app(scope, receive, send)


async def viewed(state: Any) -> tuple[Any, str] | None:
    """The customer whose center somebody of the staff looks at in this browser."""
    center = state["center"]
    token = None if center.is_house else state["cookies"].get(view_name(center))
    row = await find_viewing(center.vendor_id, token) if token else None
    return (row, token) if row and token else None


async def own(state: Any) -> tuple[Any, str]:
    token = state["cookies"].get(cookie_name(state["center"])) or ""
    return (await find_row(state["center"], token) if token else None), token


async def find_row(center: Center, token: str) -> Any:
    """The live session of a cookie; an id the server never gave out is nobody's, and is never adopted."""
    row = await find_session(center.vendor_id, token, center.limits)
    if row and database.now() - row["last_seen_at"] > TOUCH_AFTER:
        await Session.touch(center.vendor_id, row["id"])
    return row


def person_of(row: Any, token: str) -> Person:
    viewing = row["id"] if "auth_method" not in row else None
    return Person(
        0 if viewing else row["id"], token, row["customer"], row["email"], row["first_name"], row["last_name"],
        row["avatar"] if row["show_gravatar"] and settings.gravatar_url else None, row["created_at"],
        row["closes_at"], "" if viewing else row["auth_method"], row["customer_public_id"], row["owing"], viewing,
    )  # fmt: skip


async def start(request: Any, customer_id: int, auth_method: str) -> str:
    """Sign a customer in on this browser, inside the caller's transaction; returns the new session's token.

    The id is always a fresh one, the browser's session before is revoked, and every other mailed way in ends
    (ASVS 7.2.4). A browser that is new to a customer who was here before is told to the customer by mail: wake the
    worker afterwards. Raises ViewOnly while somebody of the staff looks at the center in this browser.
    """
    state = request.scope["state"]
    center = state["center"]
    if state["person"] and state["person"].viewing:
        raise ViewOnly
    await SignInRequest.withdraw(center.vendor_id, customer_id)
    if state["person"]:
        await Session.revoke(center.vendor_id, state["person"].token)
    await Avatar.want(center.vendor_id, customer_id)
    browser = state["headers"].get(b"user-agent", b"").decode("latin-1")
    device_id, is_new = await recognise(state, customer_id, browser)
    token = await Session.start(
        center.vendor_id, customer_id, auth_method, browser, ip_prefix(state["ip"]), device_id, center.limits
    )  # fmt: skip
    is_first = await Customer.note_sign_in(center.vendor_id, customer_id)
    if is_new and not is_first and (customer := await Customer.by_id(center.vendor_id, customer_id)):
        await new_device.queue(center, customer, browser, token_hash(token))
    return token


async def recognise(state: Any, customer_id: int, browser: str) -> tuple[int, bool]:
    """The row of this browser for this customer, and whether it is new to them."""
    vendor_id, given = state["center"].vendor_id, state["cookies"].get(device_name(state["center"]))
    is_new = given is None or await Device.known(vendor_id, customer_id, given) is None
    state["device_token"] = await Device.token_for(vendor_id, given)
    return await Device.remember(vendor_id, customer_id, state["device_token"], browser), is_new


async def known_device(request: Any, customer: Customer | None) -> Device | None:
    """This browser, where the customer has signed in with it before; the same look for an address that is nobody's."""
    center, cookies = request.scope["state"]["center"], request.scope["state"]["cookies"]
    if (given := cookies.get(device_name(center))) is None:
        return None
    return await Device.known(center.vendor_id, customer.id if customer else 0, given)


def cookie_for(request: Any, token: str) -> list[str]:
    """What a browser is given that `start` has signed in: its session, and itself."""
    state = request.scope["state"]
    return [session_cookie(state["center"], token), device_cookie(state["center"], state["device_token"])]


async def end(request: Any) -> Response[bytes]:
    """Sign this browser out."""
    state = request.scope["state"]
    if state["person"]:
        await Session.revoke(state["center"].vendor_id, state["person"].token)
    # Not "cookies": that would clear the whole registrable domain, other vendors' centers included.
    return redirect(
        request, "/sign-in", new_frame=True, cookie=ended_cookie(state["center"]),
        headers={"clear-site-data": '"cache", "storage"'},
    )  # fmt: skip
