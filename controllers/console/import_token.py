"""The token for ClickFunnels' API: entered, replaced and removed, and never shown."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.imports import TokenForm
from integrations.clickfunnels.api import Busy, Refused
from integrations.clickfunnels.workspaces import Sight, check
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.rate_limit import RateLimit
from tables.vendor import Vendor
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.limits import TOKEN_CHECKS
from web.rendering import redirect, render
from web.requests import form_of, screen

GUARD = {"role": ADMIN, "recent": True}


@screen("/import/token", opt=GUARD)
async def edit(request: Request) -> Response:
    vendor = vendor_of(request)
    known = {"subdomain": vendor.subdomain or "", "workspace": vendor.clickfunnels_workspace or ""}
    return token_page(request, TokenForm(known))


@post("/import/token", opt=GUARD)
async def update(request: Request) -> Response:
    """A token is kept once it has been seen to work."""
    form, vendor, member = TokenForm.read(form_of(request)), vendor_of(request), member_of(request)
    if not form.errors and not await RateLimit.take(TOKEN_CHECKS, str(vendor.id)):
        form.errors[""] = _("That is enough checks for an hour. Please try again later.")
    sight = None if form.errors else await seen(form)
    if sight is None:
        return token_page(request, form, status=422)

    async def work() -> None:
        await Vendor.keep_token(vendor.id, form.token)
        await Vendor.keep_workspace(vendor.id, sight.subdomain, sight.workspace, json.dumps(sight._asdict()))
        await AuditEntry.record(vendor.id, member, "import.token_kept", sight.subdomain, workspace=sight.workspace)

    await database.transaction(work)
    return redirect(request, desk(request, "/import?done=connected"))


@screen("/import/token/removal", opt=GUARD)
async def ask_removal(request: Request) -> Response:
    return render(request, "console/imports/removal", layout="console", title=_("Remove the API token?"))


@post("/import/token/removal", opt=GUARD)
async def remove(request: Request) -> Response:
    vendor, member = vendor_of(request), member_of(request)

    async def work() -> None:
        await Vendor.forget_token(vendor.id)
        await AuditEntry.record(vendor.id, member, "import.token_removed", vendor.subdomain or "")

    await database.transaction(work)
    return redirect(request, desk(request, "/import?done=removed"))


ROUTES = [edit, update, ask_removal, remove]


async def seen(form: TokenForm) -> Sight | None:
    """What the token sees; None with the reason in the form."""
    try:
        return await check(form.subdomain, form.token, form.workspace)
    except (Refused, Busy) as error:
        form.errors[blamed(form, str(error))] = f"{str(error).rstrip('.')}."
    return None


def blamed(form: TokenForm, why: str) -> str:
    """The field that a refusal speaks of."""
    if "workspace" in why:
        return "workspace" if form.workspace else "subdomain"
    return "subdomain" if "subdomain" in why else "api_token" if "token" in why else ""


def token_page(request: Any, form: TokenForm, status: int = 200) -> Response:
    return render(
        request, "console/imports/token", layout="console", title=_("ClickFunnels API token"), status=status, form=form,
        replaces=bool(vendor_of(request).clickfunnels_token),
    )  # fmt: skip
