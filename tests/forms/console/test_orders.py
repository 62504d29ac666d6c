"""Writing an order down: what no order can hold is refused next to its field."""

from zoneinfo import ZoneInfo

import pytest

from forms.console.orders import MOST, ManualOrderForm

TYPED = {"email": "alice@example.com", "currency": "USD", "name_1": "Wax", "amount_1": "10.00"}


def form(**typed):
    made = ManualOrderForm(TYPED | typed)
    made.check_all("en", ZoneInfo("UTC"))
    return made


@pytest.mark.parametrize("typed", ["1", "9999", "007", " 12 "])
def test_quantities_that_are_taken(typed):
    made = form(quantity_1=typed)
    assert made.errors == {}
    assert 1 <= made.lines[0].quantity <= MOST


@pytest.mark.parametrize("typed", ["0", "10000", "00000000199999999999", "9" * 5000, "-1", "1.5", "²"])
def test_quantities_that_are_not(typed):
    assert set(form(quantity_1=typed).errors) == {"quantity_1"}


def test_an_amount_of_thousands_of_digits_is_refused_in_our_own_words():
    assert "conversion" not in form(amount_1="9" * 5000).errors["amount_1"]
