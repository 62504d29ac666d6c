import random

from babel.numbers import get_currency_precision

from tables.paper import REST, WHOLE, Figures, Piece, adds_up, balanced
from theming.center import NOBODYS
from theming.paper_words import PaperWords

CURRENCIES = ("JPY", "KWD", "USD", "EUR")


def kinds(sums):
    return [line["kind"] for line in sums["lines"]]


def test_what_adds_up_stands_as_it_came():
    sums = balanced(Figures(24900, 1900, 2000, 1000), [Piece("Kit", 1, 16000, 1500), Piece("Frames", 2, 6000, 400)])
    assert kinds(sums) == ["", ""]
    assert [(line["unit"], line["amount"], line["tax"]) for line in sums["lines"]] == [
        (16000, 16000, 1500),
        (3000, 6000, 400),
    ]
    assert (sums["tax"], sums["tax_in_lines"]) == (1900, 0)


def test_an_amount_may_be_that_of_one_piece():
    sums = balanced(Figures(9000), [Piece("Frames", 3, 3000)])
    assert [(line["unit"], line["amount"]) for line in sums["lines"]] == [(3000, 9000)]


def test_an_order_tells_the_price_of_one_piece_though_both_readings_fail():
    sums = balanced(Figures(10000), [Piece("Frames", 3, 3000)], each=True)
    assert [(line["kind"], line["amount"]) for line in sums["lines"]] == [("", 9000), (REST, 1000)]


def test_tax_may_be_in_the_prices():
    sums = balanced(Figures(12900, 999, 0, 0), [Piece("Keeping Bees", 1, 12900, 999)])
    assert (kinds(sums), sums["tax"], sums["tax_in_lines"], sums["lines"][0]["tax"]) == ([""], 0, 999, 999)


def test_a_discount_may_be_taken_off_already():
    sums = balanced(Figures(9000, 0, 0, 1000), [Piece("Kit", 1, 9000, 0, 1000)])
    assert (kinds(sums), sums["discount"], sums["discount_in_lines"]) == ([""], 0, 1000)


def test_what_the_source_left_out_stands_as_a_line_of_its_own():
    sums = balanced(Figures(10000, 500, 200, 100), [Piece("Kit", 1, 9000)])
    assert [(line["kind"], line["amount"]) for line in sums["lines"]] == [("", 9000), (REST, 400)]


def test_without_lines_there_is_one_that_says_so():
    sums = balanced(Figures(10000, 500), [], "Hive kit")
    assert [(line["kind"], line["name"], line["amount"]) for line in sums["lines"]] == [(WHOLE, "Hive kit", 9500)]


def test_taxes_that_do_not_add_up_stand_below_alone():
    sums = balanced(Figures(10500, 500), [Piece("Kit", 1, 10000, 300)])
    assert sums["lines"][0]["tax"] is None
    assert sums["tax"] == 500


def test_a_price_of_one_piece_that_is_no_whole_cent_is_left_out():
    assert balanced(Figures(1000), [Piece("Frames", 3, 1000)])["lines"][0]["unit"] is None
    assert balanced(Figures(1000), [Piece("Frames", 0, 1000)])["lines"][0]["unit"] is None


def generated(chance):
    """An order as some source might tell it: whole, in part, or wrong."""
    amount = lambda most=10**7: chance.randint(0, most)  # noqa: E731
    maybe = lambda value: None if chance.random() < 0.2 else value  # noqa: E731
    pieces = [
        Piece(f"Item {place}", chance.randint(0, 9), maybe(amount()), maybe(amount(10**4)), maybe(amount(10**3)))
        for place in range(chance.randint(0, 8))
    ]
    figures = Figures(
        maybe(amount(10**8)), maybe(amount(10**6)), maybe(amount(10**5)), maybe(chance.randint(-(10**5), 10**5))
    )
    if chance.random() < 0.5:  # one that is told whole
        sums = balanced(figures._replace(total=None), pieces)
        figures = figures._replace(total=sums["total"])
    return figures, pieces


def typed(text, currency):
    """The minor units of an amount as it is printed."""
    digits = int("".join(sign for sign in text if sign.isdigit()))
    assert ("." in text) == (get_currency_precision(currency) > 0), text
    return -digits if "-" in text or "\u2212" in text else digits


def test_a_thousand_papers_add_up():
    """Also as they are printed: in currencies without cents, and with thousandths."""
    chance, words = random.Random(5), PaperWords(NOBODYS)
    for place in range(1000):
        currency = CURRENCIES[place % len(CURRENCIES)]
        figures, pieces = generated(chance)
        sums = balanced(figures, pieces) | {"currency": currency}
        assert adds_up(sums), (figures, pieces)
        assert all(isinstance(line["amount"], int) for line in sums["lines"])
        if figures.total is not None:
            assert sums["total"] == figures.total
        printed = [typed(words.line(line, sums)["amount"], currency) for line in sums["lines"]]
        *parts, total = [typed(part["value"], currency) for part in words.sums(sums, "Total")]
        assert total == sums["total"] == sum(printed) + sum(parts[1:])
        assert not parts or parts[0] == sum(printed)
