"""Manage account: names and default address; email and phone are shown and cannot be sent."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.profile import ProfileForm
from tables.address import PAGE, Address
from tables.customer import Customer
from theming.address_words import AddressWords
from theming.words import _
from web.rendering import redirect, render
from web.requests import center_of, customer_of, form_of, query_of, screen


@screen("/profile")
async def edit(request: Request) -> Response:
    customer = await customer_of(request)
    form = ProfileForm({"first_name": customer.first_name, "last_name": customer.last_name})
    saved = {"tone": "good", "text": _("Your profile was updated.")} if "updated" in query_of(request) else None
    return await page(request, customer, form, notice=saved)


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

    await database.transaction(work)
    return redirect(request, "/account/profile?updated=1", new_frame=True)


ROUTES = [edit, update]


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
    return render(
        request, "account/profile", title=_("Manage account"), form=form, email=customer.email, phone=customer.phone,
        support_email=center_of(request).support_email,
        addresses=[words.choice(address, default) for address in addresses], **options,
    )  # fmt: skip
