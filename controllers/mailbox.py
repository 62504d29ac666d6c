"""The outbox as a mailbox, delivered or not. Development only: these pages do not exist in production."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response

from tables.mail import Mail, opened
from theming.formats import minute
from theming.words import _
from web.errors import Refused
from web.mails import alone
from web.rendering import render
from web.requests import Part, screen

SHOWN = 50
LINK = re.compile(r"https?://[^\s<>\"]+")
UTC = ZoneInfo("UTC")


@screen("/dev/mail")
async def index(request: Request) -> Response:
    rows = await Mail.select().order_by(Mail.id, ascending=False).limit(SHOWN)
    return render(request, "mailbox/index", title=_("Mailbox"), messages=[message(row) for row in rows])


@screen("/dev/mail/{mail:str}")
async def show(request: Request, mail: Part) -> Response:
    row = await find(mail)
    text = opened(row, "body_text")
    return render(
        request, "mailbox/show", title=row["subject"], links=LINK.findall(text),
        message=message(row) | {"sender": row["sender"], "text": text, "html_href": f"/dev/mail/{mail}/html"},
    )  # fmt: skip


@screen("/dev/mail/{mail:str}/html")
async def html(request: Request, mail: Part) -> Response:
    """The HTML part alone, where it can neither run nor send anything."""
    return alone(opened(await find(mail), "body_html"))


ROUTES = [index, show, html]


async def find(public_id: str) -> dict[str, Any]:
    row = await Mail.select().where(Mail.public_id == public_id).first()
    if row is None:
        raise Refused(404)
    return row


def message(row: Any) -> dict[str, Any]:
    return {
        "to": row["recipient"], "subject": row["subject"], "date": minute(row["created_at"], UTC),
        "state": row["state"], "href": f"/dev/mail/{row['public_id']}",
    }  # fmt: skip
