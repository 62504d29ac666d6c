"""What the settings let a vendor choose from: languages, time zones, currencies, by their English names."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_name
from babel.localedata import locale_identifiers
from babel.numbers import get_currency_name

Choices = list[tuple[str, str]]

REGIONAL = (
    "ar_AE", "ar_EG", "ar_MA", "ar_SA", "de_AT", "de_CH", "de_DE", "en_AU", "en_CA", "en_GB", "en_IE", "en_IN", "en_NZ",
    "en_US", "en_ZA", "es_AR", "es_CL", "es_CO", "es_ES", "es_MX", "es_US", "fr_BE", "fr_CA", "fr_CH", "fr_FR", "it_CH",
    "it_IT", "ja_JP", "nl_BE", "nl_NL", "pt_BR", "pt_PT",
)  # fmt: skip
"""Where one language writes dates and amounts in more than one way that many people live by."""
NOT_PLACES = ("Etc/", "SystemV/", "US/")


@cache
def locales() -> Choices:
    names = Locale("en").languages
    tags = [tag for tag in locale_identifiers() if "_" not in tag and len(tag) == 2 and tag in names]
    found = [(tag, str(Locale.parse(tag).get_display_name("en"))) for tag in (*tags, *REGIONAL)]
    return sorted(found, key=lambda choice: choice[1])


@cache
def time_zones() -> Choices:
    zones = [zone for zone in available_timezones() if "/" in zone and not zone.startswith(NOT_PLACES)]
    return [("UTC", "UTC"), *((zone, zone_name(zone)) for zone in sorted(zones))]


def zone_name(zone: str) -> str:
    name = get_timezone_name(zone, "long", locale="en", zone_variant="generic")
    return f"{zone.replace('_', ' ')} ({name})"


@cache
def currencies() -> Choices:
    """Those in use today."""
    uses = get_global("territory_currencies").values()
    codes = {code for entries in uses for code, _since, until, tender in entries if tender and not until}
    return sorted(
        ((code, f"{get_currency_name(code, locale='en')} ({code})") for code in codes), key=lambda choice: choice[1]
    )


def with_present(choices: Choices, present: str) -> Choices:
    """What is set stays to be chosen, even where the list lacks it."""
    return choices if not present or present in dict(choices) else [(present, present), *choices]
