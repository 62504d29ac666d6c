"""Who works here: the people with their roles, and invitations."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from emails import invitation as message
from forms.console.people import InvitationForm, RoleForm
from tables.audit_entry import AuditEntry
from tables.invitation import Invitation
from tables.member import ADMIN, OWNER, PAGE, LastOwner, Member, may
from tables.rate_limit import RateLimit
from tables.vendor import Vendor
from theming.console.people_words import done, person, role_choices, role_name
from theming.formats import day
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.limits import INVITATIONS
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen

GUARD = {"role": ADMIN, "recent": True}


@screen("/staff", opt={"role": ADMIN})
async def index(request: Request) -> Response:
    return await staff_page(request, InvitationForm({"role": "staff"}))


@post("/staff", opt=GUARD)
async def invite(request: Request) -> Response:
    form, vendor, member = InvitationForm.read(form_of(request)), vendor_of(request), member_of(request)
    if not form.errors and not member.may(form.values["role"]):
        form.errors["role"] = _("Only an owner can make owners.")
    if not form.errors and not await RateLimit.take(INVITATIONS, str(vendor.id)):
        form.errors[""] = _("That is enough invitations for an hour. Please try again later.")
    if form.errors:
        return await staff_page(request, form, status=422)

    async def work() -> None:
        made, token = await Invitation.make(vendor.id, form.email, form.values["role"], member.name, member.person_id)
        await message.queue(center_of(request), vendor, made, token, role_name(made.role))
        await AuditEntry.record(vendor.id, member, "staff.invited", form.email, role=made.role)

    await database.transaction(work)
    request.app.state.worker.wake()
    return redirect(request, desk(request, "/staff?done=invited"))


@screen("/staff/invitations/{invitation:str}/withdrawal", opt={"role": ADMIN})
async def ask_withdrawal(request: Request, invitation: Part) -> Response:
    if not any(one.public_id == invitation for one in await Invitation.open_of(vendor_of(request).id)):
        raise Refused(404)
    return redirect(request, desk(request, "/staff"))


@post("/staff/invitations/{invitation:str}/withdrawal", opt=GUARD)
async def withdraw(request: Request, invitation: Part) -> Response:
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> str | None:
        email = await Invitation.withdraw(vendor_id, invitation)
        if email:
            await AuditEntry.record(vendor_id, member, "staff.invitation_withdrawn", email)
        return email

    if await database.transaction(work) is None:
        raise Refused(404)
    return redirect(request, desk(request, "/staff?done=withdrawn"))


@screen("/staff/{person:str}", opt={"role": ADMIN})
async def edit(request: Request, person: Part) -> Response:
    row = await own(request, person)
    return person_page(request, row, RoleForm({"role": row["role"]}))


@post("/staff/{person:str}", opt=GUARD)
async def update(request: Request, person: Part) -> Response:
    row, form = await own(request, person), RoleForm.read(form_of(request))
    if not form.errors and (problem := await changed(request, row, form.values["role"])):
        form.errors["role"] = problem
    if form.errors:
        return person_page(request, row, form, status=422)
    return redirect(request, desk(request, "/staff?done=changed"))


@screen("/staff/{person:str}/removal", opt={"role": ADMIN})
async def ask_removal(request: Request, person: Part) -> Response:
    return removal_page(request, await own(request, person), RoleForm())


@post("/staff/{person:str}/removal", opt=GUARD)
async def remove(request: Request, person: Part) -> Response:
    row, form = await own(request, person), RoleForm()
    if problem := await changed(request, row, None):
        form.errors[""] = problem
    if form.errors:
        return removal_page(request, row, form, status=422)
    left = row["person_id"] == member_of(request).person_id
    return redirect(request, "/" if left else desk(request, "/staff?done=removed"))


ROUTES = [
    index, invite, ask_withdrawal, withdraw, edit, update, ask_removal, remove,
]  # fmt: skip


async def own(request: Any, public_id: str) -> Any:
    """A person of this vendor; anybody else's is as unknown as none."""
    row = await Member.own(vendor_of(request).id, public_id)
    if row is None:
        raise Refused(404)
    return row


async def changed(request: Any, row: Any, role: str | None) -> str:
    """Give another role, or with None end it; what stands in the way, in words, if anything does."""
    vendor_id, actor = vendor_of(request).id, member_of(request)

    async def work() -> None:
        await Vendor.hold(vendor_id)
        member = await Member.by_public_id(vendor_id, row["public_id"])
        if member is None:
            return
        require(await Member.role_of(vendor_id, actor.person_id), member.role, role)
        if role is None:
            await member.leave()
            await AuditEntry.record(vendor_id, actor, "staff.removed", row["email"])
        elif role != member.role:
            await member.change_role(role)
            await AuditEntry.record(vendor_id, actor, "staff.role_changed", row["email"], role=role)

    try:
        await database.transaction(work)
    except LastOwner:
        return _("Every center needs an owner. Make somebody else one first.")
    except OwnersOnly:
        return _("Only an owner can change owners.") if role else _("Only an owner can remove an owner.")
    return ""


class OwnersOnly(Exception):
    """Admins look after staff and admins; owners are made and changed by owners."""


def require(mine: str | None, theirs: str, role: str | None) -> None:
    """Whether the roles as they are by now allow a change; raises Refused or OwnersOnly."""
    if not may(mine, ADMIN):
        raise Refused(403)
    if mine != OWNER and OWNER in (theirs, role):
        raise OwnersOnly


async def staff_page(request: Any, form: InvitationForm, status: int = 200) -> Response:
    vendor, center = vendor_of(request), center_of(request)
    rows, paging = page(request, desk(request, "/staff"), *(await listed(vendor.id, below(request))))
    invitations = [
        {"email": one.email, "role": role_name(one.role), "until": day(one.expires_at, vendor.zone, "en"),
         "href": center.url(desk(request, f"/staff/invitations/{one.public_id}"))}
        for one in await Invitation.open_of(vendor.id)
    ]  # fmt: skip
    return render(
        request, "console/staff/index", layout="console", title=_("Staff"), status=status, form=form, paging=paging,
        people=[shown(request, row) for row in rows], invitations=invitations,
        roles=role_choices(member_of(request).role), notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


async def listed(vendor_id: int, older: int) -> tuple[list[Any], int, list[int]]:
    rows = await Member.of(vendor_id, older)
    return rows, PAGE, [row["id"] for row in rows]


def shown(request: Any, row: Any) -> dict[str, Any]:
    since = day(row["created_at"], vendor_of(request).zone, "en")
    href = center_of(request).url(desk(request, f"/staff/{row['public_id']}"))
    return person(row, href, since.text if since else "") | {"is_you": row["person_id"] == member_of(request).person_id}


def person_page(request: Any, row: Any, form: RoleForm, status: int = 200) -> Response:
    one = shown(request, row)
    return render(
        request, "console/staff/edit", layout="console", title=one["name"], status=status, form=form, person_row=one,
        roles=role_choices(member_of(request).role),
    )  # fmt: skip


def removal_page(request: Any, row: Any, form: RoleForm, status: int = 200) -> Response:
    one = shown(request, row)
    return render(
        request, "console/staff/removal", layout="console", title=_("Remove %(name)s?", name=one["name"]), status=status,
        form=form, person_row=one,
    )  # fmt: skip
