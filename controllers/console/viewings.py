"""See as customer: a look at the center with a customer's eyes, asked for here and begun there (`center/entry.py`)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from forms import Form
from tables.customer import Customer
from tables.viewing import ROLE, Viewing
from theming.center import center_of as storefront_of
from theming.console.viewing_words import start_title, who
from theming.words import _
from web.console import desk, vendor_of
from web.entry import door, issue
from web.errors import Refused
from web.rendering import elsewhere, redirect, render
from web.requests import Part, center_of, person_of, query_of, screen


@screen("/customers/{customer:str}/viewing", opt={"role": ROLE})
async def new(request: Request, customer: Part) -> Response:
    return page(request, await own(request, customer), Form())


@post("/customers/{customer:str}/viewing", opt={"role": ROLE, "recent": True})
async def create(request: Request, customer: Part) -> Response:
    found, person = await own(request, customer), person_of(request)
    if not found.may_enter:
        form = Form()
        form.errors[""] = _("This account is closed or switched off, so there is nothing to see.")
        return page(request, found, form, status=422)
    asked = await Viewing.ask(found.vendor, found.id, person.customer_id, person.session_id)
    return elsewhere(request, door(storefront_of(vendor_of(request)), viewing=asked.public_id))


@screen("/viewings/{viewing:str}", opt={"role": ROLE})
async def enter(request: Request, viewing: Part) -> Response:
    """On to the center again, now that it is known who asks and in which browser."""
    vendor, marked = vendor_of(request), query_of(request).get("mark", "")
    asked = await Viewing.waiting(vendor.id, person_of(request).customer_id, viewing)
    if asked is None:
        raise Refused(404)
    if not marked:
        return redirect(request, desk(request))
    return elsewhere(request, issue(request, storefront_of(vendor), asked.customer, marked, viewing=asked.public_id))


ROUTES = [new, create, enter]


async def own(request: Any, public_id: str) -> Customer:
    """A customer of this vendor; anybody else's is as unknown as none."""
    found = await Customer.by_public_id(vendor_of(request).id, public_id)
    if found is None:
        raise Refused(404)
    return found


def page(request: Any, customer: Customer, form: Form, status: int = 200) -> Response:
    here, center = desk(request, f"/customers/{customer.public_id}"), center_of(request)
    return render(
        request, "console/viewing/new", layout="console", title=start_title(vendor_of(request).name, customer),
        status=status, form=form, name=who(customer), email=customer.email, back=center.url(here),
        action=center.url(f"{here}/viewing"),
    )  # fmt: skip
