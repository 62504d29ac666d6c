"""The Phone Numbers tab: the list, and adding, naming, deleting one and making one the default."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, Response, post

import database
from forms.phone import LabelForm, PhoneForm
from tables.phone_number import PAGE, PhoneNumber
from theming.phone_words import done
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, customer_of, form_of, person_of, query_of, screen
from web.telephones import phone_words

LIST = "/account/phone-numbers"


@screen("/phone-numbers")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    rows = await PhoneNumber.of(customer.vendor, customer.id, below(request))
    shown, paging = page(request, LIST, rows, PAGE, [row.id for row in rows])
    default, words = await PhoneNumber.default_of(customer), await phone_words(request, customer)
    return render(
        request, "account/phone_numbers", layout="account", title=_("Phone Numbers"), paging=paging,
        notice=done(query_of(request).get("done", "")),
        phones=[words.tile(phone, default, customer) for phone in shown],
    )  # fmt: skip


@screen("/phone-numbers/new")
async def new(request: Request) -> Response:
    return await new_page(request, PhoneForm())


@post("/phone-numbers")
async def create(request: Request) -> Response:
    form, person, vendor_id = PhoneForm.read(form_of(request)), person_of(request), center_of(request).vendor_id
    if form.errors:
        return await new_page(request, form, status=422)
    add = partial(PhoneNumber.add, vendor_id, person.customer_id, form.number, form.values["label"])
    _phone, added = await database.transaction(add)
    return redirect(request, f"{LIST}?done={'added' if added else 'known'}")


@screen("/phone-numbers/{phone:str}")
async def edit(request: Request, phone: Part) -> Response:
    found = await own(request, phone)
    return await label_page(request, found, LabelForm({"label": found.label}))


@post("/phone-numbers/{phone:str}")
async def update(request: Request, phone: Part) -> Response:
    found, form = await own(request, phone), LabelForm.read(form_of(request))
    if form.errors:
        return await label_page(request, found, form, status=422)
    await found.rename(form.values["label"])
    return redirect(request, f"{LIST}?done=updated")


@screen("/phone-numbers/{phone:str}/default")
async def choose(request: Request, phone: Part) -> Response:
    await own(request, phone)
    return redirect(request, LIST)


@post("/phone-numbers/{phone:str}/default")
async def prefer(request: Request, phone: Part) -> Response:
    found = await own(request, phone)
    await database.transaction(found.prefer)
    return redirect(request, f"{LIST}?done=default")


@screen("/phone-numbers/{phone:str}/delete")
async def confirm(request: Request, phone: Part) -> Response:
    found, customer = await own(request, phone), await customer_of(request)
    default, after = await PhoneNumber.default_of(customer), await PhoneNumber.default_of(customer, but=found)
    words = await phone_words(request, customer)
    return render(
        request, "account/phone_number_delete", layout="account", title=_("Delete this phone number?"),
        phone=words.tile(found, default, customer), outcome=words.after_deleting(found, default, after),
    )  # fmt: skip


@post("/phone-numbers/{phone:str}/delete")
async def destroy(request: Request, phone: Part) -> Response:
    found = await own(request, phone)
    await database.transaction(found.discard)
    return redirect(request, f"{LIST}?done=deleted")


ROUTES = [index, new, create, edit, update, choose, prefer, confirm, destroy]


async def own(request: Any, public_id: str) -> PhoneNumber:
    """The customer's own number; anybody else's is as unknown as none."""
    found = await PhoneNumber.own(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if found is None:
        raise Refused(404)
    return found


async def new_page(request: Any, form: PhoneForm, status: int = 200) -> Response:
    words = await phone_words(request, await customer_of(request))
    form.values["country"] = form.values["country"] or words.region or ""
    return render(
        request, "account/phone_number_new", layout="account", title=_("Add phone number"), status=status, form=form,
        countries=words.countries(form.values["country"]),
    )  # fmt: skip


async def label_page(request: Any, phone: PhoneNumber, form: LabelForm, status: int = 200) -> Response:
    customer = await customer_of(request)
    words = await phone_words(request, customer)
    return render(
        request, "account/phone_number", layout="account", title=_("Edit phone number"), status=status, form=form,
        phone=words.tile(phone, None, customer),
    )  # fmt: skip
