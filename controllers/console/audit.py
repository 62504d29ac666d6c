"""The log of changes: who changed what, newest first."""

from __future__ import annotations

from litestar import Request, Response

from tables.audit_entry import PAGE, AuditEntry
from tables.member import ADMIN
from theming.console.audit_words import entry
from theming.formats import minute
from theming.words import _
from web.console import desk, vendor_of
from web.paging import below, page
from web.rendering import render
from web.requests import screen


@screen("/audit", opt={"role": ADMIN})
async def index(request: Request) -> Response:
    vendor = vendor_of(request)
    rows = await AuditEntry.of(vendor.id, below(request))
    rows, paging = page(request, desk(request, "/audit"), rows, PAGE, [row["id"] for row in rows])
    entries = [entry(row, minute(row["created_at"], vendor.zone, "en")) for row in rows]
    return render(request, "console/audit", layout="console", title=_("Log of changes"), entries=entries, paging=paging)


ROUTES = [index]
