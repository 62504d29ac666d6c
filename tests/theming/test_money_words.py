from dataclasses import replace
from types import SimpleNamespace

import pytest

from tables import Invoice, InvoiceLine
from theming.center import HOUSE
from theming.money_words import bill_items, card, columns, totals, width


def said(brand, last4):
    return card(SimpleNamespace(brand=brand, last4=last4))


def test_a_card_is_named_as_people_know_it():
    assert [said("visa", "4242"), said("amex", "0005"), said("new_bank", "1111"), said(None, "9999"), said("visa", None)] == [
        "Visa ending in 4242", "American Express ending in 0005", "New Bank ending in 1111", "Card ending in 9999", ""
    ]  # fmt: skip
    assert card(None) == ""


def bill(subtotal, *lines):
    rows = [
        InvoiceLine(vendor=1, invoice=1, clickfunnels_id="1", description="Frames", quantity=quantity, amount=amount)
        for quantity, amount in lines
    ]
    return [
        item["amount"]
        for item in bill_items(HOUSE, Invoice(vendor=1, order=1, clickfunnels_id="1", subtotal=subtotal), rows)
    ]


def test_the_amount_of_a_line_is_for_all_of_it_unless_only_single_prices_add_up():
    assert bill(2000, (2, 2000)) == ["$20.00"]
    assert bill(4000, (2, 2000)) == ["$40.00"]
    assert bill(None, (2, 2000)) == ["$20.00"]
    assert bill(5000, (2, 2000), (1, 1000)) == ["$40.00", "$10.00"]
    assert bill(1, (2, 2000)) == ["$20.00"]


def test_totals_say_what_there_is():
    parts = {"subtotal": 2000, "discount": 500, "shipping": 0, "tax": None}
    assert [(one["label"], one["amount"]) for one in totals(HOUSE, "USD", 1500, parts)] == [
        ("Subtotal", "$20.00"), ("Discount", "-$5.00"), ("Total", "$15.00")
    ]  # fmt: skip
    alone = {"subtotal": 1500, "discount": 0, "shipping": None, "tax": 0}
    assert [one["label"] for one in totals(HOUSE, "USD", 1500, alone)] == ["Total"]
    assert totals(HOUSE, "JPY", 1500, {})[0]["amount"] == "¥1,500"


def test_columns_line_up_also_with_wide_letters():
    items = [{"name": "蜜蜂の飼い方と道具一式", "detail": "", "amount": "￥1,500"},
             {"name": "Frames × 10", "detail": "of wood", "amount": "￥900"}]  # fmt: skip
    text = columns(HOUSE, items, [{"label": "Total", "amount": "￥2,400"}])
    lines = text.splitlines()
    assert [width(line) for line in lines] == [60, 60, 9, 60, 60]
    assert lines[2] == "  of wood"


@pytest.mark.parametrize("letters", ["wort " * 30, "w" * 90])
def test_a_long_name_goes_on_below(letters):
    lines = columns(HOUSE, [{"name": letters, "detail": "", "amount": "$1.00"}], []).splitlines()
    assert lines[0].endswith("  $1.00")
    assert all(width(line) <= 60 for line in lines)


def test_from_right_to_left_nothing_is_set_in_columns():
    text = columns(replace(HOUSE, locale="ar"), [{"name": "خلية", "detail": "", "amount": "5"}], [])
    assert text == "خلية: 5"
