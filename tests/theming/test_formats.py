from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from theming.formats import clock, day, minute, money, size

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(("amount", "currency", "locale", "text"), [
    (9700, "USD", "en", "$97.00"), (9700, "JPY", "en", "¥9,700"), (9700, "KWD", "en", "KWD 9.700"),
    (9700, "EUR", "de", "97,00 €"), (-1000, "USD", "en", "-$10.00"), (0, "USD", "en", "$0.00"),
    (10**15, "JPY", "en", "¥1,000,000,000,000,000"),
])  # fmt: skip
def test_money_is_exact_and_always_names_its_currency(amount, currency, locale, text):
    assert money(amount, currency, locale).replace("\xa0", " ") == text


def test_an_unknown_amount_is_no_amount():
    assert money(None, "USD") == ""


def test_a_date_is_the_centers_own_day():
    assert day(EVENING, BERLIN) == ("April 1, 2026", "2026-04-01")
    assert day(EVENING, ZoneInfo("UTC"), "de") == ("31. März 2026", "2026-03-31")
    assert day(None, BERLIN) is None


def test_a_time_names_its_zone():
    assert clock(EVENING, ZoneInfo("UTC")).replace("\u202f", " ") == "10:30 PM UTC"
    assert minute(EVENING, BERLIN).iso == "2026-04-01T00:30+02:00"


@pytest.mark.parametrize(("count", "text"), [(1, "1 byte"), (999, "999 bytes"), (1500, "2 KB"), (2_340_000, "2.3 MB")])
def test_sizes_are_said_in_words(count, text):
    assert size(count) == text
