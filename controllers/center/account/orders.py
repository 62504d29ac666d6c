"""The Orders tab: a keyset page of orders, and one order with everything that belongs to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request, Response

from tables.credit_memo import CreditMemo
from tables.invoice import Invoice
from tables.order import PAGE, Order, OrderLine, newer_orders, newest_orders, older_orders
from tables.parcel import parcels_of_order
from tables.payment import Payment
from theming.order_words import OrderWords, chip
from theming.words import _
from web.errors import Refused
from web.rendering import render
from web.requests import Part, center_of, person_of, query_of, screen

CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@screen("/orders")
async def index(request: Request) -> Response:
    center, query = center_of(request), query_of(request)
    rows, newer, older = await page_of(request, query)
    words, here = OrderWords(center), center.url("/account/orders")
    return render(
        request, "account/orders", layout="account", title=_("Orders"), orders=[words.row(row) for row in rows],
        paging={"newer": f"{here}?newer={newer}" if newer else None, "older": f"{here}?older={older}" if older else None},
    )  # fmt: skip


@screen("/orders/{number:str}")
async def show(request: Request, number: Part) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    order = await Order.by_number(center.vendor_id, person_of(request).customer_id, number)
    if order is None:
        raise Refused(404)
    invoices = await Invoice.of(center.vendor_id, order.id)
    lines = await OrderLine.of(center.vendor_id, order.id)
    return render(
        request, "account/order", layout="account", title=_("Order %(number)s", number=order.number),
        order={
            "number": order.number, "date": words.date(order.placed_at), "notice": words.notice(order),
            "billing": chip(words.billing, order.billing_status), "lines": [words.line(line) for line in lines],
            "service": chip(words.service, order.service_status), "addresses": words.addresses(order),
            "totals": words.totals(order, invoices),
        },
        invoices=[words.invoice(bill) for bill in invoices],
        payments=[words.payment(payment) for payment in await Payment.of(center.vendor_id, order.id)],
        refunds=[words.refund(memo) for memo in await CreditMemo.of_order(center.vendor_id, order.id)],
        parcels=words.parcels(await parcels_of_order(vendor=center.vendor_id, order=order.id)),
    )  # fmt: skip


ROUTES = [index, show]


async def page_of(request: Any, query: dict[str, str]) -> tuple[list[Any], str | None, str | None]:
    """The rows of a page, newest first, with the cursors of the pages before and after it."""
    owner = {"vendor": center_of(request).vendor_id, "customer": person_of(request).customer_id}
    if "newer" in query:
        at, place = position(query["newer"])
        rows = list(await newer_orders(**owner, placed_at=at, same=at, above=place))
        more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return rows, cursor(rows[0]) if more else None, cursor(rows[-1]) if rows else None
    if "older" in query:
        at, place = position(query["older"])
        rows = list(await older_orders(**owner, placed_at=at, same=at, below=place))
    else:
        rows = list(await newest_orders(**owner))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return rows, cursor(rows[0]) if rows and "older" in query else None, cursor(rows[-1]) if more else None


def cursor(row: Any) -> str:
    """A row's place in the list: microseconds since 1970 and id."""
    return f"{(row['placed_at'] - EPOCH) // timedelta(microseconds=1)}-{row['id']}"


def position(text: str) -> tuple[datetime, int]:
    match = CURSOR.fullmatch(text)
    if not match:
        raise Refused(404)
    return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])
