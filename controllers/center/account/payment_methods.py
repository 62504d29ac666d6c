"""The Payment Methods tab: what is charged, what it is called, which is the default, and letting one go."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from forms.payment_method import MethodForm
from integrations.billing import cards
from tables.billing_command import DEFAULT_METHOD, REMOVE_METHOD, UPDATE_METHOD, BillingCommand, Underway
from tables.order import Subscription
from tables.payment_method import PAGE, PaymentMethod
from tables.vendor import Vendor
from theming.payment_words import PaymentWords, done
from theming.words import _
from web.errors import Refused
from web.limits import WISHES_PER_CUSTOMER, take
from web.paging import below, page
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, person_of, query_of, require_switch, screen

LIST = "/account/payment-methods"


@screen("/payment-methods")
async def index(request: Request) -> Response:
    center, customer = center_of(request), person_of(request).customer_id
    rows = await PaymentMethod.of(center.vendor_id, customer, below(request))
    waiting = await BillingCommand.open_about_methods(center.vendor_id, customer)
    tiles = PaymentWords(center, waiting).tiles(rows)
    listed, paging = page(request, LIST, tiles, PAGE, [tile["id"] for tile in tiles])
    return render(
        request, "account/payment_methods", layout="account", title=_("Payment Methods"), methods=listed,
        paging=paging, notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/payment-methods/{method:str}")
async def edit(request: Request, method: Part) -> Response:
    found = await own(request, method)
    return form_page(request, found, MethodForm({
        "description": found.description, "exp_month": str(found.exp_month or ""), "exp_year": str(found.exp_year or ""),
    }))  # fmt: skip


@post("/payment-methods/{method:str}")
async def update(request: Request, method: Part) -> Response:
    """The description is ours to change; the expiry date is asked for where the card is kept."""
    found, form = await own(request, method), MethodForm.read(form_of(request))
    if form.errors:
        return form_page(request, found, form, status=422)
    await found.describe(form.values["description"])
    month, year = form.date
    if not month or not found.exp_month or (month, year) == (found.exp_month, found.exp_year):
        return redirect(request, f"{LIST}?done=updated")
    return await ask(request, found, UPDATE_METHOD, "expiry", exp_month=month, exp_year=year)


@screen("/payment-methods/{method:str}/default")
async def choose(request: Request, method: Part) -> Response:
    await own(request, method)
    return redirect(request, LIST)


@post("/payment-methods/{method:str}/default")
async def prefer(request: Request, method: Part) -> Response:
    found = await own(request, method)
    return redirect(request, LIST) if found.is_default else await ask(request, found, DEFAULT_METHOD, "default")


@screen("/payment-methods/{method:str}/deletion")
async def confirm(request: Request, method: Part) -> Response:
    found = await own(request, method)
    waiting = await BillingCommand.open_about_methods(found.vendor, found.customer)
    return render(
        request, "account/payment_method_delete", layout="account", title=_("Remove this payment method?"),
        method=PaymentWords(center_of(request), waiting).one(found), obstacle=await obstacle(request, found, waiting),
    )  # fmt: skip


@post("/payment-methods/{method:str}/deletion")
async def destroy(request: Request, method: Part) -> Response:
    found = await own(request, method)
    waiting = await BillingCommand.open_about_methods(found.vendor, found.customer)
    if await obstacle(request, found, waiting):
        return redirect(request, f"{LIST}/{method}/deletion")
    return await ask(request, found, REMOVE_METHOD, "removal")


ROUTES = [index, edit, update, choose, prefer, confirm, destroy]


async def own(request: Any, public_id: str) -> PaymentMethod:
    """The customer's own that can be looked after here; anything else is as unknown as none."""
    require_switch(request, "payment_method_updates")
    found = await PaymentMethod.own(center_of(request).vendor_id, person_of(request).customer_id, public_id)
    if found is None or not found.is_told:
        raise Refused(404)
    return found


async def ask(request: Any, found: PaymentMethod, kind: str, done: str, **wish: Any) -> Response:
    """Write the wish down and say so; one at a time. Raises Refused (429) beyond the limit."""
    vendor = await Vendor.by_id(center_of(request).vendor_id)
    assert vendor is not None
    await take(WISHES_PER_CUSTOMER, f"{found.vendor}|{found.customer}")
    try:
        await cards.ask(vendor, found, kind, **wish)
    except Underway:
        return redirect(request, f"{LIST}?done=underway")
    request.app.state.worker.wake()
    return redirect(request, f"{LIST}?done={done}")


async def obstacle(request: Any, found: PaymentMethod, waiting: dict[int, BillingCommand]) -> dict[str, Any] | None:
    """Why it has to stay; asked again when the form comes. What is on its way out already counts as gone."""
    gone = {found.id, *(number for number, command in waiting.items() if command.kind == REMOVE_METHOD)}
    others = [row for row in await PaymentMethod.told(found.vendor, found.customer) if row.id not in gone]
    last = not others and await Subscription.any_running(found.vendor, found.customer)
    return PaymentWords(center_of(request)).obstacle(await found.needed_by(), last)


def form_page(request: Any, found: PaymentMethod, form: MethodForm, status: int = 200) -> Response:
    return render(
        request, "account/payment_method", layout="account", title=_("Edit payment method"), status=status, form=form,
        method=PaymentWords(center_of(request)).one(found),
    )  # fmt: skip
