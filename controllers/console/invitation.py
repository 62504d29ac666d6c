"""Accepting an invitation to a vendor's console."""

from __future__ import annotations

from typing import NamedTuple

from litestar import Request, Response, post

import database
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.email_address import masked_address
from tables.invitation import Invitation
from tables.member import Member
from tables.session import Session
from tables.vendor import SLUG, Vendor, vendor_by_slug
from theming.console.people_words import role_name
from theming.words import _
from web.console import Colleague
from web.cookies import ended_cookie
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
    joined = await database.transaction(lambda: join(request, vendor, found))
    if joined is None:
        return spent(request, await Invitation.by_token(vendor.id, token))
    request.app.state.worker.wake()
    if joined.session:
        return redirect(request, f"/{vendor.slug}", new_frame=True, cookie=cookie_for(request, joined.session))
    if joined.is_here:
        return redirect(request, f"/{vendor.slug}", new_frame=True)
    return redirect(request, f"/sign-in?next=/{vendor.slug}", new_frame=True, cookie=ended_cookie(center_of(request)))


ROUTES = [show, accept]


async def find(slug: str, token: str) -> tuple[Invitation | None, Vendor | None]:
    rows = await vendor_by_slug(slug=slug) if SLUG.fullmatch(slug) else []
    if not rows:
        return None, None
    vendor = Vendor(**dict(rows[0]), _exists_in_db=True)
    return await Invitation.by_token(vendor.id, token), vendor


class Joined(NamedTuple):
    """How somebody has come in: with a new session, or `is_here` with the one there is; else they have to sign in."""

    session: str | None
    is_here: bool


async def join(request: Request, vendor: Vendor, found: Invitation) -> Joined | None:
    """Spend it, make the person and the membership, and sign in whoever is new: the link came to their own mailbox.

    Who has been here before signs in as ever: what lies in a mailbox for days opens nothing else of theirs (ASVS 6.5.5).
    """
    if not await found.redeem():
        return None
    person = await Customer.open(center_of(request).vendor_id, found.email)
    if not person.may_enter:
        return None
    await Member.add(vendor.id, person.id, found.role)
    joined = Colleague(person.id, person.email, person.email, found.role)
    await AuditEntry.record(vendor.id, joined, "staff.joined", person.email, role=found.role)
    if person.first_signed_in_at is None:
        return Joined(await start(request, person.id, "invitation"), is_here=True)
    return Joined(None, await leave(request, person.id))


async def leave(request: Request, person_id: int) -> bool:
    """Sign out whoever else is signed in in this browser; whether it is this person already."""
    present = request.scope["state"]["person"]
    if present and present.customer_id != person_id:
        await Session.revoke(center_of(request).vendor_id, present.token)
    return present is not None and present.customer_id == person_id


def spent(request: Request, found: Invitation | None) -> Response:
    reason = found.state if found and found.state != "live" else "unknown"
    return render(
        request, "console/invitation/spent", layout="narrow", title=_("This invitation does not work"), status=410,
        scripts=False, reason=reason,
    )  # fmt: skip
