"""Which country a text names: a code, or a name in one of the languages that shops write addresses in."""

from __future__ import annotations

from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "nl", "ja")
NO_COUNTRIES = frozenset({"CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "UN", "XA", "XB", "ZZ"})
"""Two-letter codes of CLDR that are groups or parts of countries, or made up for tests."""
COMMON = {
    "america": "US", "united states of america": "US", "u.s.": "US", "u.s.a.": "US", "u.k.": "GB",
    "great britain": "GB", "britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "republic of ireland": "IE", "eire": "IE", "holland": "NL", "korea": "KR", "republic of korea": "KR",
    "hong kong": "HK", "macau": "MO", "macao": "MO", "uae": "AE", "u.a.e.": "AE", "turkey": "TR", "türkiye": "TR",
    "czech republic": "CZ", "viet nam": "VN", "russian federation": "RU", "ivory coast": "CI", "burma": "MM",
    "cape verde": "CV", "swaziland": "SZ", "macedonia": "MK", "vatican": "VA", "palestine": "PS",
}  # fmt: skip
"""What people and shops write that CLDR does not list."""


@lru_cache(maxsize=4096)
def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code a text means (`US`, `usa`, `United States`, `Estados Unidos`), or None."""
    wanted = " ".join(text.casefold().split()).removeprefix("the ")
    if len(wanted) in (2, 3) and wanted.isascii() and wanted.isalpha():
        return by_code(wanted.upper()) or COMMON.get(wanted)
    if found := COMMON.get(wanted):
        return found
    return next((codes[wanted] for codes in map(codes_by_name, LANGUAGES) if wanted in codes), None)


def by_code(code: str) -> str | None:
    """An alpha-2 or alpha-3 code as alpha-2; old and unofficial ones (`UK`) as what stands for them now."""
    if code in Locale("en").territories and len(code) == 2 and code not in NO_COUNTRIES:
        return (get_global("territory_aliases").get(code) or [code])[0]
    aliases = get_global("territory_aliases").get(code) or [""]
    return aliases[0] if aliases[0] in Locale("en").territories and len(aliases[0]) == 2 else None


@cache
def codes_by_name(language: str) -> dict[str, str]:
    names = Locale(language).territories
    return {
        name.casefold(): code for code, name in names.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES
    }  # fmt: skip


@cache
def english_name(code: str) -> str:
    return str(Locale("en").territories.get(code, code))
