"""Changing the email address: asking for it. Nothing moves until the new mailbox has confirmed it (`center/email.py`)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from emails import change_email
from forms.change_email import NewEmailForm
from tables.customer import Customer
from tables.email_change import CHANGE, EmailChange
from tables.mailed_link import MailedLink
from tables.rate_limit import Limit, RateLimit
from theming.formats import clock
from theming.words import _
from web.console import confirm_first, signed_in_recently
from web.errors import Refused
from web.limits import HOUR, allow_ip, may_mail
from web.rendering import redirect, render
from web.requests import center_of, customer_of, form_of, person_of, screen

PER_CUSTOMER = Limit("email change of", 5, HOUR)
PER_IP = Limit("email change from", 20, HOUR)


@screen("/email")
async def new(request: Request) -> Response:
    if asked := await for_the_desk(request):
        return asked
    return await page(request, await customer_of(request), NewEmailForm())


@post("/email")
async def create(request: Request) -> Response:
    if asked := await for_the_desk(request):
        return asked
    customer, form = await customer_of(request), NewEmailForm.read(form_of(request))
    form.differ(customer.email)
    if form.errors:
        return await page(request, customer, form, status=422)
    await allow_ip(request, PER_IP)
    if not await RateLimit.take(PER_CUSTOMER, f"{customer.vendor}|{customer.id}"):
        raise Refused(429)
    await ask(request, customer, form.email)
    return redirect(request, "/account/email/check-email")


@screen("/email/check-email")
async def check_email(request: Request) -> Response:
    center = center_of(request)
    asked = await MailedLink.open_of(center.vendor_id or 0, person_of(request).customer_id, CHANGE)
    if asked is None:
        return redirect(request, "/account/email")
    return render(
        request, "account/email_sent", title=_("Check your email"), email=asked.email,
        valid_until=clock(asked.expires_at, center.zone, center.locale),
    )  # fmt: skip


@screen("/email/cancellation")
async def cancellation(request: Request) -> Response:
    return redirect(request, "/account/profile")


@post("/email/cancellation")
async def cancel(request: Request) -> Response:
    await MailedLink.withdraw(center_of(request).vendor_id or 0, person_of(request).customer_id, CHANGE)
    return redirect(request, "/account/profile?cancelled=1")


ROUTES = [new, create, check_email, cancellation, cancel]


async def for_the_desk(request: Any) -> Response | None:
    """The console's people sign in once more: whoever moves their address could sign in afresh for every other page."""
    if center_of(request).is_house and not signed_in_recently(request):
        return await confirm_first(request)
    return None


async def page(request: Any, customer: Customer, form: NewEmailForm, **options: Any) -> Response:
    pending = await MailedLink.open_of(customer.vendor, customer.id, CHANGE)
    return render(
        request, "account/email", title=_("Change email address"), form=form, email=customer.email,
        pending=pending.email if pending else None, proposed=customer.email_proposed, **options,
    )  # fmt: skip


async def ask(request: Any, customer: Customer, email: str) -> None:
    """Mail the link, unless the address was written to too often; whoever has it, the asker sees the same."""
    center, session = center_of(request), person_of(request).session_id
    other = await Customer.by_email(customer.vendor, email)
    # Two people of the console never become one: a press in one mailbox would hand over whatever its owner may do.
    mailed = await may_mail(customer.vendor, email, "email change") and not (center.is_house and other)

    async def work() -> None:
        link, token = await EmailChange.ask(customer, email, session, mailed=mailed)
        if mailed:
            await change_email.queue(center, customer, other, link, token)

    await database.transaction(work)
    request.app.state.worker.wake()
