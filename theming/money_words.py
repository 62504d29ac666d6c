"""Bills, dates and cards as mails say them: items {name, detail, amount}, sums {label, value}, and both as columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from textwrap import wrap
from typing import Any

from theming import words
from theming.card_words import card as named
from theming.card_words import card_facts
from theming.center import Center
from theming.formats import day
from theming.paper_words import PaperWords
from theming.words import _, _n

WIDTH = 60
"""Columns of a text part: short enough for every reader, quoted once or twice."""
NAME_WIDTH = 40
MOST_ITEMS, LONGEST_NAME = 10, 80
"""A mail stays small; whatever the bill, its whole is on the page it leads to."""
Words = dict[str, Any]


def date(center: Center, moment: datetime | None) -> str:
    found = day(moment, center.zone, center.locale)
    return found.text if found else ""


def card(method: Any) -> str:
    """`Visa ending 4242`; nothing where only its reference is known."""
    return named(card_facts(method)) if method is not None and (method.last4 or method.brand) else ""


def bill(center: Center, content: Mapping[str, Any]) -> tuple[list[Words], list[Words], list[str]]:
    """The items, sums and notes of a paper (`tables.paper_content`), shortened: the whole of it is where the mail leads."""
    said = PaperWords(center)
    lines = [said.line(line, dict(content)) for line in content["lines"]]
    items = some([item(line["name"], line["quantity"], line["detail"], line["amount"]) for line in lines])
    return items, said.sums(dict(content), _("Total")), said.notes(dict(content))


def item(name: str, quantity: str = "", detail: str = "", amount: str = "") -> Words:
    name = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
    return {"name": f"{name} × {quantity}" if quantity not in ("", "1") else name, "detail": detail, "amount": amount}


def some(items: list[Words]) -> list[Words]:
    """The first few, and how many more there are."""
    more = len(items) - MOST_ITEMS
    return (
        items if more <= 1 else [*items[:MOST_ITEMS], item(_n("and %(num)s more item", "and %(num)s more items", more))]
    )


def columns(center: Center, items: Sequence[Words], sums: Sequence[Words]) -> str:
    """Both as text: what it is to the left, amounts to the right, a line before the totals."""
    rows = [row for one in items for row in entry(center, one["name"], one["detail"], one["amount"])]
    rule = ["-" * WIDTH] if items and sums else []
    return "\n".join([*rows, *rule, *(row for one in sums for row in entry(center, one["label"], "", one["value"]))])


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
