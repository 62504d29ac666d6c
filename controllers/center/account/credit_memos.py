"""The Credit Memos tab, and one memo."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from integrations import pdf as files
from tables.credit_memo import PAGE, CreditMemo, credit_memos_of
from tables.order import Order
from tables.paper_content import memo_content
from theming.order_words import OrderWords
from theming.paper_links import memo_path
from theming.paper_links import pdf as pdf_path
from theming.paper_words import PaperWords
from theming.words import _
from web.errors import Refused
from web.paging import below, page
from web.papers import as_pdf
from web.rendering import render
from web.requests import Part, center_of, person_of, screen


@screen("/credit-memos")
async def index(request: Request) -> Response:
    center, words = center_of(request), OrderWords(center_of(request))
    rows = await credit_memos_of(
        vendor=center.vendor_id, customer=person_of(request).customer_id, below=below(request)
    )  # fmt: skip
    shown, paging = page(request, "/account/credit-memos", rows, PAGE, [row["id"] for row in rows])
    return render(
        request, "account/credit_memos", layout="account", title=_("Credit Memos"),
        memos=[memo(words, row) for row in shown], paging=paging,
    )  # fmt: skip


@screen("/credit-memos/{number:str}")
async def show(request: Request, number: Part) -> Response:
    center = center_of(request)
    memo, order = await own(request, number)
    order_href = center.url(f"/account/orders/{order.number}")
    return render(
        request, "account/credit_memo", layout="account", title=_("Credit memo %(number)s", number=number),
        paper=PaperWords(center).memo(await memo_content(order, memo), order_href),
        pdf=center.url(pdf_path(memo_path(memo))) if files.available() else None,
    )  # fmt: skip


@screen("/credit-memos/{number:str}/pdf")
async def pdf(request: Request, number: Part) -> Response:
    memo, order = await own(request, number)
    words, content = PaperWords(center_of(request)), await memo_content(order, memo)
    back = center_of(request).url(memo_path(memo))
    return await as_pdf(request, "credit_memo", words.memo(content), words.size(content), back)


ROUTES = [index, show, pdf]


async def own(request: Any, number: str) -> tuple[CreditMemo, Order]:
    """The customer's own memo with its order; anybody else's is as unknown as none."""
    memo = await CreditMemo.own(center_of(request).vendor_id, person_of(request).customer_id, number)
    order = await Order.behind(memo.vendor, memo.order) if memo else None
    if memo is None or order is None:
        raise Refused(404)
    return memo, order


def memo(words: OrderWords, row: dict) -> dict:  # type: ignore[type-arg]
    return {
        "number": row["number"], "href": words.memo_url(row["number"]), "date": words.date(row["issued_at"]),
        "order": {"number": row["order_number"], "href": words.order_url(row["order_number"])},
        "amount": words.money(row["amount"], row["currency"]), "reason": row["reason"],
        "pdf": pdf_path(words.memo_url(row["number"])),
    }  # fmt: skip
