from dataclasses import replace

import pytest

from tables import PaymentMethod
from tables.paper import Figures, Piece, balanced
from theming.center import NOBODYS
from theming.money_words import bill, card, columns, width


def test_a_card_is_named_as_people_know_it_or_not_at_all():
    method = PaymentMethod(
        vendor=1, customer=1, processor="stripe", reference="pm_1", kind="card", brand="visa", last4="4242"
    )
    assert card(method) == "Visa ending 4242"
    assert card(PaymentMethod(vendor=1, customer=1, processor="stripe", reference="pm_1")) == ""
    assert card(None) == ""


def content(*pieces, **figures):
    return balanced(Figures(**figures), pieces) | {"currency": "USD"}


def test_a_bill_says_what_its_paper_says():
    pieces = (
        Piece("Frames", 2, 2000),
        Piece("Veil", 1, 500, starts="2026-01-01T00:00:00+00:00", ends="2026-02-01T00:00:00+00:00"),
    )
    items, sums, notes = bill(NOBODYS, content(*pieces, total=2400, tax=100, discount=200))
    assert [(one["name"], one["detail"], one["amount"]) for one in items] == [
        ("Frames × 2", "", "$20.00"), ("Veil", "January 1, 2026 to February 1, 2026", "$5.00")
    ]  # fmt: skip
    assert [(one["label"], one["value"]) for one in sums] == [
        ("Subtotal", "$25.00"), ("Discount", "-$2.00"), ("Tax", "$1.00"), ("Total", "$24.00")
    ]  # fmt: skip
    assert notes == []
    assert bill(NOBODYS, content(Piece("Veil", 1, 500), total=500, tax=100))[2] == ["The amounts include tax of $1.00."]


def test_a_long_bill_is_cut_short_and_says_so():
    items, sums, _ = bill(NOBODYS, content(*(Piece("W" * 100, 1, 100) for _ in range(30))))
    assert (len(items), items[-1]["name"], sums[-1]["value"]) == (11, "and 20 more items", "$30.00")
    assert len(items[0]["name"]) == 80
    assert len(bill(NOBODYS, content(*(Piece("Wax", 1, 100) for _ in range(11))))[0]) == 11


def test_columns_line_up_also_with_wide_letters():
    items = [{"name": "蜜蜂の飼い方と道具一式", "detail": "", "amount": "￥1,500"},
             {"name": "Frames × 10", "detail": "of wood", "amount": "￥900"}]  # fmt: skip
    text = columns(NOBODYS, items, [{"label": "Total", "value": "￥2,400"}])
    lines = text.splitlines()
    assert [width(line) for line in lines] == [60, 60, 9, 60, 60]
    assert lines[2] == "  of wood"


@pytest.mark.parametrize("letters", ["wort " * 30, "w" * 90])
def test_a_long_name_goes_on_below(letters):
    lines = columns(NOBODYS, [{"name": letters, "detail": "", "amount": "$1.00"}], []).splitlines()
    assert lines[0].endswith("  $1.00")
    assert all(width(line) <= 60 for line in lines)


def test_from_right_to_left_nothing_is_set_in_columns():
    text = columns(replace(NOBODYS, locale="ar"), [{"name": "خلية", "detail": "", "amount": "5"}], [])
    assert text == "خلية: 5"
