"""Signed events in: verify, keep, answer; the worker does the rest."""

from __future__ import annotations

from datetime import timedelta

import structlog
from litestar import Request, Response, post

from integrations import clickfunnels
from tables.rate_limit import Limit, RateLimit
from tables.vendor import HOUSE, SLUG, Vendor, vendor_by_slug
from web.limits import network
from web.requests import Part

BAD_SIGNATURES = Limit("bad signature", 60, timedelta(minutes=1))
NOBODY = ("a secret that signs nothing: " * 2,)

log = structlog.get_logger("webhooks")


@post("/webhooks/{vendor:str}/clickfunnels", opt={"csrf": False})
async def clickfunnels_event(request: Request, vendor: Part) -> Response:
    """200 stored or seen before; 401 for an unknown vendor and a bad signature alike; 429 after 60 bad ones a minute."""
    body, found = await request.body(), await vendor_of(vendor)
    secrets = found.webhook_secrets if found else []
    genuine = clickfunnels.verify(request.scope["state"]["headers"], body, secrets or NOBODY)
    if found is None or not secrets or not genuine:
        return await refuse(vendor, network(request))
    new = await clickfunnels.receive(found.id, body)
    request.app.state.worker.wake()
    return answer(200, "received" if new else "seen before")


ROUTES = [clickfunnels_event]


async def vendor_of(slug: str) -> Vendor | None:
    rows = await vendor_by_slug(slug=slug) if SLUG.fullmatch(slug) and slug != HOUSE else None
    return Vendor(**dict(rows[0]), _exists_in_db=True) if rows else None


async def refuse(slug: str, prefix: str) -> Response:
    log.warning("refused", vendor=slug[:40], ip=prefix)
    allowed = await RateLimit.take(BAD_SIGNATURES, prefix)
    return answer(401 if allowed else 429, "not accepted")


def answer(status: int, word: str) -> Response:
    return Response({"status": word}, status_code=status)
