"""Cancelling a contract without signing in, where the vendor offers it (BGB, section 312k).

Nothing is looked up: nobody learns here whether an address has an account, or an order is somebody's.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from emails import cancellation_notice
from emails.console import cancellation_notice as to_vendor
from forms.cancellation_notice import CancellationNoticeForm
from tables.cancellation_notice import CancellationNotice
from tables.rate_limit import RateLimit
from tables.vendor import Vendor
from theming.notice_words import declared
from theming.words import _, language
from web.errors import Refused
from web.limits import NOTICES_ANYWHERE, NOTICES_PER_ADDRESS, NOTICES_PER_IP, allow_ip
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen


@screen("/cancel")
async def new(request: Request) -> Response:
    require_offer(request)
    return form_page(request, CancellationNoticeForm({"kind": "ordinary", "ends": "soonest"}))


@post("/cancel")
async def create(request: Request) -> Response:
    require_offer(request)
    form, center = CancellationNoticeForm.read(form_of(request)), center_of(request)
    if form.errors:
        return form_page(request, form, status=422)
    await allow_ip(request, NOTICES_PER_IP)
    # However many messages went out before: what was declared counts, and is kept.
    mailed = await RateLimit.take(NOTICES_PER_ADDRESS, f"{center.vendor_id}|{form.email}")
    mailed = mailed and await RateLimit.take(NOTICES_ANYWHERE, form.email)

    async def work() -> CancellationNotice:
        notice = await CancellationNotice.receive(
            center.vendor_id, form.declared, language=language.get(), mailed=mailed
        )
        if mailed:
            await cancellation_notice.queue(center, notice)
        for address in await Vendor.addresses(notice.vendor):
            await to_vendor.queue(center, address, notice)
        return notice

    notice = await database.transaction(work)
    request.app.state.worker.wake()
    # To a whole page: what htmx knows of a frame with scripts and links stays behind.
    return redirect(request, f"/cancel/{notice.public_id}", new_frame=True)


@screen("/cancel/{notice:str}")
async def receipt(request: Request, notice: Part) -> Response:
    """What was declared and when it arrived, to keep or print; by its address alone for a day."""
    center = center_of(request)
    found = await CancellationNotice.own(center.vendor_id, notice)
    if found is None:
        raise Refused(404)
    if not found.shown:
        return render(
            request, "cancel/expired", layout="narrow", title=_("Your cancellation"), status=410, scripts=False,
            here=center.url("/cancel") if center.cancels_openly else None,
        )  # fmt: skip
    return render(
        request, "cancel/receipt", layout="narrow", title=_("Your cancellation has arrived"), scripts=False,
        facts=declared(found, center), email=found.email if found.mailed else "",
    )  # fmt: skip


ROUTES = [new, create, receipt]


def require_offer(request: Any) -> None:
    if not center_of(request).cancels_openly:
        raise Refused(404)


def form_page(request: Any, form: CancellationNoticeForm, status: int = 200) -> Response:
    return render(
        request, "cancel/new", layout="narrow", title=_("Cancel contracts here"), form=form, status=status,
        action=center_of(request).url("/cancel"),
    )  # fmt: skip
