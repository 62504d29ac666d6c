"""Accepting an invitation to a vendor's console."""

from __future__ import annotations

from litestar import Request, Response, post

import database
from tables.audit_entry import AuditEntry
from tables.customer import Customer, masked_address
from tables.invitation import Invitation
from tables.member import Member
from tables.vendor import SLUG, Vendor, vendor_by_slug
from theming.console.people_words import role_name
from theming.words import _
from web.console import Colleague
from web.rendering import redirect, render
from web.requests import Part, center_of, screen
from web.session import cookie_for, start


@screen("/invitation/{slug:str}/{token:str}")
async def show(request: Request, slug: Part, token: Part) -> Response:
    found, vendor = await find(slug, token)
    if found is None or vendor is None or found.state != "live":
        return spent(request, found)
    return render(
        request, "console/invitation/show", layout="narrow", title=_("Join %(name)s", name=vendor.name), scripts=False,
        vendor_name=vendor.name, role=role_name(found.role), masked=masked_address(found.email),
        invited_by=found.invited_by, action=center_of(request).url(f"/invitation/{slug}/{token}"),
    )  # fmt: skip


@post("/invitation/{slug:str}/{token:str}")
async def accept(request: Request, slug: Part, token: Part) -> Response:
    found, vendor = await find(slug, token)
    if found is None or vendor is None or found.state != "live":
        return spent(request, found)
    session = await database.transaction(lambda: join(request, vendor, found))
    if session is None:
        return spent(request, await Invitation.by_token(vendor.id, token))
    request.app.state.worker.wake()
    return redirect(request, f"/{vendor.slug}", new_frame=True, cookie=cookie_for(request, session))


ROUTES = [show, accept]


async def find(slug: str, token: str) -> tuple[Invitation | None, Vendor | None]:
    rows = await vendor_by_slug(slug=slug) if SLUG.fullmatch(slug) else []
    if not rows:
        return None, None
    vendor = Vendor(**dict(rows[0]), _exists_in_db=True)
    return await Invitation.by_token(vendor.id, token), vendor


async def join(request: Request, vendor: Vendor, found: Invitation) -> str | None:
    """Spend it, make the person and the membership, and sign them in: the link came to their own mailbox."""
    if not await found.redeem():
        return None
    person = await Customer.open(center_of(request).vendor_id, found.email)
    if not person.may_enter:
        return None
    await Member.add(vendor.id, person.id, found.role)
    joined = Colleague(person.id, person.email, person.email, found.role)
    await AuditEntry.record(vendor.id, joined, "staff.joined", person.email, role=found.role)
    return await start(request, person.id, "invitation")


def spent(request: Request, found: Invitation | None) -> Response:
    reason = found.state if found and found.state != "live" else "unknown"
    return render(
        request, "console/invitation/spent", layout="narrow", title=_("This invitation does not work"), status=410,
        scripts=False, reason=reason,
    )  # fmt: skip
