import pytest

from tables.dialing import e164, hidden, spellings
from theming.phone_words import examples, shown_phone


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [("+1 212 555 0143", None, "+12125550143"), ("(212) 555-0143", "US", "+12125550143"),
     ("0161 496 0000", "GB", "+441614960000"), ("+44 (0)161 496 0000", None, "+441614960000"),
     ("0044 161 496 0000", "GB", "+441614960000"), ("011 44 161 496 0000", "US", "+441614960000"),
     ("٠١٦١ ٤٩٦ ٠٠٠٠", "GB", "+441614960000"), ("+1 212 555 0143 ext. 5", None, "+12125550143;ext=5"),
     ("212 555 0143", None, None), ("", "US", None), ("ask me", "US", None), ("+666", None, None), ("12", "GB", None),
     ("9" * 300, "US", None), ("0161 496 0000", "ZZ", None), ("0161 496 0000", "'; --", None)],
)  # fmt: skip
def test_a_number_is_read_however_it_is_typed(text, region, number):
    assert e164(text, region) == number


def test_a_guess_asks_for_a_number_that_is_given_out():
    assert e164("(555) 123-4567", "US") == "+15551234567"
    assert e164("(555) 123-4567", "US", certain=True) is None


def test_the_ways_a_number_is_written():
    assert spellings("+441614960000") == ["441614960000", "1614960000", "01614960000"]
    assert spellings("(212) 555-0143") == ["2125550143"]
    assert len({hidden(digits) for digits in spellings("+441614960000")}) == 3
    assert len(hidden("1")) == 40


@pytest.mark.parametrize(
    ("number", "region", "text"),
    [("+12125550143", "US", "(212) 555-0143"), ("+12125550143", "GB", "+1 212-555-0143"),
     ("+441614960000", "GB", "0161 496 0000"), ("+12125550143;ext=5", "US", "(212) 555-0143 ext. 5"),
     ("+49 30 1", "US", "+49 30 1"), ("ask me", "US", "ask me"), ("212 555", None, "212 555"), ("", "US", ""),
     ("+15551234567", "GB", "+1 555-123-4567")],
)  # fmt: skip
def test_a_number_is_shown_in_the_readers_style(number, region, text):
    assert shown_phone(number, region) == text


def test_every_example_is_a_number_of_its_country():
    assert examples("GB") == ("0121 234 5678", "+44 121 234 5678")
    assert examples("AQ") == examples(None) == examples("GB")
