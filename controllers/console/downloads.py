"""All customers or all orders as a table for a spreadsheet: streamed, so that a million rows take no memory."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, post
from litestar.response import Stream

import database
from jobs.export_archive import BOM, cell, line, plain_row
from tables import bulk_rows
from tables.audit_entry import AuditEntry
from tables.member import ADMIN
from tables.sealed import seal, unseal
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, query_of, screen

KINDS = {"customers": (bulk_rows.CUSTOMERS, bulk_rows.customers), "orders": (bulk_rows.ORDERS, bulk_rows.orders)}
GUARD = {"role": ADMIN, "recent": True}
FRESH = 120
"""Seconds for which the address of a file opens it: each file is asked for by a form, and so is in the log."""


@screen("/downloads/{kind:str}", opt=GUARD)
async def ask(request: Request, kind: Part) -> Response:
    title = {"customers": _("Export all customers"), "orders": _("Export all orders")}.get(kind)
    if title is None:
        raise Refused(404)
    columns = ", ".join(name.replace("_", " ") for name in KINDS[kind][0])
    return render(
        request, "console/download", layout="console", title=title, kind=kind, columns=columns,
        here=center_of(request).url(desk(request, f"/downloads/{kind}")),
        back_to=center_of(request).url(desk(request, f"/{kind}")),
        back_label={"customers": _("Customers"), "orders": _("Orders")}[kind],
    )  # fmt: skip


@post("/downloads/{kind:str}", opt=GUARD)
async def create(request: Request, kind: Part) -> Response:
    if kind not in KINDS:
        raise Refused(404)
    vendor_id, member = vendor_of(request).id, member_of(request)
    await AuditEntry.record(vendor_id, member, "export.customers" if kind == "customers" else "export.orders")
    ticket = seal(ticket_for(request, kind, int(database.now().timestamp()) + FRESH))
    return redirect(request, desk(request, f"/downloads/{kind}/file?ticket={ticket}"))


@screen("/downloads/{kind:str}/file", opt=GUARD)
async def show(request: Request, kind: Part) -> Response[Any]:
    if kind not in KINDS:
        raise Refused(404)
    if not good(request, kind):
        return redirect(request, desk(request, f"/downloads/{kind}"))
    vendor = vendor_of(request)
    day = database.now().astimezone(vendor.zone).date().isoformat()
    headers = {
        "content-disposition": f'attachment; filename="{vendor.slug}-{kind}-{day}.csv"', "cache-control": "private, no-store",
    }  # fmt: skip
    body = Response(b"", media_type="text/csv", headers=headers)
    return body if request.method == "HEAD" else Stream(
        table(vendor.id, kind), media_type="text/csv", headers=headers
    )  # fmt: skip


ROUTES = [ask, create, show]


async def table(vendor_id: int, kind: str) -> AsyncIterator[bytes]:
    """The file: a mark that it is UTF-8, the names of the columns, and a line for each row."""
    fields, rows_of = KINDS[kind]
    yield BOM + line(fields)
    async for rows in rows_of(vendor_id):
        yield await asyncio.to_thread(lines, rows, fields)


def lines(rows: Any, fields: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in plain_row(row, fields).values()] for row in rows)
    return text.getvalue().encode()


def ticket_for(request: Any, kind: str, until: int) -> str:
    return f"export|{vendor_of(request).id}|{member_of(request).person_id}|{kind}|{until}"


def good(request: Any, kind: str) -> bool:
    """Whether this very person asked for this file just now."""
    try:
        asked = unseal(query_of(request).get("ticket", ""))
        until = int(asked.rpartition("|")[2])
    except ValueError:
        return False
    return asked == ticket_for(request, kind, until) and until > database.now().timestamp()
