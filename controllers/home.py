"""The base host's front page."""

from __future__ import annotations

from litestar import Request, Response

from settings import settings
from tables.vendor import Vendor
from theming.center import center_of
from theming.words import _
from web.rendering import render
from web.requests import screen


@screen("/")
async def home(request: Request) -> Response:
    """Tells a stranger where to look; only in development does it list the centers."""
    vendors = [] if settings.production else await Vendor.sellers().limit(50)
    return render(
        request, "home", layout="narrow", title=_("Customer Center"),
        centers=[{"name": vendor.name, "href": center_of(vendor).link("/")} for vendor in vendors],
    )  # fmt: skip


ROUTES = [home]
