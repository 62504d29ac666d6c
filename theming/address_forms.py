"""The fields of an address form in a country's own order and words.

Nothing is dropped: a part that the country does not use is asked for as long as something stands in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from tables.countries import country_code
from theming.address_data import CODED, EXTRAS, Region, Rules, is_latin, rules_of
from theming.countries import country_name, letters
from theming.words import _

AUTOCOMPLETE = {
    "first_name": "given-name", "last_name": "family-name", "organization_name": "organization",
    "street_one": "address-line1", "street_two": "address-line2", "district": "address-level3", "city": "address-level2",
    "region": "address-level1", "postal_code": "postal-code", "country": "country", "phone_number": "tel",
}  # fmt: skip
"""HTML, autofill detail tokens (WCAG 2.2, 1.3.5)."""
POSTCODE = frozenset({"AU", "GB", "GG", "IM", "JE", "NZ"})
CITY_STATES = frozenset({"GI", "MC", "MO", "SG", "VA"})


class Box(NamedTuple):
    """One field of the form, as `account/address.html` draws it."""

    name: str
    label: str
    required: bool
    autocomplete: str | None
    hint: str | None
    choices: list[tuple[str, str]]


def boxes(country: str, values: Mapping[str, str], locale: str) -> list[Box]:
    """The fields for an address in a country (code or any text), in its order; those it does without come last."""
    rules = rules_of(country_code(country))
    extra = [part for part in EXTRAS if part not in rules.order and values.get(part)]
    return [
        *(box(rules, part, values, locale) for part in rules.order),
        *(Box(part, label(rules, part), False, AUTOCOMPLETE.get(part), unusual(country, locale), []) for part in extra),
        Box("phone_number", _("Phone number for deliveries"), False, AUTOCOMPLETE["phone_number"], None, []),
    ]


def box(rules: Rules, part: str, values: Mapping[str, str], locale: str) -> Box:
    options = region_choices(rules, values.get(part, ""), locale) if part == "region" else []
    return Box(
        part, label(rules, part), part in rules.required, AUTOCOMPLETE.get(part), hint(rules, part), options
    )  # fmt: skip


def label(rules: Rules, part: str) -> str:
    """A part's name as people say it in that country."""
    plain = {
        "first_name": _("First name"), "last_name": _("Last name"), "organization_name": _("Company or organization"),
        "street_one": _("Street address"), "street_two": _("Apartment, floor or building"),
        "sorting_code": _("Sorting code"),
    }  # fmt: skip
    kind = rules.kinds.get(part, "")
    if part == "postal_code":
        named = {"zip": _("ZIP code"), "pin": _("PIN code"), "eircode": _("Eircode")}
        return named.get(kind) or (_("Postcode") if rules.code in POSTCODE else _("Postal code"))
    if part == "city":
        return {"district": _("District"), "post_town": _("Post town"), "suburb": _("Suburb")}.get(kind) or _("City")
    return region_word(kind) if part == "region" else district_word(kind) if part == "district" else plain[part]


def region_word(kind: str) -> str:
    return {
        "area": _("Area"), "county": _("County"), "department": _("Department"), "district": _("District"),
        "do_si": _("Province or city (Do or Si)"), "emirate": _("Emirate"), "island": _("Island"), "oblast": _("Oblast"),
        "parish": _("Parish"), "prefecture": _("Prefecture"), "province": _("Province"), "state": _("State"),
    }.get(kind) or _("State, province or region")  # fmt: skip


def district_word(kind: str) -> str:
    return {
        "district": _("District"), "neighborhood": _("Neighborhood"), "suburb": _("Suburb"), "townland": _("Townland"),
        "village_township": _("Village or township"),
    }.get(kind) or _("District or suburb")  # fmt: skip


def hint(rules: Rules, part: str) -> str | None:
    if part == "postal_code" and rules.postal_example:
        return _("Like %(example)s", example=rules.postal_example)
    if part == "street_one" and rules.code and "city" not in rules.order and rules.code not in CITY_STATES:
        return _("Street and number, with the town or city.")
    return None


def unusual(country: str, locale: str) -> str:
    return _("Addresses in %(country)s do without this. It was given before, so it is kept.",
             country=country_name(country, locale))  # fmt: skip


def region_choices(rules: Rules, given: str, locale: str) -> list[tuple[str, str]]:
    """Each region once by its name in the reader's language, or in letters they can read; what was given stays."""
    if not rules.regions:
        return []
    named = [(region, region_name(region, rules, locale)) for region in rules.regions]
    options = [
        (given if given and given.casefold() in region.spellings() else region.code if rules.code in CODED else name, name)
        for region, name in named
    ]  # fmt: skip
    if not speaks(rules.language, locale):
        options.sort(key=lambda option: letters(option[1]))
    return options if not given or given in dict(options) else [*options, (given, given)]


def region_name(region: Region, rules: Rules, locale: str) -> str:
    own = next((name for language, name in region.names.items() if speaks(language, locale)), None)
    first = region.names.get(rules.language, region.code)
    return own or (first if is_latin(first) else region.names.get("latin") or region.names.get("en") or first)


def speaks(language: str, locale: str) -> bool:
    return re.split("[-_]", language)[0] == re.split("[-_]", locale)[0]


def knows_region(country: str, given: str) -> bool:
    """Whether a region is one of the country's; true where the source lists none."""
    regions = rules_of(country_code(country)).regions
    return not regions or any(given.casefold() in region.spellings() for region in regions)


def fits_postal_code(country: str, given: str) -> bool:
    """Whether a postal code has the country's form, however it is spaced, and in digits of whatever width."""
    written = unicodedata.normalize("NFKC", given).upper().strip(" 〒")
    patterns = rules_of(country_code(country)).postal_codes
    return not patterns or any(
        pattern.fullmatch(text) for pattern in patterns for text in (written, re.sub(r"\s", "", written))
    )
