"""Cancellations that were declared without signing in: looking at one, carrying it out, marking it as dealt with."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from integrations.billing import news
from integrations.billing.holders import holder_of
from tables.audit_entry import AuditEntry
from tables.billing_command import CANCEL, BillingCommand, Underway
from tables.cancellation_notice import CAUSE, CancellationNotice
from tables.member import ADMIN
from theming.center import center_of as storefront_of
from theming.console.request_words import done, notice_row
from theming.formats import minute
from theming.notice_words import declared
from theming.words import _
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, query_of, screen

GUARD = {"role": ADMIN}


@screen("/requests/notices/{notice:str}")
async def show(request: Request, notice: Part) -> Response:
    found, vendor, may = await notice_of(request, notice), vendor_of(request), member_of(request).may(ADMIN)
    order = None if found.settled_at else await found.meant()
    settled = minute(found.settled_at, vendor.zone, "en")
    return render(
        request, "console/requests/notice", layout="console", title=_("Cancellation without signing in"),
        facts=declared(found, storefront_of(vendor).speaking("en")), state=notice_row(found, "", vendor.zone)["state"],
        action=link(request, f"/requests/notices/{found.public_id}"), may_settle=may and settled is None,
        order={"number": order.number, "href": link(request, f"/orders/{order.number}")} if order else None,
        at_once=found.kind == CAUSE, mailed=found.mailed, settled_by=found.settled_by, settled=settled,
        notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@post("/requests/notices/{notice:str}", opt=GUARD)
async def settle(request: Request, notice: Part) -> Response:
    """It was dealt with elsewhere, or is nobody's."""
    member = member_of(request)

    async def work() -> None:
        found = await notice_of(request, notice)
        if await found.settle(member.email):
            await AuditEntry.record(found.vendor, member, "notice.settled", found.contract)

    await database.transaction(work)
    return back(request, notice, "settled")


@screen("/requests/notices/{notice:str}/execution", opt=GUARD)
async def ask_execution(request: Request, notice: Part) -> Response:
    return back(request, (await notice_of(request, notice)).public_id)


@post("/requests/notices/{notice:str}/execution", opt=GUARD)
async def execute(request: Request, notice: Part) -> Response:
    """Ask for the cancellation in the customer's name, of the one subscription that the notice names."""
    await notice_of(request, notice)
    try:
        asked = await database.transaction(lambda: carry_out(request, notice))
    except Underway:
        return back(request, notice, "underway")
    request.app.state.worker.wake()
    return back(request, notice, "asked" if asked else "")


ROUTES = [show, settle, ask_execution, execute]


async def notice_of(request: Any, public_id: str) -> CancellationNotice:
    found = await CancellationNotice.own(vendor_of(request).id, public_id)
    if found is None:
        raise Refused(404)
    return found


def link(request: Any, path: str) -> str:
    return center_of(request).url(desk(request, path))


def back(request: Any, notice: str, done: str = "") -> Response:
    return redirect(request, desk(request, f"/requests/notices/{notice}") + (f"?done={done}" if done else ""))


async def carry_out(request: Any, public_id: str) -> bool:
    found, vendor, member = await notice_of(request, public_id), vendor_of(request), member_of(request)
    order = await found.meant()
    if order is None or not await found.settle(member.email, order.id):
        return False
    until = order.paid_until or order.renewal_at or order.next_charge_at
    made = await BillingCommand.ask(
        vendor.id, order.customer, CANCEL, holder_of(vendor, order, CANCEL).name, order=order, asked_by=member.email,
        reason="other", comment=found.reason, at_period_end=True, until=until.isoformat() if until else None,
    )  # fmt: skip
    await news.asked(made)
    await AuditEntry.record(vendor.id, member, "notice.carried_out", order.number)
    return True
