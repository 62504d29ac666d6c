"""Names of countries in the reader's language, and which one a reader is likely to mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from babel.core import get_global

from tables.countries import codes_by_name, country_code
from theming.words import locale_of


def country_name(text: str, locale: str) -> str:
    """A country in the reader's language, whether by its code or by a name; unknown text stays as it is."""
    code = country_code(text)
    return str(locale_of(locale).territories.get(code, text)) if code else text


def choices(locale: str, likely: Iterable[str | None] = ()) -> list[tuple[str, str]]:
    """Code and name of every country, sorted by name; the likely ones come first."""
    first = [code for code in dict.fromkeys(likely) if code]
    names = all_names(locale)
    return [(code, names[code]) for code in first if code in names] + [
        (code, name) for code, name in names.items() if code not in first
    ]


@cache
def all_names(locale: str) -> dict[str, str]:
    names = locale_of(locale).territories
    found = {code: str(names.get(code, code)) for code in codes_by_name("en").values()}
    return dict(sorted(found.items(), key=lambda item: letters(item[1])))


def letters(name: str) -> str:
    """What a name is sorted by: without accents, so that Åland stands beside Albania."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))


@cache
def territory(locale: str) -> str | None:
    """The country a locale is of: `en_GB` is GB; a bare language is where most of its speakers are (CLDR)."""
    found = locale_of(locale)
    if found.territory:
        return str(found.territory)
    tag = "_".join(part for part in (found.language, found.script) if part)
    return next((part for part in get_global("likely_subtags").get(tag, "").split("_")[1:] if len(part) == 2), None)


def home(country: str, locale: str) -> str | None:
    """The country of somebody with this address, or else of the language they read."""
    return country_code(country) or territory(locale)
