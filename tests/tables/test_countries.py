import pytest

from tables.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [("US", "US"), ("us", "US"), ("USA", "US"), ("U.S.A.", "US"), ("United States", "US"), ("united  STATES ", "US"),
     ("The Netherlands", "NL"), ("Estados Unidos", "US"), ("Deutschland", "DE"), ("Brasil", "BR"), ("日本", "JP"),
     ("UK", "GB"), ("England", "GB"), ("GBR", "GB"), ("Hong Kong", "HK"), ("UAE", "AE"),
     ("", None), ("Narnia", None), ("EU", None), ("ZZ", None), ("EUR", None), ("QQQ", None), ("1", None)],
)  # fmt: skip
def test_a_country_is_known_by_its_codes_and_names(text, code):
    assert country_code(text) == code
