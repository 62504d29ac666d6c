"""My Account: the tabs in their order, and the router that guards them.

A new tab is a module with ROUTES, a partial, and one line in TABS; a page beside the tabs one line in MORE.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any, NamedTuple

from litestar import Request, Response, Router

from controllers.center.account import (
    addresses,
    card_setups,
    courses,
    credit_memos,
    data,
    devices,
    email,
    index,
    invoices,
    messages,
    orders,
    payment_methods,
    phone,
    phone_numbers,
    profile,
    subscriptions,
)
from theming.words import _
from web.errors import Refused
from web.requests import SIGNED_IN, check


class Tab(NamedTuple):
    path: str
    label: str
    module: ModuleType
    about: str = ""


def N_(message: str) -> str:
    return message


TABS = [
    Tab("/subscriptions", N_("Subscriptions"), subscriptions),
    Tab("/courses", N_("Courses"), courses),
    Tab("/orders", N_("Orders"), orders),
    Tab("/credit-memos", N_("Credit Memos"), credit_memos),
    Tab("/payment-methods", N_("Payment Methods"), payment_methods),
    Tab("/addresses", N_("Addresses"), addresses),
    Tab("/phone-numbers", N_("Phone Numbers"), phone_numbers),
]

MORE: list[Tab] = [
    Tab("/messages", N_("Messages"), messages, N_("Every message we sent you, to read again.")),
    Tab("/devices", N_("Devices"), devices, N_("Where you are signed in, and how to sign out elsewhere.")),
    Tab("/data", N_("Your data"), data, N_("Download everything we keep about you, or delete your account.")),
]
"""Pages beside the tabs, listed with a sentence each under the personal information."""
BESIDE = [index, profile, email, phone, invoices, card_setups]
"""Pages that another page leads to."""


async def enter(request: Request) -> Response | None:
    """Before every page of the account: the checks of all pages, and the tabs."""
    if answer := await check(request):
        return answer
    show_tabs(request.scope["state"])
    return None


def show_tabs(state: Any) -> None:
    """Put the tabs this vendor shows where `render` finds them; a tab switched off does not exist."""
    center, here = state["center"], state["inner"].removeprefix("/account")
    shown = [tab for tab in in_order(center.tab_order) if tab.path.lstrip("/") not in center.hidden_tabs]
    if any(here.startswith(tab.path) for tab in TABS if tab not in shown):
        raise Refused(404)
    state["tabs"] = [
        {"label": _(tab.label), "href": center.url(f"/account{tab.path}"), "current": here.startswith(tab.path)}
        for tab in shown
    ]
    state["more"] = [
        {"label": _(page.label), "about": _(page.about), "href": center.url(f"/account{page.path}")} for page in MORE
    ]


def in_order(names: Sequence[str]) -> list[Tab]:
    """The tabs as the vendor wants them; those nothing was said about come after, in our order."""
    return sorted(TABS, key=lambda tab: names.index(name) if (name := tab.path.lstrip("/")) in names else len(names))


router = Router(
    "/account",
    opt=SIGNED_IN,
    before_request=enter,
    route_handlers=[
        *(route for module in BESIDE for route in module.ROUTES),
        *(route for tab in (*TABS, *MORE) for route in tab.module.ROUTES),
    ],
)
