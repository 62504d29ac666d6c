"""The words of a page in the reader's language (gettext); English is the source."""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from typing import Any

from babel import Locale, UnknownLocaleError

from settings import ROOT

LOCALES = ROOT / "locales"
DOMAIN = "messages"

language: ContextVar[str] = ContextVar("language", default="en")


@cache
def catalog(tag: str) -> NullTranslations:
    """The catalog of a language, or the source words where there is none."""
    return translation(DOMAIN, LOCALES, languages=[tag, tag.split("_")[0]], fallback=True)


def gettext(message: str) -> str:
    return catalog(language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return catalog(language.get()).ngettext(singular, plural, count)


def _(message: str, **values: Any) -> str:
    """A message in the language of this request, with `%(name)s` filled in."""
    text = gettext(message)
    return text % values if values else text


def _n(singular: str, plural: str, count: int, **values: Any) -> str:
    """A message that depends on a number, which fills `%(num)s`."""
    return ngettext(singular, plural, count) % {"num": count, **values}


@cache
def locale_of(tag: str) -> Locale:
    """Babel's locale for a tag such as `pt-BR`; English for one it does not know."""
    try:
        return Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@cache
def direction(tag: str) -> str:
    return locale_of(tag).text_direction


@cache
def languages() -> dict[str, str]:
    """The languages there are words in, each by its own name: English and every compiled catalog."""
    tags = ["en", *(path.parent.parent.name for path in sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))]
    return {tag: own_name(tag) for tag in dict.fromkeys(tags)}


def own_name(tag: str) -> str:
    """`Deutsch`, `Français`: a language as its own speakers call it, with a capital as in a list."""
    name = locale_of(tag).get_display_name() or tag
    return name[:1].upper() + name[1:]
