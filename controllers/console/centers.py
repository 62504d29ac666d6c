"""The console's first page: the centers one works for."""

from __future__ import annotations

from litestar import Request, Response

from tables.member import Member
from theming.console.people_words import role_name
from theming.words import _
from web.rendering import redirect, render
from web.requests import SIGNED_IN, center_of, person_of, screen


@screen("/", opt=SIGNED_IN)
async def index(request: Request) -> Response:
    """Straight on where there is only one."""
    rows = await Member.vendors_of(person_of(request).customer_id)
    if len(rows) == 1:
        return redirect(request, f"/{rows[0]['slug']}")
    centers = [
        {"name": row["name"], "about": row["headline"], "role": role_name(row["role"]),
         "href": center_of(request).url(f"/{row['slug']}")} for row in rows
    ]  # fmt: skip
    return render(request, "console/centers", title=_("Your centers"), centers=centers)


ROUTES = [index]
