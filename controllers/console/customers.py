"""The vendor's customers: the list, one of them, adding one, and their names."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, post

import database
from emails import account_opened
from forms.console.customers import CustomerForm, CustomerSearch, NamesForm
from tables import customer_list
from tables.audit_entry import AuditEntry
from tables.contact import Contact
from tables.customer import Customer
from tables.customer_list import Found, Place
from theming.center import center_of as storefront_of
from theming.console.customer_words import done, facts, head, name_of, order_labels, row, state_labels
from theming.countries import territory
from theming.order_filters import address, choice
from theming.words import _
from web.belongings import customer_at, open_customer_at
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.paging import behind
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen


@screen("/customers")
async def index(request: Request) -> Response:
    form, vendor = CustomerSearch.read(query_of(request)), vendor_of(request)
    if form.errors:
        raise Refused(404)
    found, here = await looked_up(request, form), center_of(request).url(desk(request, "/customers"))
    shown = [row(one, f"{here}/{one['public_id']}", vendor.zone) for one in found.rows]
    further = address(here, form.values, older=f"{found.next.id}-{found.next.text}") if found.next else None
    return render(
        request, "console/customers/index", layout="console", title=_("Customers"), form=form, customers=shown, cut=found.cut,
        here=here, states=choices(here, form, "state", state_labels()),
        orders=[] if form.values["q"] or form.values["state"] else choices(here, form, "by", order_labels()),
        paging={"first": address(here, form.values) if "older" in query_of(request) else None, "next": further},
    )  # fmt: skip


@screen("/customers/new")
async def new(request: Request) -> Response:
    return new_page(request, CustomerForm({"email": query_of(request).get("email", ""), "mail": "1"}))


@post("/customers")
async def create(request: Request) -> Response:
    form, vendor, member = CustomerForm.read(form_of(request)), vendor_of(request), member_of(request)
    if form.errors:
        return new_page(request, form, status=422)

    async def work() -> Customer | None:
        if await Customer.by_email(vendor.id, form.email):
            return None
        made = await Customer.open(
            vendor.id, form.email, first_name=form.values["first_name"], last_name=form.values["last_name"]
        )
        if form.mails:
            await account_opened.queue(storefront_of(vendor), made)
        await AuditEntry.record(vendor.id, member, "customer.added", form.email, mailed=form.mails)
        return made

    made = await once(work)
    if made is None:
        form.errors["email"] = _("You have a customer with this address already.")
        return new_page(request, form, status=422)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/customers/{made.public_id}?done={'mailed' if form.mails else 'added'}"))


@screen("/customers/{customer:str}")
async def show(request: Request, customer: Part) -> Response:
    one, vendor = await customer_at(request, customer), vendor_of(request)
    contacts = await Contact.of(vendor.id, one.id)
    return render(
        request, "console/customers/show", layout="console", title=name_of(one), who=head(one, url(request, one), ""),
        details=facts(one, one.phone, contacts, vendor.zone), notice=done(query_of(request).get("done", "")),
        open=one.closed_at is None, off=one.disabled_at is not None, may_switch=member_of(request).may("admin"),
        here=url(request, one),
    )  # fmt: skip


@screen("/customers/{customer:str}/names")
async def edit(request: Request, customer: Part) -> Response:
    one = await open_customer_at(request, customer)
    return names_page(request, one, NamesForm({"first_name": one.first_name, "last_name": one.last_name}))


@post("/customers/{customer:str}/names")
async def update(request: Request, customer: Part) -> Response:
    one, form = await open_customer_at(request, customer), NamesForm.read(form_of(request))
    if form.errors:
        return names_page(request, one, form, status=422)
    vendor_id, member = vendor_of(request).id, member_of(request)

    async def work() -> None:
        await one.rename(form.values["first_name"], form.values["last_name"])
        await AuditEntry.record(vendor_id, member, "customer.renamed", one.email, **form.values)

    await database.transaction(work)
    return redirect(request, desk(request, f"/customers/{one.public_id}?done=renamed"))


ROUTES = [index, new, create, show, edit, update]


async def looked_up(request: Any, form: CustomerSearch) -> Found:
    """The page of the list that the address asks for."""
    vendor, values = vendor_of(request), form.values
    older = query_of(request).get("older")
    place = Place(*behind(older)) if older else None
    if values["q"]:
        return await customer_list.search(vendor.id, values["q"], values["state"], place, territory(vendor.locale))
    if values["by"] == "name" and not values["state"]:
        return await customer_list.by_name(vendor.id, place)
    return await customer_list.newest(vendor.id, values["state"], place)


def choices(here: str, form: CustomerSearch, name: str, labels: dict[str, str]) -> list[dict[str, Any]]:
    """Each choice as a link; a state does without the order by name, which only the whole list has."""
    chosen = form.values if name == "by" else {**form.values, "by": ""}
    return [choice(here, chosen, name, value, label) for value, label in labels.items()]


async def once(work: Any) -> Customer | None:
    """None as well when somebody else added the same address at this very moment."""
    try:
        made: Customer | None = await database.transaction(work)
    except database.CONFLICT:
        return None
    return made


def url(request: Any, one: Customer) -> str:
    return center_of(request).url(desk(request, f"/customers/{one.public_id}"))


def new_page(request: Any, form: CustomerForm, status: int = 200) -> Response:
    known = None
    if "email" in form.errors and getattr(form, "email", None):
        known = f"{center_of(request).url(desk(request, '/customers'))}?{urlencode({'q': form.email})}"
    return render(
        request, "console/customers/new", layout="console", title=_("Add a customer"), form=form, status=status, known=known
    )  # fmt: skip


def names_page(request: Any, one: Customer, form: NamesForm, status: int = 200) -> Response:
    return render(
        request, "console/customers/names", layout="console", title=_("Names of %(name)s", name=name_of(one)), form=form,
        status=status, here=url(request, one), name=name_of(one),
    )  # fmt: skip
