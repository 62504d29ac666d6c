from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from theming import formats, words
from theming.center import NOBODYS
from theming.order_words import OrderWords, chip

MOMENT = datetime(2026, 11, 22, 3, 5, tzinfo=UTC)
NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "text"),
    [(9700, "USD", "en", "$97.00"), (9700, "JPY", "en", "¥9,700"), (1234, "KWD", "en", "KWD\u00a01.234"),
     (9700, "EUR", "en", "€97.00"),
     (-500, "USD", "en", "-$5.00"), (0, "USD", "en", "$0.00"), (5, "USD", "en", "$0.05"),
     (123456789, "USD", "en", "$1,234,567.89"),
     (9700, "EUR", "de", "97,00\u00a0€"), (9700, "USD", "xx-nonsense", "$97.00"), (None, "USD", "en", ""),
     (9700, "XXX", "en", "¤97.00"), (9700, "USD", "ar", "\u200f97.00\u00a0US$\u200e"),
     (9700, "EUR", "ar", "\u200f97.00\u00a0€")],
)  # fmt: skip
def test_money_is_written_as_its_currency_is(amount, currency, locale, text):
    assert formats.money(amount, currency, locale) == text


def test_a_day_is_the_one_of_the_centers_zone():
    assert formats.day(MOMENT, NEW_YORK) == ("November 21, 2026", "2026-11-21")
    assert formats.day(MOMENT, TOKYO) == ("November 22, 2026", "2026-11-22")
    assert formats.day(None, TOKYO) is None


def test_a_time_names_its_zone():
    assert formats.clock(MOMENT, NEW_YORK).replace("\u202f", " ") == "10:05 PM EST"
    assert formats.minute(MOMENT, NEW_YORK).iso == "2026-11-21T22:05-05:00"


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("en", "November 21, 2026, 10:05 PM EST"),
        ("ja", "2026年11月21日 22:05 GMT-05:00"),
        ("pt", "21 de novembro de 2026 22:05 GMT-05:00"),
    ],
)
def test_date_and_time_stand_in_the_languages_order(tag, text):
    assert formats.minute(MOMENT, NEW_YORK, tag).text.replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 KB"), (1500, "2 KB"), (1_500_000, "1.5 MB")],
)
def test_sizes_are_in_words_people_know(count, text):
    assert formats.size(count) == text


@pytest.mark.parametrize(
    ("tag", "direction"), [("en", "ltr"), ("de-AT", "ltr"), ("ar", "rtl"), ("he_IL", "rtl"), ("xx", "ltr")]
)
def test_scripts_run_their_own_way(tag, direction):
    assert words.direction(tag) == direction


def test_a_language_without_a_catalog_speaks_english():
    token = words.language.set("tlh")
    try:
        assert words._("Sign in") == "Sign in"
        assert words._n("%(num)s day", "%(num)s days", 2) == "2 days"
    finally:
        words.language.reset(token)


@pytest.mark.parametrize(
    ("status", "label", "tone"),
    [("paid", "Paid", "good"), ("past-due", "Payment overdue", "bad"), ("partially_refunded", "Partly refunded",
        "info"),
     ("brand-new-state", "Brand new state", "info")],
)  # fmt: skip
def test_a_state_is_told_in_words(status, label, tone):
    assert chip(OrderWords(NOBODYS).billing, status) == {"label": label, "tone": tone}


def test_no_state_is_no_word():
    assert chip(OrderWords(NOBODYS).billing, "") is None


class Line:
    product_name, variant_name, quantity, currency = "Letter", "Letter", 1, "USD"

    def __init__(self, amount, interval, interval_count, duration=None):
        self.amount, self.interval, self.interval_count, self.duration = amount, interval, interval_count, duration


@pytest.mark.parametrize(
    ("line", "text"),
    [(Line(900, "months", 1), "$9.00 every month"), (Line(900, "month", 1), "$9.00 every month"),
     (Line(5000, "months", 3, 6), "$50.00 every 3 months, 6 payments"), (Line(5000, "years", 1), "$50.00 every year"),
     (Line(5000, "fortnights", 2), "$50.00"), (Line(900, "weeks", None), "$9.00 every week")],
)  # fmt: skip
def test_a_price_says_how_often(line, text):
    assert OrderWords(NOBODYS).price(line) == text
