"""What stands on a paper adds up: lines, tax, shipping and discount come to its total, in minor units and exactly.

Pure: whatever the source left out stands as a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

REST = "rest"
"""The kind of the line that makes the others come to the total."""
WHOLE = "whole"
"""The kind of the only line of a paper of which nothing but the sums is known."""


class Piece(NamedTuple):
    """A line as its source tells it; amounts in minor units, dates as ISO 8601."""

    name: str
    quantity: int = 1
    amount: int | None = None
    tax: int | None = None
    discount: int | None = None
    detail: str = ""
    starts: str | None = None
    ends: str | None = None


class Figures(NamedTuple):
    """The sums as the source tells them; None is what it does not say."""

    total: int | None = None
    tax: int | None = None
    shipping: int | None = None
    discount: int | None = None


def balanced(figures: Figures, pieces: Sequence[Piece], name: str = "", each: bool = False) -> dict[str, Any]:
    """Lines and sums with total = lines + tax + shipping - discount; `name` is for a paper without lines.

    Sources do not say whether an amount is that of a line or of one piece (`each` is the likelier), and whether tax and
    discount are in it. The first reading that comes to the total is theirs; where none does, it is the likeliest.
    """
    figures = complete(figures, pieces)
    found = list(readings(figures, pieces, each))
    fits = (one for one in found if sum(one[0]) + one[1] + (figures.shipping or 0) - one[2] == figures.total)
    amounts, tax, discount = next(fits, found[0])
    lines = [line(piece, amount) for piece, amount in zip(pieces, amounts, strict=True)]
    rest = (figures.total or 0) - sum(amounts) - tax - (figures.shipping or 0) + discount
    if rest or not lines:
        lines.append(line(Piece("" if lines else name), rest) | {"kind": REST if lines else WHOLE})
    if sum(each["tax"] or 0 for each in lines) != figures.tax:
        lines = [each | {"tax": None} for each in lines]
    return {
        "lines": lines, "tax": tax, "shipping": figures.shipping or 0, "discount": discount, "total": figures.total,
        "tax_in_lines": (figures.tax or 0) - tax, "discount_in_lines": (figures.discount or 0) - discount,
    }  # fmt: skip


def complete(figures: Figures, pieces: Sequence[Piece]) -> Figures:
    """The sums with what the lines say of them, where the source gives none itself."""
    tax = sum(piece.tax or 0 for piece in pieces) if figures.tax is None else figures.tax
    discount = sum(piece.discount or 0 for piece in pieces) if figures.discount is None else figures.discount
    shipping, discount = figures.shipping or 0, abs(discount)
    total = figures.total
    if total is None:
        total = sum(piece.amount or 0 for piece in pieces) + tax + shipping - discount
    return Figures(total, tax, shipping, discount)


def readings(figures: Figures, pieces: Sequence[Piece], each: bool) -> Iterator[tuple[list[int], int, int]]:
    """Amounts, tax and discount as they may be meant, the likeliest first."""
    tax, discount = figures.tax or 0, figures.discount or 0
    of_line = [piece.amount or 0 for piece in pieces]
    of_one = [(piece.amount or 0) * piece.quantity for piece in pieces]
    for amounts in (of_one, of_line) if each else (of_line, of_one):
        yield amounts, tax, discount
        if not pieces:
            return
        yield amounts, 0, discount
        yield amounts, tax, 0
        yield amounts, 0, 0


def line(piece: Piece, amount: int) -> dict[str, Any]:
    """A line as it is kept; the price of one piece only where it is a whole number of minor units."""
    unit = amount // piece.quantity if piece.quantity > 0 and amount % piece.quantity == 0 else None
    return {
        "kind": "", "name": piece.name, "detail": piece.detail, "starts": piece.starts, "ends": piece.ends,
        "quantity": piece.quantity, "unit": unit, "tax": piece.tax, "amount": amount,
    }  # fmt: skip


def adds_up(content: dict[str, Any]) -> bool:
    """Whether the lines with tax, shipping and discount come to the total."""
    lines = sum(each["amount"] for each in content["lines"])
    return bool(lines + content["tax"] + content["shipping"] - content["discount"] == content["total"])
