"""Manage account: names, default address, picture and language; email, phone and password are shown and cannot be sent."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.profile import ProfileForm
from integrations import gravatar
from settings import settings
from tables.address import PAGE, Address
from tables.customer import Customer
from tables.email_change import CHANGE
from tables.mailed_link import MailedLink
from tables.payment_method import PaymentMethod
from theming.address_words import AddressWords
from theming.payment_words import method as payment_method
from theming.words import _, languages
from web.rendering import redirect, render
from web.requests import center_of, customer_of, form_of, query_of, screen
from web.telephones import on_file

METHODS_SHOWN = 3


@screen("/profile")
async def edit(request: Request) -> Response:
    customer = await customer_of(request)
    form = ProfileForm({
        "first_name": customer.first_name, "last_name": customer.last_name, "language": customer.language or "",
        "show_gravatar": "1" if customer.show_gravatar else "0",
    })  # fmt: skip
    return await page(request, customer, form, notice=notice(query_of(request)))


@post("/profile")
async def update(request: Request) -> Response:
    customer, form = await customer_of(request), ProfileForm.read(form_of(request))
    chosen = await choose_address(customer, form)
    if form.errors:
        return await page(request, customer, form, status=422)

    async def work() -> None:
        await customer.rename(form.values["first_name"], form.values["last_name"])
        if chosen is not None:
            await chosen.prefer()
        if "language" in form.sent:
            await customer.set_language(form.values["language"] or None)
        if form.shows_gravatar is not None:
            await customer.set_gravatar(form.shows_gravatar)

    await database.transaction(work)
    if form.shows_gravatar is False:
        await gravatar.forget(customer.avatar)
    return redirect(request, "/account/profile?updated=1", new_frame=True)


ROUTES = [edit, update]


def notice(query: dict[str, str]) -> dict[str, str] | None:
    texts = {
        "updated": _("Your profile was updated."), "confirmed": _("Your email address was changed."),
        "cancelled": _("Your email address stays as it is."),
    }  # fmt: skip
    return next(({"tone": "good", "text": text} for name, text in texts.items() if name in query), None)


async def choose_address(customer: Customer, form: ProfileForm) -> Address | None:
    """The customer's own address that was picked; an id that is not theirs is an error at the field."""
    picked = form.values["default_address"]
    if not picked:
        return None
    found = await Address.own(customer.vendor, customer.id, picked)
    if found is None:
        form.errors["default_address"] = _("Choose one of your addresses.")
    return found


async def page(request: Any, customer: Customer, form: ProfileForm, **options: Any) -> Response:
    default, words = await Address.default_of(customer), AddressWords(center_of(request))
    addresses = (await Address.of(customer.vendor, customer.id))[:PAGE]
    if default and default.id not in [address.id for address in addresses]:
        addresses = [default, *addresses]
    pending = await MailedLink.open_of(customer.vendor, customer.id, CHANGE)
    return render(
        request, "account/profile", title=_("Manage account"), form=form, email=customer.email,
        phone=await on_file(request, customer), has_password=bool(customer.password_hash),
        pending=pending.email if pending else None, methods=await methods(customer),
        gravatar=settings.gravatar_url is not None, languages=choices(request),
        addresses=[words.choice(address, default) for address in addresses], **options,
    )  # fmt: skip


async def methods(customer: Customer) -> list[dict[str, Any]]:
    """The newest few; the tab has them all."""
    rows = {row["id"]: row for row in await PaymentMethod.of(customer.vendor, customer.id)}
    return [payment_method(row) for row in list(rows.values())[:METHODS_SHOWN]]


def choices(request: Any) -> list[tuple[str, str]]:
    """What the center can speak, with the vendor's own choice first; nothing when there is no choice."""
    if len(languages()) < 2:
        return []
    return [("", _("As %(name)s sets it", name=center_of(request).name)), *languages().items()]
