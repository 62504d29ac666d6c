"""Who works at which vendor's console: decided once, before every page of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

from litestar import Response

import database
from tables.member import STAFF, Member, may
from tables.vendor import SLUG, Vendor, vendor_by_slug
from web import kept_forms
from web.errors import Refused
from web.rendering import redirect
from web.requests import check, person_of, typed

RECENT = timedelta(minutes=10)
"""How long a sign-in counts as proof for secrets, templates, staff and exports (ASVS 7.5.3)."""


class Colleague(NamedTuple):
    """The signed-in person at one vendor."""

    person_id: int
    name: str
    email: str
    role: str

    def may(self, least: str) -> bool:
        return may(self.role, least)


def vendor_of(request: Any) -> Vendor:
    """The vendor whose console it is."""
    vendor: Vendor = request.scope["state"]["vendor"]
    return vendor


def member_of(request: Any) -> Colleague:
    """The person who asks, with their role at this vendor."""
    member: Colleague = request.scope["state"]["member"]
    return member


def desk(request: Any, path: str = "") -> str:
    """The path of a page of this vendor's console, for `redirect` and `center.url`: `/acme/courses`."""
    return f"/{vendor_of(request).slug}{path}"


async def enter(request: Any) -> Response[Any] | None:
    """Before every page of a vendor's console: the checks of all pages, the membership, the role, a fresh sign-in.

    A vendor one does not work for is as unknown as one that does not exist; too small a role is told so (403).
    """
    if answer := await check(request):
        return answer
    await sit_down(request)
    options = request.route_handler.opt
    if not member_of(request).may(options.get("role", STAFF)):
        raise Refused(403)
    if options.get("recent") and not signed_in_recently(request):
        return await confirm_first(request)
    return None


async def sit_down(request: Any) -> None:
    """Put the vendor and the member into the request's state."""
    state, person, slug = request.scope["state"], person_of(request), request.path_params["vendor"]
    rows = await vendor_by_slug(slug=slug) if SLUG.fullmatch(slug) else []
    role = await Member.role_of(rows[0]["id"], person.customer_id) if rows else None
    if role is None:
        raise Refused(404)
    state["vendor"] = Vendor(**dict(rows[0]), _exists_in_db=True)
    state["member"] = Colleague(person.customer_id, person.name, person.email, role)


def signed_in_recently(request: Any) -> bool:
    since = person_of(request).signed_in_at
    return since is not None and database.now() - since < RECENT


async def confirm_first(request: Any) -> Response[Any]:
    """To the page that asks for a new sign-in; a form that was sent waits there until it is done."""
    state = request.scope["state"]
    wanted = state["inner"]
    if request.method not in ("GET", "HEAD"):
        wanted = await kept_forms.put_aside(state, person_of(request).customer_id, typed(request)) or wanted
    elif query := request.scope["query_string"].decode("latin-1"):
        wanted += f"?{query}"
    return redirect(request, f"/confirmation?next={quote(wanted, safe='')}")
