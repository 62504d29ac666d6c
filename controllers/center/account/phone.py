"""The phone number on file: shown, and changed by a code that is sent to the new one, where texts can be sent at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from litestar import Request, Response, post

import database
from emails import phone_changed, phone_code
from forms.phone import NumberForm
from forms.sign_in import CodeForm
from settings import settings
from tables import phone_proof
from tables.customer import Customer
from tables.mailed_link import MailedLink
from tables.rate_limit import Limit, RateLimit
from theming.formats import clock
from theming.words import _
from web.limits import allow_ip
from web.rendering import redirect, render
from web.requests import center_of, customer_of, form_of, person_of, query_of, screen
from web.telephones import phone_words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_CUSTOMER = (
    Limit("text", 1, timedelta(seconds=30)), Limit("text", 5, HOUR), Limit("text", 10, DAY),
)  # fmt: skip
TO_NUMBER = Limit("text to", 10, DAY)
"""Over all centers: a gateway is not to be used for pestering somebody, or for dialling dear numbers."""
TEXTS_PER_IP = Limit("text from", 20, HOUR)
WRONG_CODES = (Limit("wrong phone code", 10, HOUR), Limit("wrong phone code", 30, DAY))


@screen("/phone")
async def edit(request: Request) -> Response:
    return await number_page(request, await customer_of(request), NumberForm())


@post("/phone")
async def update(request: Request) -> Response:
    if not settings.sms_url:
        return redirect(request, "/account/phone")
    customer, form = await customer_of(request), NumberForm.read(form_of(request))
    if not form.errors and not await within_limits(request, customer, form.number):
        form.errors["number"] = _("Too many codes in a short time. Wait a while, then ask for another one.")
    if form.errors:
        return await number_page(request, customer, form, status=422)
    await send_code(request, customer, form.number)
    return redirect(request, "/account/phone/code")


@screen("/phone/code")
async def code_form(request: Request) -> Response:
    asked = await phone_proof.pending(center_of(request).vendor_id, person_of(request).customer_id)
    if asked is None:
        return redirect(request, "/account/phone")
    return await code_page(request, asked, CodeForm())


@post("/phone/code")
async def code(request: Request) -> Response:
    customer, form = await customer_of(request), CodeForm.read(form_of(request))
    asked = await phone_proof.pending(customer.vendor, customer.id)
    if asked is None:
        return redirect(request, "/account/phone?done=ended")
    if not form.errors and await right_code(customer, asked, form) and await proven(request, customer, asked):
        return redirect(request, "/account/phone?done=changed")
    return await code_page(request, asked, form, status=422)


ROUTES = [edit, update, code_form, code]


async def within_limits(request: Any, customer: Customer, number: str) -> bool:
    """Counts against every limit of the customer and of the number; raises Refused when the network asks too often."""
    await allow_ip(request, TEXTS_PER_IP)
    taken = [await RateLimit.take(limit, f"{customer.vendor}|{customer.id}") for limit in PER_CUSTOMER]
    return all([*taken, await RateLimit.take(TO_NUMBER, number)])


async def send_code(request: Any, customer: Customer, number: str) -> None:
    made = await phone_proof.make_code()

    async def work() -> None:
        asked = await phone_proof.ask(customer, number, made)
        await phone_code.queue(center_of(request), customer, asked, number, made)

    await database.transaction(work)
    request.app.state.worker.wake()


async def right_code(customer: Customer, asked: MailedLink, form: CodeForm) -> bool:
    """Whether the code fits; the form's error is set when it does not."""
    subject = f"{customer.vendor}|{customer.id}"
    if any([await RateLimit.spent(limit, subject) for limit in WRONG_CODES]):
        form.errors["code"] = _("Too many wrong codes. Try again tomorrow.")
        return False
    if await phone_proof.matches(asked, form.code):
        return True
    for limit in WRONG_CODES:
        await RateLimit.take(limit, subject)
    form.errors["code"] = _("That code is not right, or no longer valid. Check the newest message.")
    return False


async def proven(request: Any, customer: Customer, asked: MailedLink) -> bool:
    """Put the number on file and tell by mail, in one transaction; False when another use came first."""

    async def work() -> bool:
        taken = await phone_proof.take(asked, customer)
        if taken:
            await phone_changed.queue(center_of(request), customer, asked)
        return taken

    taken = await database.transaction(work)
    request.app.state.worker.wake()
    return taken


async def number_page(request: Any, customer: Customer, form: NumberForm, status: int = 200) -> Response:
    words, center = await phone_words(request, customer), center_of(request)
    form.values["country"] = form.values["country"] or words.region or ""
    notices = {"changed": ("good", _("Your phone number was changed.")),
               "ended": ("warn", _("That code is no longer valid. Ask for a new one."))}  # fmt: skip
    found = notices.get(query_of(request).get("done", ""))
    return render(
        request, "account/phone", title=_("Phone number on file"), status=status, form=form,
        phone=words.shown(customer.phone) if customer.phone else None, can_change=bool(settings.sms_url),
        support_email=center.support_email, countries=words.countries(form.values["country"]),
        notice={"tone": found[0], "text": found[1]} if found else None,
    )  # fmt: skip


async def code_page(request: Any, asked: MailedLink, form: CodeForm, status: int = 200) -> Response:
    center, words = center_of(request), await phone_words(request, await customer_of(request))
    form.values["code"] = ""
    return render(
        request, "account/phone_code", title=_("Check your phone"), status=status, form=form,
        phone=words.shown(asked.details["number"]), number=asked.details["number"],
        valid_until=clock(asked.expires_at, center.zone, center.locale),
    )  # fmt: skip
