"""The console's overview of one center: what needs doing, and the last thirty days in figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Request, Response

from settings import settings
from tables.daily_figure import REFUSED, DailyFigure, today_in
from tables.upkeep import upkeep_of
from theming.center import center_of as storefront_of
from theming.console import figures_words, upkeep_words, webhook_words
from theming.formats import minute
from theming.words import _
from web.console import desk, vendor_of
from web.rendering import render
from web.requests import center_of, screen


@screen("/")
async def index(request: Request) -> Response:
    vendor = vendor_of(request)
    today, found, href = today_in(vendor.zone), await upkeep_of(vendor), links(request)
    figures = await DailyFigure.month(vendor.id, today, vendor.zone)
    row = await DailyFigure.of(vendor.id, today, REFUSED)
    refused = webhook_words.refusals(row["count"], minute(row["last_at"], vendor.zone, "en")) if row else ""
    steps = upkeep_words.steps(found, vendor, href)
    return render(
        request, "console/overview/index", layout="console", title=_("Overview"), facts=addresses(vendor), steps=steps,
        progress=upkeep_words.progress(steps), needs=upkeep_words.needs(found, vendor, refused, href),
        figures=figures_words.month(figures, today), table=figures_words.table(figures, today),
    )  # fmt: skip


ROUTES = [index]


def links(request: Any) -> Callable[[str], str | None]:
    """The address of a page, where it stands in the menu of whoever asks."""
    center, base = center_of(request), desk(request)
    seen = {page["href"] for group in request.scope["state"]["menu"] for page in group["pages"]}

    def href(path: str) -> str | None:
        return center.url(base + path) if center.url(base + path.partition("?")[0]) in seen else None

    return href


def addresses(vendor: Any) -> list[dict[str, Any]]:
    return [
        {"label": _("The center"), "value": storefront_of(vendor).link("/"), "ltr": True},
        {"label": _("Webhook address"), "value": f"{settings.base_url}/webhooks/{vendor.slug}/clickfunnels", "ltr": True},
    ]  # fmt: skip
