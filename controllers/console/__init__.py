"""The console: a vendor's own side. Its pages in the order of the menu, and the router that guards them.

A new page is a module with ROUTES (paths below the vendor: `@screen("/courses")`), its partials, and one line in PAGES.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

from litestar import Request, Response, Router

from controllers.console import (
    audit,
    centers,
    confirmation,
    courses,
    customer_access,
    customer_tabs,
    customers,
    dashboard,
    domain,
    downloads,
    enrolling,
    import_runs,
    import_token,
    imports,
    invitation,
    lessons,
    logo,
    mail,
    manual_orders,
    orders,
    overview,
    partials,
    parts,
    payments,
    people,
    preview,
    products,
    refunds,
    secrets,
    sections,
    settings,
    setup,
    staff,
    theme,
    viewings,
    webhook_tests,
    webhooks,
    words,
)
from tables.member import ADMIN, STAFF
from theming.words import _
from web.console import desk, enter, member_of
from web.requests import SIGNED_IN, center_of
from web.tenancy import CONSOLE


def N_(message: str) -> str:
    return message


class Page(NamedTuple):
    path: str
    label: str
    group: str
    module: ModuleType
    role: str = STAFF
    """The least role that sees it in the menu; the module's routes ask for it themselves (`role=`)."""


GROUPS = ("", N_("Customers"), N_("Content"), N_("Looks"), N_("Center"), N_("Workings"))
"""The parts of the menu, in their order."""

PAGES = [
    Page("/", N_("Overview"), "", overview),
    Page("/customers", N_("Customers"), N_("Customers"), customers),
    Page("/orders", N_("Orders"), N_("Customers"), orders),
    Page("/courses", N_("Courses"), N_("Content"), courses),
    Page("/products", N_("Products"), N_("Content"), products),
    Page("/enrolling", N_("Enroll many"), N_("Content"), enrolling, ADMIN),
    Page("/theme", N_("Theme"), N_("Looks"), theme, ADMIN),
    Page("/logo", N_("Logo"), N_("Looks"), logo, ADMIN),
    Page("/words", N_("Words"), N_("Looks"), words, ADMIN),
    Page("/settings", N_("Settings"), N_("Center"), settings, ADMIN),
    Page("/domain", N_("Domain"), N_("Center"), domain, ADMIN),
    Page("/secrets", N_("Secrets"), N_("Center"), secrets, ADMIN),
    Page("/payments", N_("Payments"), N_("Center"), payments, ADMIN),
    Page("/partials", N_("Templates"), N_("Looks"), partials, ADMIN),
    Page("/staff", N_("Staff"), N_("Center"), staff, ADMIN),
    Page("/audit", N_("Log of changes"), N_("Center"), audit, ADMIN),
    Page("/webhooks", N_("Webhooks"), N_("Workings"), webhooks),
    Page("/mail", N_("Mail"), N_("Workings"), mail),
    Page("/import", N_("Import"), N_("Workings"), imports, ADMIN),
]
BESIDE: list[ModuleType] = [
    customer_access, customer_tabs, viewings, refunds, manual_orders, downloads, sections, lessons, parts, people, preview,
    webhook_tests, import_token, import_runs,
]  # fmt: skip
"""Pages that another page leads to."""


async def arrive(request: Request) -> Response[Any] | None:
    """Before every page of a vendor's console: the guard, then the menu."""
    if answer := await enter(request):
        return answer
    show_menu(request)
    return None


def show_menu(request: Request) -> None:
    """Put the pages this member may see where `render` finds them, group by group."""
    state, here = request.scope["state"], request.scope["state"]["inner"].removeprefix(desk(request)) or "/"
    pages = [page for page in PAGES if member_of(request).may(page.role)]
    state["menu"] = [
        {"label": _(group) if group else "", "pages": [item(request, page, here) for page in pages if page.group == group]}
        for group in GROUPS if any(page.group == group for page in pages)
    ]  # fmt: skip


def item(request: Request, page: Page, here: str) -> dict[str, Any]:
    current = here == page.path or (here.startswith(f"{page.path.rstrip('/')}/") and page.path != "/")
    return {
        "label": _(page.label),
        "href": center_of(request).url(desk(request, page.path.rstrip("/"))),
        "current": current,
    }


vendor_router = Router(
    "/{vendor:str}",
    opt=SIGNED_IN,
    before_request=arrive,
    route_handlers=[
        *(route for page in PAGES for route in page.module.ROUTES),
        *(route for module in BESIDE for route in module.ROUTES),
    ],
)
router = Router(
    CONSOLE,
    route_handlers=[
        *centers.ROUTES, *confirmation.ROUTES, *dashboard.ROUTES, *setup.ROUTES, *invitation.ROUTES, vendor_router,
    ],
)  # fmt: skip
