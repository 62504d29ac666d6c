"""A form that could not be sent because the session had ended, offered again after the sign-in."""

from __future__ import annotations

from litestar import Request, Response

from tables.kept_form import KeptForm
from theming.words import _
from web.errors import Refused
from web.rendering import render
from web.requests import OWNER_ONLY, SECRET_FIELDS, SIGNED_IN, Part, center_of, person_of, screen


@screen("/kept-forms/{form:str}", opt=SIGNED_IN | OWNER_ONLY)
async def show(request: Request, form: Part) -> Response:
    center = center_of(request)
    kept = await KeptForm.own(center.vendor_id, person_of(request).customer_id, form)
    # What holds a secret is shown by the page it was kept for alone, which asks for a fresh sign-in.
    if kept is None or not SECRET_FIELDS.isdisjoint(kept.typed):
        raise Refused(404)
    return render(
        request, "errors/stale_form", layout="narrow", title=_("Please send this once more"), signed_out=True,
        action=center.url(kept.path), typed=kept.typed,
    )  # fmt: skip


ROUTES = [show]
