"""The Orders tab: a keyset page of orders, and one order with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response

from forms.orders import OrderSearch
from tables.credit_memo import CreditMemo
from tables.invoice import Invoice, InvoiceLine
from tables.order import PAGE, Order, OrderLine, newest_orders
from tables.order_list import Wanted, list_orders, years_in, years_of
from tables.parcel import parcels_of_order
from tables.payment import Payment
from theming.order_filters import address, order_filters
from theming.order_timeline import OrderTimeline, Story
from theming.order_words import OrderWords, chip
from theming.words import _
from web.errors import Refused
from web.paging import cursor, position
from web.rendering import render
from web.requests import Part, center_of, person_of, query_of, screen


@screen("/orders")
async def index(request: Request) -> Response:
    center, form = center_of(request), OrderSearch.read(query_of(request))
    if form.errors:
        raise Refused(404)
    rows, newer, older = await page_of(request, form.wanted)
    words, here = OrderWords(center), center.url("/account/orders")
    known = rows or await years_of(vendor=center.vendor_id, customer=person_of(request).customer_id)
    years = years_in(known, center.zone)
    return render(
        request, "account/orders", layout="account", title=_("Orders"), orders=[words.row(row) for row in rows],
        filters=order_filters(here, form.values, years) if years else None,
        paging={"newer": address(here, form.values, newer=newer) if newer else None,
                "older": address(here, form.values, older=older) if older else None},
    )  # fmt: skip


@screen("/orders/{number:str}")
async def show(request: Request, number: Part) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    order = await Order.by_number(center.vendor_id, person_of(request).customer_id, number)
    if order is None:
        raise Refused(404)
    story = await story_of(order)
    lines = await OrderLine.of(center.vendor_id, order.id)
    return render(
        request, "account/order", layout="account", title=_("Order %(number)s", number=order.number),
        order={
            "number": order.number, "notice": words.notice(order), "totals": words.totals(order, story.invoices),
            "billing": chip(words.billing, order.billing_status), "lines": [words.line(line) for line in lines],
            "service": words.service_chip(order), "addresses": words.addresses(order),
        },
        invoices=words.papers(order, story.invoices), timeline=OrderTimeline(words, story).events(),
    )  # fmt: skip


ROUTES = [index, show]


async def page_of(request: Any, wanted: Wanted) -> tuple[Sequence[Any], str, str]:
    """The rows of a page, newest first, with the cursors of the pages before and after it, where there are any."""
    center, customer, query = center_of(request), person_of(request).customer_id, query_of(request)
    side = next((side for side in ("newer", "older") if side in query), "newest")
    if side == "newest" and wanted == Wanted():
        rows = await newest_orders(vendor=center.vendor_id, customer=customer)
    else:
        place = position(query[side]) if side in query else None
        rows = await list_orders(center.vendor_id, customer, center.zone, wanted, side, place)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if side == "newer":
        rows = rows[::-1]
    first, last = (cursor(rows[0]), cursor(rows[-1])) if rows else ("", "")
    return rows, first if side == "older" or (side == "newer" and more) else "", last if side == "newer" or more else ""


async def story_of(order: Order) -> Story:
    """Everything that is known to have happened to an order."""
    invoices = await Invoice.of(order.vendor, order.id)
    return Story(
        order, invoices, await InvoiceLine.of(order.vendor, *(bill.id for bill in invoices)),
        await Payment.of(order.vendor, order.id), await CreditMemo.of_order(order.vendor, order.id),
        await parcels_of_order(vendor=order.vendor, order=order.id),
    )  # fmt: skip
