"""Signed events in: verify, keep, answer; the worker does the rest."""

from __future__ import annotations

from datetime import timedelta

import structlog
from litestar import Request, Response, post
from litestar.background_tasks import BackgroundTask

from integrations import clickfunnels, stripe
from integrations.stripe.client import StripeMissing
from tables.rate_limit import Limit, RateLimit
from tables.vendor import HOUSE, SLUG, Vendor, vendor_by_slug
from web.limits import network
from web.refusals import note
from web.requests import Part

BAD_SIGNATURES = Limit("bad signature", 60, timedelta(minutes=1))

log = structlog.get_logger("webhooks")


@post("/webhooks/{vendor:str}/clickfunnels", opt={"csrf": False})
async def clickfunnels_event(request: Request, vendor: Part) -> Response:
    """200 stored or seen before; 401 for an unknown vendor and a bad signature alike; 429 after 60 bad ones a minute."""
    body, found = await request.body(), await vendor_of(vendor)
    new = await clickfunnels.deliver(found, request.scope["state"]["headers"], body)
    if new is None:
        return await refuse(vendor, found, network(request))
    request.app.state.worker.wake()
    return answer(200, "received" if new else "seen before")


@post("/webhooks/{vendor:str}/stripe", opt={"csrf": False})
async def stripe_event(request: Request, vendor: Part) -> Response:
    """The same answers; 503 where Stripe's package is not installed, so that Stripe comes back."""
    body, found = await request.body(), await vendor_of(vendor)
    try:
        new = await stripe.deliver(found, request.scope["state"]["headers"], body)
    except StripeMissing:
        log.warning("Stripe's package is not installed")
        return answer(503, "not ready")
    if new is None:
        return await refuse(vendor, found, network(request))
    request.app.state.worker.wake()
    return answer(200, "received" if new else "seen before")


ROUTES = [clickfunnels_event, stripe_event]


async def vendor_of(slug: str) -> Vendor | None:
    rows = await vendor_by_slug(slug=slug) if SLUG.fullmatch(slug) and slug != HOUSE else None
    return Vendor(**dict(rows[0]), _exists_in_db=True) if rows else None


async def refuse(slug: str, found: Vendor | None, prefix: str) -> Response:
    log.warning("refused", vendor=slug[:40], ip=prefix)
    allowed = await RateLimit.take(BAD_SIGNATURES, prefix)
    refusal = answer(401 if allowed else 429, "not accepted")
    # After the answer: how long it takes must not tell whether there is such a vendor.
    refusal.background = BackgroundTask(note, found)
    return refusal


def answer(status: int, word: str) -> Response:
    return Response({"status": word}, status_code=status)
