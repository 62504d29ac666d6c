"""Letting a customer in and keeping them out: a sign-in link by mail, and the switch of the account."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Request, Response, post

import database
from emails import sign_in_link
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.member import ADMIN
from tables.rate_limit import RateLimit
from tables.session import Session
from tables.sign_in_request import SignInRequest
from theming.center import center_of as storefront_of
from theming.console.customer_words import name_of
from theming.words import _
from web.belongings import open_customer_at
from web.console import desk, member_of, vendor_of
from web.limits import LINKS_OF_VENDOR, LINKS_TO_CUSTOMER
from web.rendering import redirect, render
from web.requests import Part, center_of, screen

GUARD = {"role": ADMIN}


@screen("/customers/{customer:str}/sign-in-link")
async def ask_link(request: Request, customer: Part) -> Response:
    return back(request, await open_customer_at(request, customer))


@post("/customers/{customer:str}/sign-in-link")
async def send_link(request: Request, customer: Part) -> Response:
    one, vendor, member = await open_customer_at(request, customer), vendor_of(request), member_of(request)
    if not one.may_enter:
        return back(request, one)
    if not await may_send(vendor.id, one):
        return back(request, one, "enough")
    # Bound to no browser: wherever it is opened, it asks for a press of its button first.
    made, nobodys = await SignInRequest.make_secrets(), secrets.token_urlsafe(32)

    async def work() -> None:
        asked = await SignInRequest.ask(vendor.id, one.id, one.email, nobodys, "/", made)
        await sign_in_link.queue(storefront_of(vendor), one, asked.id, made, asked.expires_at)
        await AuditEntry.record(vendor.id, member, "customer.link_sent", one.email)

    await database.transaction(work)
    request.app.state.worker.wake()
    return back(request, one, "sent")


@screen("/customers/{customer:str}/switch-off", opt=GUARD)
async def ask_switch_off(request: Request, customer: Part) -> Response:
    one = await open_customer_at(request, customer)
    return render(
        request, "console/customers/switch_off", layout="console", name=name_of(one),
        title=_("Switch off %(name)s?", name=name_of(one)), here=center_of(request).url(desk(request, path_of(one))),
    )  # fmt: skip


@post("/customers/{customer:str}/switch-off", opt=GUARD)
async def switch_off(request: Request, customer: Part) -> Response:
    one, member = await open_customer_at(request, customer), member_of(request)

    async def work() -> None:
        if await one.switch_off():
            await Session.revoke_all(one.vendor, one.id)
            await SignInRequest.withdraw(one.vendor, one.id)
            await AuditEntry.record(one.vendor, member, "customer.switched_off", one.email)

    await database.transaction(work)
    return back(request, one, "off")


@screen("/customers/{customer:str}/switch-on", opt=GUARD)
async def ask_switch_on(request: Request, customer: Part) -> Response:
    return back(request, await open_customer_at(request, customer))


@post("/customers/{customer:str}/switch-on", opt=GUARD)
async def switch_on(request: Request, customer: Part) -> Response:
    one, member = await open_customer_at(request, customer), member_of(request)

    async def work() -> None:
        if await one.switch_on():
            await AuditEntry.record(one.vendor, member, "customer.switched_on", one.email)

    await database.transaction(work)
    return back(request, one, "on")


ROUTES = [ask_link, send_link, ask_switch_off, switch_off, ask_switch_on, switch_on]


def path_of(one: Customer) -> str:
    return f"/customers/{one.public_id}"


def back(request: Any, one: Customer, done: str = "") -> Response:
    return redirect(request, desk(request, path_of(one)) + (f"?done={done}" if done else ""))


async def may_send(vendor_id: int, one: Customer) -> bool:
    """A few for each customer, and not a mailing for a whole vendor."""
    return await RateLimit.take(LINKS_TO_CUSTOMER, f"{vendor_id}|{one.id}") and await RateLimit.take(
        LINKS_OF_VENDOR, str(vendor_id)
    )
