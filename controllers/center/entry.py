"""Coming in from the base host: as oneself from the dashboard, or to look on from the console. A button opens, no GET."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import Request, Response, post

import database
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.email_address import masked_address
from tables.names import full_name
from tables.spent_token import SpentToken
from tables.viewing import Viewing
from theming.account_words import spent_title
from theming.console.viewing_words import start_title
from theming.words import _
from web import entry as codes
from web.console import Colleague
from web.cookies import ended_view_cookie, view_cookie
from web.limits import network
from web.rendering import elsewhere, redirect, render, safe_next
from web.requests import SIGNED_IN, VIEWERS, Part, center_of, person_of, query_of, screen
from web.session import cookie_for, start

log = structlog.get_logger("sign_in")


@screen("/entry")
async def ask(request: Request) -> Response:
    """On to the base host, which knows who asks."""
    query = query_of(request)
    return elsewhere(request, codes.onward(request, query.get("to", "/"), query.get("viewing", "")))


@screen("/entry/{code:str}")
async def show(request: Request, code: Part) -> Response:
    found, person = await codes.usable(request, code), request.scope["state"]["person"]
    if found is None:
        return spent(request)
    entry, customer = found
    if not entry.viewing and person and person.viewing is None and person.customer_id == customer.id:
        return redirect(request, safe_next(entry.to))
    title = start_title(center_of(request).name, customer) if entry.viewing else _("Sign in")
    return render(
        request, "console/viewing/start" if entry.viewing else "sign_in/entry", layout="narrow", title=title,
        scripts=False, masked=masked_address(customer.email), action=center_of(request).url(f"/entry/{code}"),
    )  # fmt: skip


@post("/entry/{code:str}", opt=VIEWERS)
async def create(request: Request, code: Part) -> Response:
    found = await codes.usable(request, code)
    if found is None:
        return spent(request)
    entry, _customer = found
    cookie = await (look_on(request, entry) if entry.viewing else sign_in(request, entry))
    if cookie is None:
        return spent(request)
    log.info("signed in", vendor=center_of(request).slug, by="viewing" if entry.viewing else "dashboard",
             ip=network(request))  # fmt: skip
    return redirect(request, safe_next(entry.to), new_frame=True, cookie=cookie)


@screen("/view/end", opt=SIGNED_IN)
async def ask_end(request: Request) -> Response:
    return redirect(request, "/")


@post("/view/end", opt=SIGNED_IN | VIEWERS)
async def end(request: Request) -> Response:
    """Stop looking on, and back to the customer's page in the console; the browser's own session was never touched."""
    center, person = center_of(request), person_of(request)
    if person.viewing is None:
        return redirect(request, "/")
    await Viewing.finish(center.vendor_id or 0, person.viewing)
    page = f"/console/{center.slug}/customers/{person.public_id}"
    return elsewhere(request, codes.base(center, page), cookie=ended_view_cookie(center))


ROUTES = [ask, show, create, ask_end, end]


async def sign_in(request: Any, entry: codes.Entry) -> list[str] | None:
    """Spend the code and open the session in one transaction; None when another use came first."""

    async def work() -> str | None:
        first = await SpentToken.spend(entry.vendor_id, entry.name, entry.expires_at)
        return await start(request, entry.customer_id, "dashboard") if first else None

    token = await database.transaction(work)
    request.app.state.worker.wake()
    return cookie_for(request, token) if token else None


async def look_on(request: Any, entry: codes.Entry) -> str | None:
    """Begin the look and write it down, in the vendor's log and for the customer to see."""

    async def work() -> str | None:
        asked = await Viewing.waiting(entry.vendor_id, entry.person_id, entry.viewing)
        person = await Customer.by_id(entry.house_id, entry.person_id)
        customer = await Customer.by_id(entry.vendor_id, entry.customer_id)
        token = await asked.begin() if asked and asked.customer == entry.customer_id else None
        if token and person and customer:
            await AuditEntry.record(entry.vendor_id, by(person), "customer.viewed", customer.email)
        return token

    token = await database.transaction(work)
    return view_cookie(center_of(request), token) if token else None


def by(person: Customer) -> Colleague:
    return Colleague(person.id, full_name(person.first_name, person.last_name, person.email), person.email, "")


def spent(request: Request) -> Response:
    return render(
        request, "sign_in/link_spent", layout="narrow", title=spent_title("expired"), status=410, scripts=False,
        reason="expired", masked=None, can_resend=False, action="",
    )  # fmt: skip
