"""Import from ClickFunnels: what the token sees, starting a run, the runs there were."""

from __future__ import annotations

import json
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.imports import StartForm
from integrations.clickfunnels.api import Busy, Refused
from integrations.clickfunnels.importing import FIRST
from integrations.clickfunnels.workspaces import check
from tables.audit_entry import AuditEntry
from tables.import_run import LISTED, ImportRun
from tables.member import ADMIN
from tables.rate_limit import RateLimit
from tables.vendor import CLICKFUNNELS, Vendor
from theming.console.import_words import done, seen_text, state_chip
from theming.formats import minute
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.limits import TOKEN_CHECKS
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import center_of, form_of, query_of, screen


@screen("/import", opt={"role": ADMIN})
async def index(request: Request) -> Response:
    return await import_page(request, StartForm())


@post("/import", opt={"role": ADMIN})
async def start(request: Request) -> Response:
    form, vendor, member = StartForm.read(form_of(request)), vendor_of(request), member_of(request)
    if not vendor.api_token or not vendor.clickfunnels_workspace:
        form.errors[""] = _("Enter the API token first.")
        return await import_page(request, form, status=422)

    async def work() -> ImportRun | None:
        # Or one that is gone on with at this moment could be in the way.
        await Vendor.hold(vendor.id)
        workspace = vendor.clickfunnels_workspace or ""
        run = await ImportRun.start(vendor.id, workspace, FIRST, member.name, form.welcomes)
        if run:
            await AuditEntry.record(vendor.id, member, "import.started", workspace, welcomes=form.welcomes)
        return run

    run = await database.transaction(work)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/import/runs/{run.public_id}" if run else "/import?done=running"))


@screen("/import/check", opt={"role": ADMIN})
async def ask_check(request: Request) -> Response:
    return redirect(request, desk(request, "/import"))


@post("/import/check", opt={"role": ADMIN})
async def look(request: Request) -> Response:
    """Ask ClickFunnels what the token sees; nothing is imported."""
    form, vendor = StartForm(), vendor_of(request)
    if not await RateLimit.take(TOKEN_CHECKS, str(vendor.id)):
        form.errors[""] = _("That is enough checks for an hour. Please try again later.")
    elif not vendor.api_token or not vendor.subdomain:
        form.errors[""] = _("Enter the API token first.")
    else:
        try:
            sight = await check(vendor.subdomain, vendor.api_token, vendor.clickfunnels_workspace or "")
            await Vendor.keep_workspace(vendor.id, sight.subdomain, sight.workspace, json.dumps(sight._asdict()))
        except (Refused, Busy) as error:
            form.errors[""] = f"{error}."
    if form.errors:
        return await import_page(request, form, status=422)
    return redirect(request, desk(request, "/import?done=checked"))


ROUTES = [index, start, ask_check, look]


async def import_page(request: Any, form: StartForm, status: int = 200) -> Response:
    vendor = vendor_of(request)
    runs = await ImportRun.of(vendor.id, below(request))
    rows, paging = page(request, desk(request, "/import"), runs, LISTED, [run.id for run in runs])
    newest = await ImportRun.newest(vendor.id)
    return render(
        request, "console/imports/index", layout="console", title=_("Import"), status=status, form=form, paging=paging,
        runs=[shown(request, run) for run in rows], connection=connection(vendor),
        running=shown(request, newest) if newest and newest.is_open else None,
        notice=None if form.errors else done(query_of(request).get("done", "")),
    )  # fmt: skip


def connection(vendor: Vendor) -> dict[str, Any] | None:
    """What is known of the workspace; None without a token that can be read."""
    if not vendor.api_token:
        return None
    sight = json.loads(vendor.clickfunnels_sight or "{}")
    return {
        "address": f"{vendor.subdomain}{CLICKFUNNELS}", "workspace": vendor.clickfunnels_workspace or "",
        "since": minute(vendor.clickfunnels_token_at, vendor.zone, "en"), "seen": seen_text(sight) if sight else "",
    }  # fmt: skip


def shown(request: Any, run: ImportRun) -> dict[str, Any]:
    tallies = run.tallies.values()
    return {
        "href": center_of(request).url(desk(request, f"/import/runs/{run.public_id}")), "state": state_chip(run.state),
        "when": minute(run.created_at, vendor_of(request).zone, "en"), "by": run.started_by,
        "taken": f"{sum(tally['new'] + tally['changed'] for tally in tallies):,}",
        "refused": f"{sum(tally['refused'] for tally in tallies):,}",
    }  # fmt: skip
