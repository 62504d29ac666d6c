"""For load balancers and people on call: is the process up, can it do its work."""

from __future__ import annotations

from litestar import Request, Response

import database
from web.requests import screen


@screen("/health/live")
async def live(request: Request) -> Response:
    """Touches nothing: 200 as long as the process answers."""
    return Response({"status": "alive"})


@screen("/health/ready")
async def ready(request: Request) -> Response:
    """200 when the database answers, else 503."""
    try:
        await database.raw("SELECT 1")
    except database.Unavailable:
        return Response({"status": "the database does not answer"}, status_code=503, headers={"retry-after": "5"})
    return Response({"status": "ready"})


ROUTES = [live, ready]
