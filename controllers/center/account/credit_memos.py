"""The Credit Memos tab, and one memo."""

from __future__ import annotations

from litestar import Request, Response

from tables.credit_memo import PAGE, credit_memo_by_number, credit_memos_of
from tables.order import OrderLine
from theming.order_words import OrderWords
from theming.words import _
from web.errors import Refused
from web.paging import below, page
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
    center, words = center_of(request), OrderWords(center_of(request))
    rows = await credit_memo_by_number(
        vendor=center.vendor_id, customer=person_of(request).customer_id, number=number
    )  # fmt: skip
    if not rows:
        raise Refused(404)
    row = rows[0]
    lines = await OrderLine.of(center.vendor_id, row["order_id"])
    name = _("Refund of %(items)s", items=", ".join(line.product_name for line in lines if line.product_name))
    return render(
        request, "account/credit_memo", layout="account", title=_("Credit memo %(number)s", number=number),
        memo=memo(words, row) | {
            "lines": [{"name": name if lines else _("Refund"), "amount": words.money(row["amount"], row["currency"])}],
            "facts": [],
        },
    )  # fmt: skip


ROUTES = [index, show]


def memo(words: OrderWords, row: dict) -> dict:  # type: ignore[type-arg]
    return {
        "number": row["number"], "href": words.memo_url(row["number"]), "date": words.date(row["issued_at"]),
        "order": {"number": row["order_number"], "href": words.order_url(row["order_number"])},
        "amount": words.money(row["amount"], row["currency"]), "reason": row["reason"],
    }  # fmt: skip
