"""The words of a page in the reader's language (gettext); English is the source."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from settings import ROOT
from theming.own_words import OwnWords

LOCALES = ROOT / "locales"
CATALOG = "LC_MESSAGES/messages.po"
PREFERENCE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{1,3})?)\s*)?")
LONGEST_PREFERENCE = 200

language: ContextVar[str] = ContextVar("language", default="en")
own: ContextVar[OwnWords | None] = ContextVar("own", default=None)
"""What the vendor of this page or mail says in words of their own; None for nearly all."""


@cache
def catalog(tag: str) -> NullTranslations:
    """The catalog of a language, or the source words where there is none."""
    known = spoken(tag)
    return compiled(LOCALES / known / CATALOG) if known and known != "en" else NullTranslations()


def compiled(path: Path) -> GNUTranslations:
    """Read from the translators' own file: there is no step to forget between changing a word and serving it."""
    with path.open("rb") as file:
        words = read_po(file, locale=path.parent.parent.name)
    packed = io.BytesIO()
    write_mo(packed, words)
    packed.seek(0)
    return GNUTranslations(packed)


def speak(tag: str, said: OwnWords | None = None) -> None:
    """Speak a language, and a vendor's own words in it, from here on in this task."""
    language.set(tag)
    own.set(said)


@contextmanager
def speaking(tag: str, said: OwnWords | None = None) -> Iterator[None]:
    """Speak a language, and a vendor's own words in it, until the end of the block."""
    tokens = language.set(tag), own.set(said)
    try:
        yield
    finally:
        language.reset(tokens[0])
        own.reset(tokens[1])


def gettext(message: str) -> str:
    said = own.get()
    if said is not None and (text := said.form(language.get(), message, 0)) is not None:
        return text
    return catalog(language.get()).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    said, tag = own.get(), language.get()
    if said is not None and (text := said.form(tag, singular, plural_form(tag, count))) is not None:
        return text
    return catalog(tag).ngettext(singular, plural, count)


def plural_form(tag: str, count: int) -> int:
    """The place of the form for a number among a language's forms."""
    found = catalog(tag)
    return int(found.plural(count)) if isinstance(found, GNUTranslations) else int(count != 1)  # type: ignore[attr-defined]


def voice() -> tuple[str, OwnWords | None]:
    """What decides which words are said: the key of whatever keeps words for later."""
    return language.get(), own.get()


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
    """The languages there are words in, each by its own name: English and every catalog."""
    tags = ["en", *(path.parent.parent.name for path in sorted(LOCALES.glob(f"*/{CATALOG}")))]
    return {tag: own_name(tag) for tag in dict.fromkeys(tags)}


def warm() -> None:
    """Read every catalog at start, so that no visitor waits for it."""
    for tag in languages():
        catalog(tag)


@cache
def spoken(tag: str) -> str | None:
    """The language of ours that a tag asks for: `pt-BR` is `pt_BR` where there is one, else `pt`, else nothing."""
    exact, short = tag.replace("-", "_"), re.split("[-_]", tag)[0].lower()
    return exact if exact in languages() else short if short in languages() else None


@lru_cache(maxsize=512)
def preferred(header: str) -> str | None:
    """The language of ours that a browser likes best, by its Accept-Language (RFC 9110, 12.5.4)."""
    found = [PREFERENCE.fullmatch(part) for part in header[:LONGEST_PREFERENCE].split(",")]
    liked = [(float(match[2] or 1), -place, match[1]) for place, match in enumerate(found) if match]
    tags = (spoken(tag) for weight, _place, tag in sorted(liked, reverse=True) if weight)
    return next(filter(None, tags), None)


def own_name(tag: str) -> str:
    """`Deutsch`, `Français`: a language as its own speakers call it, with a capital as in a list."""
    name = locale_of(tag).get_display_name() or tag
    return name[:1].upper() + name[1:]
