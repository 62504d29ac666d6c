"""One run of an import: how far it is, what it brought, what it refused and why."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from integrations.clickfunnels.importing import NAMES
from tables.audit_entry import AuditEntry
from tables.import_refusal import PAGE, ImportRefusal
from tables.import_run import ImportRun
from tables.member import ADMIN
from tables.vendor import Vendor
from theming.console.import_words import POLLS, done, progress_text, refusal, rows_of, state_chip
from theming.formats import minute
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, query_of, screen


@screen("/import/runs/{run:str}", opt={"role": ADMIN})
async def show(request: Request, run: Part) -> Response:
    found, here = await own(request, run), address(request, run)
    return render(
        request, "console/imports/run", layout="console", title=_("Import"), run=shown(request, found), here=here,
        rows=rows_of(found, NAMES), poll=next_look(request, found, here), notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/import/runs/{run:str}/refusals", opt={"role": ADMIN})
async def refusals(request: Request, run: Part) -> Response:
    found = await own(request, run)
    listed = await ImportRefusal.of(found, below(request))
    rows, paging = page(
        request, desk(request, f"/import/runs/{found.public_id}/refusals"), listed, PAGE, [row.id for row in listed]
    )  # fmt: skip
    return render(
        request, "console/imports/refusals", layout="console", title=_("Refused records"), here=address(request, run),
        refusals=[refusal(row) for row in rows], paging=paging,
    )  # fmt: skip


@screen("/import/runs/{run:str}/stop", opt={"role": ADMIN})
async def ask_stop(request: Request, run: Part) -> Response:
    return await back_to(request, run)


@post("/import/runs/{run:str}/stop", opt={"role": ADMIN})
async def stop(request: Request, run: Part) -> Response:
    found, vendor_id, member = await own(request, run), vendor_of(request).id, member_of(request)

    async def work() -> None:
        if await ImportRun.stop(vendor_id, found.public_id):
            await AuditEntry.record(vendor_id, member, "import.stopped", found.workspace)

    await database.transaction(work)
    return await back_to(request, run)


@screen("/import/runs/{run:str}/continuation", opt={"role": ADMIN})
async def ask_continuation(request: Request, run: Part) -> Response:
    return await back_to(request, run)


@post("/import/runs/{run:str}/continuation", opt={"role": ADMIN})
async def go_on(request: Request, run: Part) -> Response:
    found, vendor_id, member = await own(request, run), vendor_of(request).id, member_of(request)

    async def work() -> bool:
        await Vendor.hold(vendor_id)
        resumed = await ImportRun.go_on(vendor_id, found.public_id)
        if resumed:
            await AuditEntry.record(vendor_id, member, "import.continued", found.workspace)
        return resumed

    resumed = await database.transaction(work)
    request.app.state.worker.wake()
    return await back_to(request, run, "" if resumed else "?done=older")


ROUTES = [show, refusals, ask_stop, stop, ask_continuation, go_on]


async def own(request: Any, public_id: str) -> ImportRun:
    """A run of this vendor; anybody else's is as unknown as none."""
    run = await ImportRun.own(vendor_of(request).id, public_id)
    if run is None:
        raise Refused(404)
    return run


def address(request: Any, run: str) -> str:
    return center_of(request).url(desk(request, f"/import/runs/{run}"))


async def back_to(request: Any, run: str, query: str = "") -> Response:
    found = await own(request, run)
    return redirect(request, desk(request, f"/import/runs/{found.public_id}{query}"))


def next_look(request: Any, run: ImportRun, here: str) -> str | None:
    """Where an open run's page looks next by itself; None when it is done, or has been watched long enough."""
    watched = query_of(request).get("watched", "0")
    count = int(watched) if watched.isascii() and watched.isdigit() and len(watched) < 4 else POLLS
    return f"{here}?watched={count + 1}" if run.is_open and count < POLLS else None


def shown(request: Any, run: ImportRun) -> dict[str, Any]:
    zone = vendor_of(request).zone
    return {
        "state": state_chip(run.state), "is_open": run.is_open, "can_go_on": run.state in ("failed", "stopped"),
        "error": run.error if run.state == "failed" else None, "welcomes": run.welcomes, "by": run.started_by,
        "workspace": run.workspace, "started": minute(run.created_at, zone, "en"),
        "ended": minute(run.ended_at, zone, "en"), "progress": progress_text(run, NAMES) if run.is_open else None,
    }  # fmt: skip
