"""The Addresses tab: the list, and adding, correcting, deleting one and making one the default."""

from __future__ import annotations

from functools import partial
from typing import Any

from litestar import Request, Response, post

import database
from forms.address import AddressForm
from tables.address import PAGE, Address
from tables.countries import country_code
from theming.address_forms import boxes
from theming.address_words import AddressWords, done
from theming.countries import choices, country_name, home, territory
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, customer_of, form_of, person_of, query_of, screen

LIST = "/account/addresses"


@screen("/addresses")
async def index(request: Request) -> Response:
    customer = await customer_of(request)
    rows = await Address.of(customer.vendor, customer.id, below(request))
    shown, paging = page(request, LIST, rows, PAGE, [row.id for row in rows])
    default, words = await Address.default_of(customer), AddressWords(center_of(request))
    return render(
        request, "account/addresses", layout="account", title=_("Addresses"), paging=paging,
        notice=done(query_of(request).get("done", "")), addresses=[words.tile(address, default) for address in shown],
    )  # fmt: skip


@screen("/addresses/new")
async def new(request: Request) -> Response:
    query, customer = query_of(request), await customer_of(request)
    names = {"first_name": customer.first_name, "last_name": customer.last_name}
    form = AddressForm({**names, "country": query.get("country", ""), "return": query.get("return", "")})
    if country_code(form.values["country"]):
        return fields_step(request, form)
    given = await Address.deleted(customer.vendor, customer.id)
    return await country_step(request, form, given=[AddressWords(center_of(request)).offer(parts) for parts in given])


@post("/addresses")
async def create(request: Request) -> Response:
    form, person, vendor_id = AddressForm.read(form_of(request)), person_of(request), center_of(request).vendor_id
    if not form.accepted:
        return await once_more(request, form)
    chosen = form.values["return"] == "profile"

    async def work() -> bool:
        address, added = await Address.add(vendor_id, person.customer_id, form.parts)
        if chosen:
            await address.prefer()
        return added

    added = await database.transaction(work)
    return redirect(request, "/account/profile?updated=1" if chosen else f"{LIST}?done={'added' if added else 'known'}")


@screen("/addresses/{address:str}")
async def edit(request: Request, address: Part) -> Response:
    found = await own(request, address)
    return fields_step(request, AddressForm(found.parts), found)


@post("/addresses/{address:str}")
async def update(request: Request, address: Part) -> Response:
    found = await own(request, address)
    form = AddressForm.read(form_of(request), found.parts)
    if not form.accepted:
        return await once_more(request, form, found)
    await database.transaction(partial(found.rewrite, form.parts))
    return redirect(request, f"{LIST}?done=updated")


@screen("/addresses/{address:str}/default")
async def choose(request: Request, address: Part) -> Response:
    await own(request, address)
    return redirect(request, LIST)


@post("/addresses/{address:str}/default")
async def prefer(request: Request, address: Part) -> Response:
    found = await own(request, address)
    await database.transaction(found.prefer)
    return redirect(request, f"{LIST}?done=default")


@screen("/addresses/{address:str}/delete")
async def confirm(request: Request, address: Part) -> Response:
    found, customer, words = await own(request, address), await customer_of(request), AddressWords(center_of(request))
    default, newest = await Address.default_of(customer), await Address.newest(customer.vendor, customer.id, found)
    return render(
        request, "account/address_delete", layout="account", title=_("Delete this address?"), lines=words.lines(found),
        outcome=words.after_deleting(found, default, newest), href=words.href(found),
    )  # fmt: skip


@post("/addresses/{address:str}/delete")
async def destroy(request: Request, address: Part) -> Response:
    found = await own(request, address)
    await database.transaction(found.discard)
    return redirect(request, f"{LIST}?done=deleted")


ROUTES = [index, new, create, edit, update, choose, prefer, confirm, destroy]


async def own(request: Any, public_id: str) -> Address:
    """The customer's own address; anybody else's is as unknown as none."""
    found = await Address.own(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if found is None:
        raise Refused(404)
    return found


async def once_more(request: Any, form: AddressForm, found: Address | None = None) -> Response:
    """The same form again with all that was typed: the country was to be changed, or something is wrong."""
    if form.values["step"] == "country" or "country" in form.errors:
        return await country_step(request, form, found, status=422)
    return fields_step(request, form, found, status=422)


async def country_step(request: Any, form: AddressForm, found: Address | None = None, given: Any = (),
                       status: int = 200) -> Response:  # fmt: skip
    """The choice of the country: at first by a plain GET, later with all that was typed kept beside it."""
    center, customer = center_of(request), await customer_of(request)
    default = await Address.default_of(customer)
    likely = [country_code(form.values["country"]), home(default.country if default else "", center.locale)]
    typed = (
        {} if status == 200 else {name: text for name, text in form.values.items() if name not in ("country", "step")}
    )
    if not form.values["country"]:
        form.values["country"] = next(code for code in (*likely, "US") if code)
    return render(
        request, "account/address_country", status=status, form=form, typed=typed, given=given, **frame(request, found),
        action=action(request, found) if typed else center.url(f"{LIST}/new"),
        choices=choices(center.locale, [*likely, territory(center.locale)]),
    )  # fmt: skip


def fields_step(request: Any, form: AddressForm, found: Address | None = None, status: int = 200) -> Response:
    center, country = center_of(request), form.values["country"]
    return render(
        request, "account/address", status=status, form=form, boxes=boxes(country, form.values, center.locale),
        country=country_name(country, center.locale), action=action(request, found),
        button=_("Update address") if found else _("Create address"), **frame(request, found),
    )  # fmt: skip


def frame(request: Any, found: Address | None) -> dict[str, Any]:
    """What both steps have around them."""
    heading = _("Edit address") if found else _("Add new address")
    back = {"href": center_of(request).url(LIST), "label": _("All addresses")}
    return {"layout": "account", "title": heading, "heading": heading, "back_to": back}


def action(request: Any, found: Address | None) -> str:
    center = center_of(request)
    return AddressWords(center).href(found) if found else center.url(LIST)
