"""Single sign-on: the vendor's own site sends a customer in with a signed token (docs/sso.md).

GET has to do it, because that is the address vendors' sites link to; so the token is short-lived and works once.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from litestar import Request, Response

import database
from integrations import sso
from tables.customer import Customer
from tables.rate_limit import Limit, RateLimit
from tables.spent_token import SpentToken
from tables.vendor import Vendor
from theming.center import Center
from web.errors import Refused
from web.limits import HOUR, network
from web.rendering import redirect, safe_next
from web.requests import center_of, prefetching, query_of, screen
from web.session import cookie_for, start

FAILURES = Limit("sso from", 60, HOUR)
QUIET = {"referrer-policy": "no-referrer"}
PRINTABLE = re.compile(r"[\x21-\x5b\x5d-\x7e]+")
PROFILES = re.compile(r"/customers/profiles/[^/?]+(?:/([a-z_]+))?/?")
TABS = frozenset("subscriptions courses orders credit-memos payment-methods addresses phone-numbers".split())

log = structlog.get_logger("sign_in")


@screen("/sso")
async def enter(request: Request) -> Response:
    """Spends the token and opens a session; whatever is wrong, the answer is the same way to the sign-in page."""
    center, query = center_of(request), query_of(request)
    vendor = await Vendor.by_id(center.vendor_id or 0)
    if not query.get("token") or vendor is None:
        return redirect(request, "/sign-in")
    if prefetching(request):
        # A browser throws such an answer away; a redirect to the sign-in it would keep and show.
        raise Refused(503)
    target = wanted(center, vendor, sso.wish(query["token"]))
    token = await open_session(request, vendor, query) if request.method == "GET" else None
    if token is None:
        next_path = f"?next={quote(target, safe='')}" if target != "/" else ""
        return redirect(request, f"/sign-in{next_path}", headers=QUIET)
    return redirect(request, target, new_frame=True, cookie=cookie_for(request, token), headers=QUIET)


ROUTES = [enter]


async def open_session(request: Any, vendor: Vendor, query: dict[str, str]) -> str | None:
    """The new session's token; None when the given one is not good, no longer good, or for nobody here."""
    prefix = network(request)
    if prefix and await RateLimit.spent(FAILURES, prefix):
        raise Refused(429)
    opened = await redeem(request, vendor, query)
    if opened is None and prefix:
        await RateLimit.take(FAILURES, prefix)
    if opened:
        request.app.state.worker.wake()
    log.info("signed in" if opened else "refused", vendor=vendor.slug, by="sso", ip=prefix)
    return opened


async def redeem(request: Any, vendor: Vendor, query: dict[str, str]) -> str | None:
    """Spend the token and open the session in one transaction."""
    if query.get("strategy") != "email":
        return None
    grant = sso.verify(query["token"], query.get("identifier", ""), vendor.sso_secrets, hosts(request, vendor))

    async def work() -> str | None:
        customer = await Customer.by_email(vendor.id, grant.email) if grant else None
        if grant is None or customer is None or not customer.may_enter:
            return None
        first = await SpentToken.spend(vendor.id, grant.signed, grant.expires_at)
        return await start(request, customer.id, "sso") if first else None

    return await database.transaction(work) if grant else None


def hosts(request: Any, vendor: Vendor) -> set[str]:
    """What may stand behind the address in `sub`: the center's host, with or without port, or ClickFunnels' for it."""
    own = urlsplit(center_of(request).origin)
    return {host for host in (own.netloc, own.hostname, vendor.clickfunnels_host) if host}


def wanted(center: Center, vendor: Vendor, redirect_to: str) -> str:
    """A path of this center for `redirect_to`, which may be a whole address here or at ClickFunnels; else `/`."""
    # Before urlsplit, which drops line ends and spaces and takes the first of three slashes for nothing.
    if not PRINTABLE.fullmatch(redirect_to) or redirect_to.startswith("//"):
        return "/"
    try:
        parts = urlsplit(redirect_to)
    except ValueError:
        return "/"
    query, host = f"?{parts.query}" if parts.query else "", parts.netloc.lower()
    if parts.scheme in ("http", "https") and host and host == vendor.clickfunnels_host:
        return safe_next(translated(parts.path) + query)
    inside = parts.path.startswith(f"{center.prefix}/")
    if parts.scheme or host:
        here = parts.scheme in ("http", "https") and host == urlsplit(center.origin).netloc and inside
        return safe_next(parts.path.removeprefix(center.prefix) + query) if here else "/"
    return safe_next((parts.path.removeprefix(center.prefix) if inside else parts.path) + query)


def translated(path: str) -> str:
    """A page of ClickFunnels' customer center as ours: its profile pages are the tabs of My Account."""
    found = PROFILES.fullmatch(path)
    if found is None:
        return path
    tab = (found[1] or "").replace("_", "-")
    return f"/account/{tab}" if tab in TABS else "/account"
