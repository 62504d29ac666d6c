"""A paper as a file, and which of its revisions is asked for."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response

from integrations import pdf
from tables.papers import InvoicePaper
from theming.paper_document import document
from theming.words import _
from web.errors import Refused
from web.rendering import render
from web.requests import center_of, query_of

PLAIN = re.compile(r"[^A-Za-z0-9-]+")


def revision_of(request: Any) -> int | None:
    """The number in `?revision=`; raises Refused for what is none."""
    asked = query_of(request).get("revision")
    if asked is None:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,2}", asked):
        raise Refused(404)
    return int(asked)


async def asked_for(request: Any, paper: InvoicePaper) -> tuple[Any, Any]:
    """What stands on the revision that is asked for; raises Refused for one that is not there."""
    try:
        return await paper.content(revision_of(request))
    except LookupError:
        raise Refused(404) from None


async def as_pdf(request: Any, template: str, paper: dict[str, Any], size: str, back: str, layout: str = "account",
                 center: Any = None) -> Response[bytes]:  # fmt: skip
    """`print/<template>.html` as a file to keep; without WeasyPrint a page that says how to print the one at `back`."""
    if not pdf.available():
        return render(request, "shared/no_pdf", layout=layout, title=_("This center makes no PDF files"), href=back)
    content = await pdf.make(document(center or center_of(request), template, paper, size))
    name = "-".join(filter(None, PLAIN.split(f"{template} {paper['number']}"))).replace("_", "-")
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"', "cache-control": "private, no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
