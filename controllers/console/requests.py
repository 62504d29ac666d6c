"""What customers asked about money: the list, and one of them."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from tables import request_list, settling
from tables.billing_command import REFUSED
from tables.cancellation_notice import PAGE as NOTICES
from tables.cancellation_notice import CancellationNotice
from tables.customer import Customer
from tables.member import ADMIN
from tables.order import Order
from theming.change_words import wished
from theming.console import request_words
from theming.console.customer_words import name_of
from theming.words import _
from web.belongings import command_at
from web.console import desk, member_of, vendor_of
from web.filters import choices
from web.paging import below, page
from web.rendering import render
from web.requests import Part, center_of, query_of, screen


@screen("/requests")
async def index(request: Request) -> Response:
    vendor, state = vendor_of(request), query_of(request).get("state", "")
    state = state if state in request_words.filters() else ""
    rows, paging = await (notices(request) if state == "notices" else wishes(request, state))
    return render(
        request, "console/requests/index", layout="console", title=_("Requests"), rows=rows, paging=paging, state=state,
        states=choices(request, "/requests", "state", request_words.filters()),
        waiting=await request_list.waiting(vendor.id), notice=request_words.done(query_of(request).get("done", "")),
    )  # fmt: skip


@screen("/requests/{command:str}")
async def show(request: Request, command: Part) -> Response:
    found, vendor, may = await command_at(request, command), vendor_of(request), member_of(request).may(ADMIN)
    customer = await Customer.by_id(vendor.id, found.customer)
    order = await Order.behind(vendor.id, found.order) if found.order else None
    return render(
        request, "console/requests/show", layout="console", title=wished(found.kind), heading=wished(found.kind),
        state=request_words.state(found.status, found.holder), here=link(request, f"/requests/{found.public_id}"),
        facts=request_words.facts(found, vendor.zone, vendor.locale),
        customer={"name": name_of(customer), "href": link(request, f"/customers/{customer.public_id}")} if customer else None,
        order={"number": order.number, "href": link(request, f"/orders/{order.number}")} if order else None,
        may_settle=may and settling.is_ours(found), may_repeat=may and settling.is_repeatable(found),
        may_refuse=may and settling.waits(found), refused=found.status == REFUSED,
        notice=request_words.done(query_of(request).get("done", "")),
    )  # fmt: skip


ROUTES = [index, show]


async def wishes(request: Any, state: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    vendor = vendor_of(request)
    rows = await request_list.listed(vendor.id, request_list.STATES[state], below(request))
    path = desk(request, "/requests") + (f"?state={state}" if state else "")
    shown, paging = page(request, path, rows, request_list.PAGE, [row["id"] for row in rows])
    return [
        request_words.listed(row, link(request, f"/requests/{row['public_id']}"), vendor.zone) for row in shown
    ], paging


async def notices(request: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    vendor = vendor_of(request)
    rows = await CancellationNotice.listed(vendor.id, below(request))
    shown, paging = page(request, desk(request, "/requests?state=notices"), rows, NOTICES, [row.id for row in rows])
    return [
        request_words.notice_row(row, link(request, f"/requests/notices/{row.public_id}"), vendor.zone) for row in shown
    ], paging


def link(request: Any, path: str) -> str:
    return center_of(request).url(desk(request, path))
