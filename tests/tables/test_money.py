from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tables.money import LARGEST, to_minor


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("97.00", "USD", 9700), ("97", "USD", 9700), ("0.10", "EUR", 10), ("9700", "JPY", 9700), ("1.234", "KWD", 1234),
     ("-5.00", "USD", -500), (97, "USD", 9700), ("0", "USD", 0), (None, "USD", None), ("", "USD", None),
     ("1e2", "USD", 10000),
     (Decimal("19.99"), "USD", 1999), ("9999999999999.99", "USD", 999999999999999)],
)  # fmt: skip
def test_amounts_become_whole_minor_units(amount, currency, minor):
    assert to_minor(amount, currency) == minor


@pytest.mark.parametrize(
    "amount", ["abc", "NaN", "Infinity", "-inf", "1,000.00", "$5", "1e30", str(LARGEST), "--1", [], {}]
)
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match="not an amount"):
        to_minor(amount, "USD")


@given(st.integers(-(10**12), 10**12))
def test_no_cent_is_lost(cents):
    assert to_minor(str(Decimal(cents).scaleb(-2)), "USD") == cents
