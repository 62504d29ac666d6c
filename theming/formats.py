"""Money, dates and sizes as text in the reader's locale, made before the template sees them.

A cell formatted in Jinja costs several times one formatted here, and most cells repeat: so these are cached.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format, get_timezone_gmt, get_timezone_name
from babel.numbers import format_currency, get_currency_precision

from theming.words import _, _n, direction, locale_of

LETTERS_AND_SIGN = re.compile(r"[A-Z]+[^\w\s]")
LETTER_BY_DIGIT = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


class When(NamedTuple):
    """A time as words and as ISO 8601 for `<time datetime>`."""

    text: str
    iso: str


@lru_cache(maxsize=4096)
def money(amount: int | None, currency: str, locale: str = "en") -> str:
    """An amount in minor units with its currency, always shown: 9700 USD is `$97.00`, 9700 JPY is `¥9,700`."""
    if amount is None:
        return ""
    value = Decimal(amount).scaleb(-get_currency_precision(currency))
    # CLDR sets a space between a currency's letters and its digits, which Babel leaves out.
    text = LETTER_BY_DIGIT.sub("\u00a0", format_currency(value, currency, locale=locale_of(locale)))
    # In right-to-left text a dollar sign would stand on the wrong side of its letters: a mark holds it.
    return LETTERS_AND_SIGN.sub("\\g<0>\u200e", text) if direction(locale) == "rtl" else text


@lru_cache(maxsize=4096)
def day(moment: datetime | None, zone: ZoneInfo, locale: str = "en") -> When | None:
    """The date in the center's time zone."""
    if moment is None:
        return None
    local = moment.astimezone(zone)
    return When(format_date(local.date(), "long", locale_of(locale)), local.date().isoformat())


def minute(moment: datetime | None, zone: ZoneInfo, locale: str = "en") -> When | None:
    """Date and time to the minute, with the time zone named."""
    if moment is None:
        return None
    local = moment.astimezone(zone)
    date, known = format_date(local.date(), "long", locale_of(locale)), locale_of(locale)
    # Which comes first, and with what between, is the language's own (CLDR, dateTimeFormat).
    text = (
        str(get_datetime_format("medium", locale=known))
        .replace("{0}", clock(moment, zone, locale))
        .replace("{1}", date)
    )
    return When(text, local.isoformat(timespec="minutes"))


def clock(moment: datetime, zone: ZoneInfo, locale: str = "en") -> str:
    """The time of day with its zone: `14:32 UTC`, `2:32 PM EST`."""
    local = moment.astimezone(zone)
    return f"{format_time(local, 'short', locale=locale_of(locale))} {zone_name(local, locale)}"


def zone_name(local: datetime, locale: str) -> str:
    """`EST` where the language has a short name for the zone, else its distance: `GMT-05:00`."""
    name = get_timezone_name(local, "short", locale=locale_of(locale))
    return get_timezone_gmt(local, "long", locale=locale_of(locale)) if name[:1] in "+-" else name


def size(count: int) -> str:
    """A file's size in words people know: decimal kilobytes and megabytes."""
    if count < 1000:
        return _n("%(num)s byte", "%(num)s bytes", count)
    if count < 1_000_000:
        return _("%(size)s KB", size=round(count / 1000))
    return _("%(size)s MB", size=round(count / 1_000_000, 1))


def file_kind(name: str, media_type: str) -> str:
    """What kind of file it is, in the few letters people know: PDF, MP4, or the ending of its name."""
    ending = name.rpartition(".")[2] if "." in name else ""
    kind = media_type.rpartition("/")[2]
    return (kind if kind not in ("octet-stream", "plain") and len(kind) <= 6 else ending[:8] or kind).upper()
