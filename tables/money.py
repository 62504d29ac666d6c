"""Amounts as ClickFunnels writes them (decimal strings) to integer minor units, exactly."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_precision

LARGEST = 10**15


def to_minor(amount: object, currency: str) -> int | None:
    """`"97.00"` USD is 9700, `"9700"` JPY is 9700; None stays None. Raises ValueError for what is no amount."""
    if amount is None or amount == "":
        return None
    try:
        value = Decimal(str(amount)).scaleb(get_currency_precision(currency))
    except ArithmeticError:
        raise ValueError(f"{amount!r} is not an amount of money") from None
    if not value.is_finite() or abs(value) > LARGEST:
        raise ValueError(f"{amount!r} is not an amount of money")
    return int(value.to_integral_value())
