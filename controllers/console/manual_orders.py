"""Writing an order down by hand."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

import database
from forms.console.orders import LINES, ManualOrderForm
from tables import manual_order
from tables.audit_entry import AuditEntry
from tables.customer import Customer
from tables.manual_order import NumberTaken, Written
from tables.order import Order
from theming.formats import money
from theming.words import _
from web.belongings import customer_at
from web.console import desk, member_of, vendor_of
from web.rendering import redirect, render
from web.requests import center_of, form_of, query_of, screen


@screen("/manual-orders")
async def new(request: Request) -> Response:
    vendor, customer = vendor_of(request), query_of(request).get("customer")
    today = database.now().astimezone(vendor.zone).date().isoformat()
    return page(request, ManualOrderForm({
        "email": (await customer_at(request, customer)).email if customer else "", "date": today, "paid": "1",
        "currency": await Order.usual_currency(vendor.id), "quantity_1": "1",
    }))  # fmt: skip


@post("/manual-orders")
async def create(request: Request) -> Response:
    form, vendor = ManualOrderForm.read(form_of(request)), vendor_of(request)
    form.check_all(vendor.locale, vendor.zone)
    buyer = await Customer.by_email(vendor.id, form.email) if "email" not in form.errors else None
    if "email" not in form.errors and (buyer is None or buyer.closed_at):
        form.errors["email"] = _("You have no customer with this address. Add them first.")
    order = await written_down(request, form, buyer.id) if buyer and not form.errors else None
    if order is None:
        return page(request, form, status=422)
    request.app.state.worker.wake()
    return redirect(request, desk(request, f"/orders/{order.number}?done=written"))


ROUTES = [new, create]


async def written_down(request: Any, form: ManualOrderForm, customer_id: int) -> Order | None:
    """The order, or None when its number is taken, which the form says then."""
    vendor, member, values = vendor_of(request), member_of(request), form.values

    async def work() -> Order:
        order = await manual_order.place(vendor.id, Written(
            customer_id, values["number"], values["currency"], form.placed_at, values["paid"] == "1", form.lines
        ))  # fmt: skip
        amount = money(order.total, order.currency, vendor.locale)
        await AuditEntry.record(vendor.id, member, "order.written", order.number, customer=form.email, amount=amount)
        return order

    try:
        order: Order = await database.transaction(work)
    except (NumberTaken, *database.CONFLICT):
        form.errors["number"] = _("Another order has this number. Leave it empty for the next free one.")
        return None
    return order


def page(request: Any, form: ManualOrderForm, status: int = 200) -> Response:
    vendor = vendor_of(request)
    return render(
        request, "console/orders/new", layout="console", title=_("Write down an order"), form=form, status=status,
        places=range(1, LINES + 1), here=center_of(request).url(desk(request, "/manual-orders")),
        example=money(123450, form.values["currency"] if "currency" not in form.errors else "USD", vendor.locale),
    )  # fmt: skip
