"""Settling what customers asked about money: confirming what was done where it is, refusing, trying again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, post

import database
from forms.console.requests import ConfirmationForm, RefusalForm
from integrations.billing import news
from integrations.billing.holders import holder_of, holder_of_method
from tables import settling
from tables.audit_entry import AuditEntry
from tables.billing_command import PAUSE, REFUSED, BillingCommand, Underway
from tables.member import ADMIN
from tables.order import Order
from theming.change_words import wished
from theming.console import request_words
from theming.words import _
from web.belongings import command_at
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, screen

GUARD = {"role": ADMIN}


@screen("/requests/{command:str}/confirmation", opt=GUARD)
async def ask_confirmation(request: Request, command: Part) -> Response:
    found = await command_at(request, command)
    if not settling.is_ours(found):
        return back(request, found)
    form, vendor = ConfirmationForm(), vendor_of(request)
    form.fill(found.kind, await end_of(found), vendor.zone, later=bool(found.wish.get("at_period_end")))
    return confirmation_page(request, found, form)


@post("/requests/{command:str}/confirmation", opt=GUARD)
async def confirm(request: Request, command: Part) -> Response:
    found, form = await command_at(request, command), ConfirmationForm(form_of(request))
    if not settling.is_ours(found):
        return back(request, found)
    form.check_kind(found.kind, await end_of(found), vendor_of(request).zone)
    if form.errors:
        return confirmation_page(request, found, form, status=422)
    try:
        settled = await database.transaction(lambda: settle(request, command, form.done))
    except Underway:
        return back(request, found, "underway")
    except settling.Missing:
        raise Refused(404) from None
    request.app.state.worker.wake()
    return back(request, found, "confirmed" if settled else "")


@screen("/requests/{command:str}/refusal", opt=GUARD)
async def ask_refusal(request: Request, command: Part) -> Response:
    found = await command_at(request, command)
    if not settling.waits(found):
        return back(request, found)
    return refusal_page(request, found, RefusalForm())


@post("/requests/{command:str}/refusal", opt=GUARD)
async def refuse(request: Request, command: Part) -> Response:
    found, form = await command_at(request, command), RefusalForm.read(form_of(request))
    if not settling.waits(found):
        return back(request, found)
    if form.errors:
        return refusal_page(request, found, form, status=422)

    async def work() -> None:
        fresh = await command_at(request, command)
        if await fresh.close(REFUSED, form.values["reason"]):
            await news.settled([fresh])
            await AuditEntry.record(fresh.vendor, member_of(request), "request.refused", wished(fresh.kind),
                                    reason=form.values["reason"])  # fmt: skip

    await database.transaction(work)
    request.app.state.worker.wake()
    return back(request, found, "refused")


@screen("/requests/{command:str}/again", opt=GUARD)
async def ask_again(request: Request, command: Part) -> Response:
    return back(request, await command_at(request, command))


@post("/requests/{command:str}/again", opt=GUARD)
async def again(request: Request, command: Part) -> Response:
    """The same wish once more, as a request of its own: Stripe answers a key that it has refused with the same refusal."""
    found = await command_at(request, command)
    if not settling.is_repeatable(found):
        return back(request, found)
    try:
        made = await database.transaction(lambda: repeat(request, command))
    except Underway:
        return back(request, found, "underway")
    except settling.Missing:
        raise Refused(404) from None
    request.app.state.worker.wake()
    return back(request, made, "again")


ROUTES = [ask_confirmation, confirm, ask_refusal, refuse, ask_again, again]


def back(request: Any, command: BillingCommand, done: str = "") -> Response:
    return redirect(request, desk(request, f"/requests/{command.public_id}") + (f"?done={done}" if done else ""))


async def end_of(command: BillingCommand) -> datetime | None:
    """The day a form begins with: when what is paid for ends, or the end of the pause that was asked for."""
    if command.kind == PAUSE:
        try:
            moment = datetime.fromisoformat(str(command.wish.get("until")))
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    order = await Order.behind(command.vendor, command.order) if command.order else None
    return (order.paid_until or order.renewal_at or order.next_charge_at) if order else None


async def settle(request: Any, public_id: str, done: settling.Done) -> bool:
    """All of it in one transaction, from the request as it stands by then."""
    command = await command_at(request, public_id)
    if not await settling.take_over(command):
        return False
    about = await settling.settle(command, done)
    await (news.mirrored(about) if isinstance(about, Order) else news.mirrored_method(about))
    subject = about.number if isinstance(about, Order) else wished(command.kind)
    await AuditEntry.record(command.vendor, member_of(request), "request.confirmed", subject, wish=command.kind)
    return True


async def repeat(request: Any, public_id: str) -> BillingCommand:
    command, vendor, member = await command_at(request, public_id), vendor_of(request), member_of(request)
    about = await settling.subject_of(command)
    holder = holder_of if isinstance(about, Order) else holder_of_method
    made = await settling.repeat(command, about, holder(vendor, about, command.kind).name, member.email)
    await news.asked(made)
    subject = about.number if isinstance(about, Order) else wished(command.kind)
    await AuditEntry.record(vendor.id, member, "request.repeated", subject)
    return made


def here(request: Any, command: BillingCommand) -> str:
    return center_of(request).url(desk(request, f"/requests/{command.public_id}"))


def confirmation_page(request: Any, command: BillingCommand, form: ConfirmationForm, status: int = 200) -> Response:
    vendor = vendor_of(request)
    return render(
        request, "console/requests/confirmation", layout="console", title=_("Confirm: %(wish)s", wish=wished(command.kind)),
        form=form, status=status, here=here(request, command), kind=command.kind, wish=wished(command.kind),
        meaning=request_words.confirmations()[command.kind], refused=command.status == REFUSED,
        facts=request_words.facts(command, vendor.zone, vendor.locale),
    )  # fmt: skip


def refusal_page(request: Any, command: BillingCommand, form: RefusalForm, status: int = 200) -> Response:
    return render(
        request, "console/requests/refusal", layout="console", title=_("Refuse: %(wish)s", wish=wished(command.kind)),
        form=form, status=status, here=here(request, command), wish=wished(command.kind),
    )  # fmt: skip
