"""What a customer sees on each of their tabs, for the vendor's people to read."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

import database
from tables.address import PAGE as ADDRESS_PAGE
from tables.address import Address
from tables.credit_memo import PAGE as MEMO_PAGE
from tables.credit_memo import credit_memos_of
from tables.customer import Customer
from tables.enrollment import SHORT_PAGE
from tables.order import PAGE, SUBSCRIPTION_PAGE, OrderLine, subscriptions_of
from tables.order_list import Wanted, list_orders
from tables.outline import courses_below
from tables.payment_method import PAGE as METHOD_PAGE
from tables.payment_method import PaymentMethod
from tables.phone_number import PAGE as PHONE_PAGE
from tables.phone_number import PhoneNumber
from theming.address_words import AddressWords
from theming.console.customer_words import head, name_of, tab_labels
from theming.console.order_words import DeskOrderWords
from theming.course_words import CourseWords
from theming.formats import day
from theming.order_words import chip
from theming.payment_words import method as payment_method
from theming.phone_words import PhoneWords
from theming.words import _
from web.belongings import customer_at
from web.console import desk, vendor_of
from web.paging import below, cursor, page, position
from web.rendering import render
from web.requests import Part, center_of, query_of, screen


@screen("/customers/{customer:str}/subscriptions")
async def subscriptions(request: Request, customer: Part) -> Response:
    one, words = await customer_at(request, customer), words_of(request)
    rows = await subscriptions_of(vendor=one.vendor, customer=one.id, below=below(request))
    rows, paging = page(
        request, path(request, one, "subscriptions"), rows, SUBSCRIPTION_PAGE, [row["id"] for row in rows]
    )
    lines = await OrderLine.of(one.vendor, *(row["order"] for row in rows))
    shown = [
        {"name": row["summary"] or _("Subscription"), "status": chip(words.service, row["service_status"]),
         "plan": words.plan([line for line in lines if line.order == row["order"]]),
         "when_text": words.next_date(row), "href": words.order_url(row["number"])}
        for row in rows
    ]  # fmt: skip
    return tab(request, one, "subscriptions", shown, paging)


@screen("/customers/{customer:str}/courses")
async def courses(request: Request, customer: Part) -> Response:
    one, words = await customer_at(request, customer), CourseWords(words_of(request).center)
    found = await courses_below(one.vendor, one.id, below(request), database.now())
    found, paging = page(
        request, path(request, one, "courses"), found, SHORT_PAGE, [row["id"] for row, *_rest in found]
    )
    zone = words.center.zone
    shown = [
        words.card(row, access, outline) | {
            "href": None, "since": day(row["enrolled_at"], zone, "en"), "opening": words.opening(access, outline),
            "finished": day(row["course_completed_at"], zone, "en")}
        for row, access, outline in found
    ]  # fmt: skip
    return tab(request, one, "courses", shown, paging)


@screen("/customers/{customer:str}/orders")
async def orders(request: Request, customer: Part) -> Response:
    one, words, older = await customer_at(request, customer), words_of(request), query_of(request).get("older")
    side, place = ("older", position(older)) if older else ("newest", None)
    rows = await list_orders(one.vendor, one.id, words.center.zone, Wanted(), side, place)
    here = center_of(request).url(path(request, one, "orders"))
    paging = {
        "newer": here if older else None,
        "older": f"{here}?older={cursor(rows[PAGE - 1])}" if len(rows) > PAGE else None,
    }
    return tab(request, one, "orders", [words.row(row) for row in rows[:PAGE]], paging)


@screen("/customers/{customer:str}/credit-memos")
async def credit_memos(request: Request, customer: Part) -> Response:
    one, words = await customer_at(request, customer), words_of(request)
    rows = await credit_memos_of(vendor=one.vendor, customer=one.id, below=below(request))
    rows, paging = page(request, path(request, one, "credit-memos"), rows, MEMO_PAGE, [row["id"] for row in rows])
    return tab(request, one, "credit-memos", [words.memo(row) for row in rows], paging)


@screen("/customers/{customer:str}/payment-methods")
async def payment_methods(request: Request, customer: Part) -> Response:
    one = await customer_at(request, customer)
    methods = {row["id"]: payment_method(row) for row in await PaymentMethod.of(one.vendor, one.id, below(request))}
    shown, paging = page(
        request, path(request, one, "payment-methods"), list(methods.values()), METHOD_PAGE, list(methods)
    )  # fmt: skip
    return tab(request, one, "payment-methods", shown, paging)


@screen("/customers/{customer:str}/addresses")
async def addresses(request: Request, customer: Part) -> Response:
    one, words = await customer_at(request, customer), AddressWords(words_of(request).center)
    rows = await Address.of(one.vendor, one.id, below(request))
    found, paging = page(request, path(request, one, "addresses"), rows, ADDRESS_PAGE, [row.id for row in rows])
    default = await Address.default_of(one)
    return tab(request, one, "addresses", [words.tile(address, default) for address in found], paging)


@screen("/customers/{customer:str}/phone-numbers")
async def phone_numbers(request: Request, customer: Part) -> Response:
    one = await customer_at(request, customer)
    rows = await PhoneNumber.of(one.vendor, one.id, below(request))
    found, paging = page(request, path(request, one, "phone-numbers"), rows, PHONE_PAGE, [row.id for row in rows])
    default, words = await PhoneNumber.default_of(one), PhoneWords(words_of(request).center, "")
    return tab(request, one, "phone-numbers", [words.tile(phone, default, one) for phone in found], paging)


ROUTES = [subscriptions, courses, orders, credit_memos, payment_methods, addresses, phone_numbers]


def words_of(request: Any) -> DeskOrderWords:
    return DeskOrderWords(vendor_of(request), lambda path: center_of(request).url(desk(request, path)))


def path(request: Any, one: Customer, part: str) -> str:
    return desk(request, f"/customers/{one.public_id}/{part}")


def tab(request: Any, one: Customer, part: str, shown: Any, paging: Any) -> Response:
    """One tab: `partials/console/customers/<part>.html`, below the customer's name and the other tabs."""
    url = center_of(request).url(desk(request, f"/customers/{one.public_id}"))
    label = tab_labels()[part]
    return render(
        request, f"console/customers/{part.replace('-', '_')}", layout="console", who=head(one, url, part), label=label,
        shown=shown, paging=paging, title=_("%(tab)s of %(name)s", tab=label, name=name_of(one)),
    )  # fmt: skip
