"""A fresh sign-in, asked for before secrets, templates, staff and exports (ASVS 7.5.3)."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Request, Response, post

import database
from emails import sign_in
from tables.customer import Customer
from tables.sign_in_request import SignInRequest
from theming.words import _
from web.cookies import presession
from web.errors import Refused
from web.limits import ASK_PER_IP, allow_ip, may_mail
from web.rendering import redirect, render, safe_next
from web.requests import SIGNED_IN, center_of, customer_of, form_of, query_of, screen


@screen("/confirmation", opt=SIGNED_IN)
async def new(request: Request) -> Response:
    wanted, customer, center = (
        safe_next(query_of(request).get("next", "/")),
        await customer_of(request),
        center_of(request),
    )
    return render(
        request, "console/confirmation", layout="narrow", title=_("Please sign in once more"), next=wanted,
        email=customer.email, why=why(wanted),
        by_password=center.url(f"/sign-in/password?again=1&next={quote(wanted, safe='')}") if customer.usable_hash else None,
    )  # fmt: skip


@post("/confirmation", opt=SIGNED_IN)
async def create(request: Request) -> Response:
    await allow_ip(request, ASK_PER_IP)
    await mail(request, await customer_of(request), safe_next(form_of(request).get("next", "/")))
    return redirect(request, "/sign-in/check-email")


ROUTES = [new, create]


def why(wanted: str) -> str:
    """Why this page stands before another."""
    if wanted.startswith("/dashboard"):
        return _("We show what was bought with this address once we know that it is yours.")
    if wanted.startswith("/account"):
        return _("Your address opens the console, so we make sure that it is you who moves it.")
    return _("This page holds the keys of the center, so we make sure that it is you. We ask again after ten minutes.")


async def mail(request: Request, customer: Customer, wanted: str) -> None:
    """Send a link and a code to the address of whoever is signed in; raises Refused (429) when asked too often."""
    center = center_of(request)
    if not await may_mail(center.vendor_id, customer.email, "confirmation"):
        raise Refused(429)
    made, browser = await SignInRequest.make_secrets(), presession(request.scope["state"])

    async def work() -> None:
        asked = await SignInRequest.ask(center.vendor_id, customer.id, customer.email, browser, wanted, made)
        await sign_in.queue(center, customer, asked.id, made, asked.expires_at)

    await database.transaction(work)
    request.app.state.worker.wake()
