"""Bills, charges and cards as mails say them: rows of {name, detail, amount}, totals, and both as columns of text."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

from theming import words
from theming.center import Center
from theming.formats import day, money
from theming.order_words import OrderWords
from theming.words import _, _n

WIDTH = 60
"""Columns of a text part: short enough for every reader, quoted once or twice."""
NAME_WIDTH = 40
MOST_ITEMS, LONGEST_NAME = 10, 80
"""A mail stays small; whatever the bill, its whole is on the page it leads to."""
BRANDS = {
    "amex": "American Express", "diners": "Diners Club", "discover": "Discover", "jcb": "JCB", "mastercard": "Mastercard",
    "unionpay": "UnionPay", "visa": "Visa", "eftpos_au": "Eftpos", "cartes_bancaires": "Cartes Bancaires",
}  # fmt: skip
Words = dict[str, Any]


def date(center: Center, moment: datetime | None) -> str:
    found = day(moment, center.zone, center.locale)
    return found.text if found else ""


def card(method: Any) -> str:
    """`Visa ending in 4242`; nothing where the processor told neither."""
    if method is None or not method.last4:
        return ""
    brand = BRANDS.get(method.brand or "", (method.brand or "").replace("_", " ").title()) or _("Card")
    return _("%(brand)s ending in %(last4)s", brand=brand, last4=method.last4)


def order_items(center: Center, lines: Sequence[Any]) -> list[Words]:
    """An order's lines."""
    said = OrderWords(center)
    return some(
        [item(line["name"], line["quantity"], line["detail"], line["amount"]) for line in map(said.line, lines)]
    )


def bill_items(center: Center, bill: Any, lines: Sequence[Any]) -> list[Words]:
    """An invoice's lines, with the time each pays for."""
    return some([
        item(line.description or _("Item"), line.quantity, period(center, line),
             money(in_all(bill, lines, line), line.currency, center.locale))
        for line in lines
    ])  # fmt: skip


def item(name: str, quantity: int, detail: str, amount: str) -> Words:
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return {"name": f"{name} × {quantity}" if quantity > 1 else name, "detail": detail, "amount": amount}


def some(items: list[Words]) -> list[Words]:
    """The first few, and how many more there are."""
    more = len(items) - MOST_ITEMS
    if more <= 1:
        return items
    return [*items[:MOST_ITEMS], item(_n("and %(num)s more item", "and %(num)s more items", more), 1, "", "")]


def in_all(bill: Any, lines: Sequence[Any], line: Any) -> int | None:
    """What a line costs in all: its amount, unless only prices of one add up to the subtotal."""
    each = sum((one.amount or 0) * one.quantity for one in lines)
    alone = bill.subtotal is not None and each == bill.subtotal != sum(one.amount or 0 for one in lines)
    return line.amount * line.quantity if alone and line.amount is not None else line.amount


def period(center: Center, line: Any) -> str:
    if not line.period_start_at or not line.period_end_at:
        return ""
    return _("%(start)s to %(end)s", start=date(center, line.period_start_at), end=date(center, line.period_end_at))


def totals(center: Center, currency: str, total: int | None, parts: Mapping[str, int | None]) -> list[Words]:
    """Subtotal, discount, shipping and tax as far as they are any, and what was paid."""
    labels = {
        "subtotal": _("Subtotal"), "discount": _("Discount"), "shipping": _("Shipping"), "tax": _("Tax"),
    }  # fmt: skip
    extra = {name: amount for name, amount in parts.items() if amount}
    if extra.keys() <= {"subtotal"}:
        extra = {}
    shown = [
        {"label": labels[name], "amount": money(-amount if name == "discount" else amount, currency, center.locale)}
        for name in labels if (amount := extra.get(name))
    ]  # fmt: skip
    return [*shown, {"label": _("Total"), "amount": money(total, currency, center.locale)}]


def columns(center: Center, items: Sequence[Words], sums: Sequence[Words]) -> str:
    """Both as text: what it is to the left, amounts to the right, a line before the totals."""
    rows = [row for one in items for row in entry(center, one["name"], one["detail"], one["amount"])]
    rule = ["-" * WIDTH] if items and sums else []
    return "\n".join([*rows, *rule, *(row for one in sums for row in entry(center, one["label"], "", one["amount"]))])


def entry(center: Center, name: str, detail: str, amount: str) -> list[str]:
    if words.direction(center.locale) == "rtl":
        # Spaces between the two would push the amount to where nobody looks.
        return [f"{name}: {amount}", *([f"  {detail}"] if detail else [])]
    first, *more = wrap(" ".join(name.split()), NAME_WIDTH) or [""]
    gap = 0 if not amount else max(2, WIDTH - width(first) - width(amount))
    return [first + " " * gap + amount, *(f"  {line}" for line in (*more, *wrap(detail, WIDTH - 2)))]


def width(text: str) -> int:
    """How many columns a text takes: East Asian letters take two (UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 0 if unicodedata.combining(letter) else 1
               for letter in text)  # fmt: skip
