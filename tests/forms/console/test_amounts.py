import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.console.amounts import LARGEST, parse_amount, written
from theming.formats import money


@pytest.mark.parametrize(
    ("typed", "currency", "locale", "minor"),
    [("1,234.50", "USD", "en", 123450), ("1234.5", "USD", "en", 123450), ("1.234,50", "EUR", "de", 123450),
     ("0,5", "EUR", "de", 50),
     ("1 234,50", "EUR", "fr", 123450), ("1\u202f234,50 €", "EUR", "fr", 123450), ("$12", "USD", "en", 1200),
     ("USD 12.00", "USD", "en", 1200), ("12 eur", "EUR", "en", 1200), ("9700", "JPY", "ja", 9700), ("￥9,700", "JPY", "ja", 9700),
     ("1.234", "KWD", "en", 1234), ("1,23,456.00", "INR", "en_IN", 12345600), ("١٢٫٥٠", "USD", "ar", 1250),
     ("1’234.50", "CHF", "de_CH", 123450), ("0", "USD", "en", 0), ("007", "USD", "en", 700)],
)  # fmt: skip
def test_amounts_are_read_in_the_vendors_way(typed, currency, locale, minor):
    assert parse_amount(typed, currency, locale) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "locale"),
    [("", "USD", "en"), ("  ", "USD", "en"), ("1.234,50", "USD", "en"), ("1,234.50", "EUR", "de"), ("12.50", "EUR", "de"),
     ("1,50", "USD", "en"), ("1,2345", "USD", "en"), ("1.234", "USD", "en"), ("9700.5", "JPY", "en"), ("-5", "USD", "en"),
     ("(5)", "USD", "en"), ("1e3", "USD", "en"), ("1_000", "USD", "en"), ("NaN", "USD", "en"), ("5%", "USD", "en"),
     (".5", "USD", "en"), ("5.", "USD", "en"), ("1,,000", "USD", "en"), ("12.00 EUR", "USD", "en"), ("<b>", "USD", "en"),
     (str(LARGEST), "USD", "en"), ("9" * 400, "USD", "en")],
)  # fmt: skip
def test_what_could_be_read_two_ways_or_is_no_amount_is_refused(typed, currency, locale):
    with pytest.raises(ValueError, match=r".+"):
        parse_amount(typed, currency, locale)


def test_the_message_says_what_to_type():
    with pytest.raises(ValueError, match="1\\.234,50"):
        parse_amount("12.50", "EUR", "de")
    with pytest.raises(ValueError, match="no more than 2 places"):
        parse_amount("1.234", "USD", "en")
    with pytest.raises(ValueError, match="whole amounts"):
        parse_amount("1.2", "JPY", "en")


@given(
    st.integers(0, LARGEST),
    st.sampled_from(["USD", "JPY", "KWD"]),
    st.sampled_from(["en", "de", "fr", "es", "pt", "ja"]),
)
def test_what_we_write_ourselves_is_read_back_to_the_cent(amount, currency, locale):
    assert parse_amount(written(amount, currency, locale), currency, locale) == amount
    assert parse_amount(money(amount, currency, locale), currency, locale) == amount
