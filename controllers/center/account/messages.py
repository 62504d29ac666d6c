"""Messages: every mail we wrote to the customer, to read again."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from tables.mail import PAGE, Mail, messages_of, shown
from theming.formats import minute
from theming.letters import fate, letter
from theming.words import _
from web.errors import Refused
from web.mails import alone
from web.paging import below, page
from web.rendering import render
from web.requests import Part, center_of, person_of, screen


@screen("/messages")
async def index(request: Request) -> Response:
    owner = {"vendor": center_of(request).vendor_id, "customer": person_of(request).customer_id}
    rows = await messages_of(**owner, below=below(request))
    rows, paging = page(request, "/account/messages", rows, PAGE, [row["id"] for row in rows])
    return render(
        request, "account/messages", layout="account", title=_("Messages"), paging=paging,
        messages=[message(request, row) for row in rows],
    )  # fmt: skip


@screen("/messages/{mail:str}")
async def show(request: Request, mail: Part) -> Response:
    row = await find(request, mail)
    return render(
        request, "account/message", layout="account", title=row["subject"] or _("Message"),
        message=message(request, row), body=letter(shown(row, "body_text"), center_of(request)),
        html_href=center_of(request).url(f"/account/messages/{mail}/html"),
    )  # fmt: skip


@screen("/messages/{mail:str}/html")
async def html(request: Request, mail: Part) -> Response:
    return alone(shown(await find(request, mail), "body_html"))


ROUTES = [index, show, html]


async def find(request: Any, public_id: str) -> Any:
    row = await Mail.own(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if row is None:
        raise Refused(404)
    return row


def message(request: Any, row: Any) -> dict[str, Any]:
    center = center_of(request)
    return {
        "subject": row["subject"] or _("Message"), "href": center.url(f"/account/messages/{row['public_id']}"),
        "date": minute(row["sent_at"] or row["created_at"], center.zone, center.locale), "state": fate(row["state"]),
    }  # fmt: skip
