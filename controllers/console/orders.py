"""The vendor's orders: the list, one of them as its customer sees it, and its credit memos."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from forms.console.orders import OrderFilter
from tables import order_search, refund
from tables.credit_memo import CreditMemo, credit_memo_by_number
from tables.customer import Customer
from tables.invoice import Invoice, InvoiceLine
from tables.order import Order, OrderLine
from tables.order_list import years_in
from tables.order_search import Found, Place
from tables.parcel import parcels_of_order
from tables.payment import Payment
from theming.console.customer_words import name_of
from theming.console.order_words import DeskOrderWords, by_labels, done
from theming.order_filters import address, choice, order_filters
from theming.order_timeline import OrderTimeline, Story
from theming.words import _
from web.belongings import order_at
from web.console import desk, member_of, vendor_of
from web.errors import Refused
from web.paging import cursor, position
from web.rendering import render
from web.requests import Part, center_of, query_of, screen


@screen("/orders")
async def index(request: Request) -> Response:
    form, vendor, words = OrderFilter.read(query_of(request)), vendor_of(request), words_of(request)
    if form.errors:
        raise Refused(404)
    found, here = await looked_up(request, form), words.desk("/orders")
    years = years_in(await order_search.years(vendor.id), vendor.zone)
    filters = order_filters(here, form.values, years)
    return render(
        request, "console/orders/index", layout="console", title=_("Orders"), orders=[words.listed(row) for row in found.rows],
        form=form, filters=filters, here=here, cut=found.cut,
        meanings=[choice(here, form.values, "by", by, label) for by, label in by_labels().items()] if form.values["q"] else [],
        paging={"first": address(here, form.values) if "older" in query_of(request) else None,
                "next": address(here, form.values, older=cursor(found.next._asdict() | {"placed_at": found.next.at}))
                if found.next else None},
    )  # fmt: skip


@screen("/orders/{number:str}")
async def show(request: Request, number: Part) -> Response:
    order, words = await order_at(request, number), words_of(request)
    story, lines = await story_of(order), await OrderLine.of(order.vendor, order.id)
    buyer = await Customer.by_id(order.vendor, order.customer)
    return render(
        request, "console/orders/show", layout="console", title=_("Order %(number)s", number=order.number),
        order={
            "number": order.number, "totals": words.totals(order, story.invoices), "status": words.status(order),
            "lines": [words.line(line) for line in lines], "addresses": words.addresses(order),
            "placed": words.date(order.placed_at),
        },
        buyer={"name": name_of(buyer), "href": words.desk(f"/customers/{buyer.public_id}")} if buyer else None,
        invoices=words.papers(order, story.invoices), timeline=OrderTimeline(words, story).events(),
        payments=words.payments(story.payments), details=words.facts(order, story.invoices),
        refund_href=await refund_href(request, words, order), notice=done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/credit-memos/{number:str}")
async def memo(request: Request, number: Part) -> Response:
    vendor_id, words = vendor_of(request).id, words_of(request)
    found = await CreditMemo.numbered(vendor_id, number)
    rows = await credit_memo_by_number(vendor=vendor_id, customer=found.customer, number=number) if found else []
    if not rows:
        raise Refused(404)
    return render(
        request, "console/orders/credit_memo", layout="console", title=_("Credit memo %(number)s", number=number),
        memo=words.memo(rows[0]),
    )  # fmt: skip


ROUTES = [index, show, memo]


def words_of(request: Any) -> DeskOrderWords:
    return DeskOrderWords(vendor_of(request), lambda path: center_of(request).url(desk(request, path)))


async def looked_up(request: Any, form: OrderFilter) -> Found:
    """The page of the list that the address asks for; words that are no order's number are looked for in products."""
    vendor, wanted = vendor_of(request), form.wanted
    older = query_of(request).get("older")
    place = Place(*position(older)) if older else None
    found = await order_search.search(vendor.id, vendor.zone, wanted, place)
    if not found.rows and wanted.by == "number" and not form.values["by"]:
        wanted = wanted._replace(by="product")
        found = await order_search.search(vendor.id, vendor.zone, wanted, place)
    form.values["by"] = wanted.by
    return found


async def story_of(order: Order) -> Story:
    """Everything that is known to have happened to an order."""
    invoices = await Invoice.of(order.vendor, order.id)
    return Story(
        order, invoices, await InvoiceLine.of(order.vendor, *(bill.id for bill in invoices)),
        await Payment.of(order.vendor, order.id), await CreditMemo.of_order(order.vendor, order.id),
        await parcels_of_order(vendor=order.vendor, order=order.id),
    )  # fmt: skip


async def refund_href(request: Any, words: DeskOrderWords, order: Order) -> str | None:
    """Where money is given back, for those who may and while there is some left."""
    if not member_of(request).may("admin") or not await refund.left_of(order):
        return None
    return words.desk(f"/orders/{order.number}/refund")
