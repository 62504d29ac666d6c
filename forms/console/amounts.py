"""Amounts of money as people type them, to whole minor units, exactly: nothing is ever rounded or guessed."""

from __future__ import annotations

import re
import unicodedata

from babel.numbers import get_currency_precision, get_currency_symbol, get_decimal_symbol, get_group_symbol

from theming.formats import money
from theming.words import _, locale_of

LARGEST = 10**12
LONGEST = len(str(LARGEST))
SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")


def parse_amount(typed: str, currency: str, locale: str) -> int:
    """`1,234.50` in English and `1.234,50` in German are 123450 cents; raises ValueError with what to type instead.

    The marks are the locale's own. A point that could be read two ways is refused rather than guessed, and so are
    more places than the currency has.
    """
    point, group = symbols(locale)
    text = bare(typed, currency, locale).replace("\u066b", point).replace("\u066c", group)
    places = get_currency_precision(currency)
    match = pattern(point, group).fullmatch(text)
    if not text:
        raise ValueError(_("Enter an amount."))
    if not match:
        raise ValueError(_("Enter an amount like %(example)s.", example=money(123450, currency, locale)))
    whole, cents = re.sub(r"\D", "", match[1]), match[2] or ""
    if len(cents) > places:
        raise ValueError(_("%(currency)s has no more than %(num)s places.", currency=currency, num=places) if places
                         else _("%(currency)s has whole amounts only.", currency=currency))  # fmt: skip
    digits = (whole + cents.ljust(places, "0")).lstrip("0") or "0"
    if len(digits) > LONGEST or (amount := int(digits)) > LARGEST:
        raise ValueError(_("That is more than we can keep."))
    return amount


def symbols(locale: str) -> tuple[str, str]:
    """The locale's decimal mark and the mark between thousands; spaces are never needed."""
    known = locale_of(locale)
    return get_decimal_symbol(known), get_group_symbol(known)


def bare(typed: str, currency: str, locale: str) -> str:
    """Digits as 0 to 9, without spaces, the currency's letters and its sign."""
    text = typed.replace(get_currency_symbol(currency, locale_of(locale)), "")
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    kept = "".join(sign for sign in SPACES.sub("", digits) if unicodedata.category(sign) not in ("Sc", "Cf"))
    return re.sub(rf"^{currency}|{currency}$", "", kept, flags=re.IGNORECASE)


def pattern(point: str, group: str) -> re.Pattern[str]:
    """Thousands by threes, or as in India by twos before the last three; never both marks the same."""
    mark = re.escape(group) if not SPACES.fullmatch(group) else ""
    grouped = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}|[0-9]+" if mark else "[0-9]+"
    return re.compile(rf"({grouped})(?:{re.escape(point)}([0-9]+))?")


def written(amount: int, currency: str, locale: str) -> str:
    """The same amount as it would be typed, to begin with: `1234.50`, `1234,50`."""
    places = get_currency_precision(currency)
    digits = str(amount).rjust(places + 1, "0")
    return digits if not places else f"{digits[:-places]}{symbols(locale)[0]}{digits[-places:]}"
