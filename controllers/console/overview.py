"""The console's overview of one center."""

from __future__ import annotations

from litestar import Request, Response

from settings import settings
from theming.center import center_of as storefront_of
from theming.words import _
from web.console import vendor_of
from web.rendering import render
from web.requests import screen


@screen("/")
async def index(request: Request) -> Response:
    vendor = vendor_of(request)
    facts = [
        {"label": _("The center"), "value": storefront_of(vendor).link("/"), "ltr": True},
        {
            "label": _("Webhook address"),
            "value": f"{settings.base_url}/webhooks/{vendor.slug}/clickfunnels",
            "ltr": True,
        },
    ]
    return render(request, "console/overview", layout="console", title=_("Overview"), facts=facts)


ROUTES = [index]
