"""A form whose session had ended: what was typed waits until its sender has signed in again (WCAG 2.2, 2.2.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from litestar import Response

from tables.kept_form import KeptForm
from tables.rate_limit import Limit, RateLimit
from tables.session import Session
from web import csrf, rendering
from web.cookies import cookie_name

PATH = "/kept-forms/"
PER_CUSTOMER = Limit("keep form", 20, timedelta(hours=1))


async def keep(request: Any, typed: dict[str, str], given: str) -> Response[Any] | None:
    """To the sign-in, and from there back to the form; None when it is not sure whose form this was.

    Nothing is done with the form: it is only kept, for the customer whose session its token was made for.
    """
    state = request.scope["state"]
    vendor_id, token = state["center"].vendor_id, state["cookies"].get(cookie_name(state["center"]))
    if not token or not csrf.comes_from_us(state) or not csrf.made_for(state, given, token):
        return None
    customer_id = await Session.whose(vendor_id, token)
    path = await put_aside(state, customer_id, typed) if customer_id is not None else None
    return rendering.redirect(request, f"/sign-in?next={quote(path, safe='')}", new_frame=True) if path else None


async def put_aside(state: Any, customer_id: int, typed: dict[str, str]) -> str | None:
    """Keep a customer's form; the path where it is offered again, None when they have kept too many."""
    vendor_id = state["center"].vendor_id
    if not await RateLimit.take(PER_CUSTOMER, f"{vendor_id}|{customer_id}"):
        return None
    return PATH + await KeptForm.keep(vendor_id, customer_id, state["inner"], typed)
