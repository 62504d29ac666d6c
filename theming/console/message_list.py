"""Every message of a center and its mails, and where it is said: what a vendor may put into words of their own."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import NamedTuple

from babel.messages.extract import extract_from_dir

from settings import ROOT
from theming import words
from theming.own_words import placeholders

FOLDERS = ("templates", "controllers", "theming", "forms", "web", "emails")
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2), "N_": None}
NOT_CUSTOMERS = frozenset({"console", "invitation", "console.py", "layouts/console.html"})
PLACES = (
    ("mails", "emails/"), ("sign_in", "sign_in"), ("sign_in", "password"), ("courses", "course"), ("account", "account"),
    ("account", "order"), ("account", "address"), ("account", "phone"), ("account", "email"), ("account", "deletion"),
)  # fmt: skip
"""Part of a path → where its messages are said; the first that fits."""
ORDER = ("sign_in", "courses", "account", "mails", "everywhere")
HIGHEST = 200


class Message(NamedTuple):
    key: str
    """Names it in addresses."""
    source: str
    plural: str | None
    places: tuple[str, ...]

    @property
    def placeholders(self) -> list[str]:
        return sorted(placeholders(self.source) | placeholders(self.plural or ""))


@cache
def messages() -> dict[str, Message]:
    """All of them by key, in the order of the places and then of the alphabet."""
    found: dict[str, tuple[str, str | None, set[str]]] = {}
    for folder in FOLDERS:
        for path, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, METHODS, {}, KEYWORDS, directory_filter=is_customers
        ):
            if path not in NOT_CUSTOMERS:
                source, plural = text if isinstance(text, tuple) else (text, None)
                found.setdefault(source, (source, plural, set()))[2].add(place_of(f"{folder}/{path}"))
    made = [Message(key_of(source), source, plural, ordered(places)) for source, plural, places in found.values()]
    made.sort(key=lambda message: (ORDER.index(message.places[0]), message.source.casefold()))
    return {message.key: message for message in made}


def key_of(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def ordered(places: set[str]) -> tuple[str, ...]:
    return tuple(place for place in ORDER if place in places)


def is_customers(path: str) -> bool:
    """The console speaks to vendors, who do not need words of their own there."""
    return path.rstrip("/").rpartition("/")[2] not in NOT_CUSTOMERS


def place_of(path: str) -> str:
    return next((place for place, part in PLACES if part in path), "everywhere")


def forms_of(tag: str, message: Message) -> int:
    """How many forms a message has in a language."""
    return len(examples(tag)) if message.plural else 1


@cache
def examples(tag: str) -> list[list[int]]:
    """For each plural form of a language the first numbers it is used for."""
    used: dict[int, list[int]] = {}
    for number in range(HIGHEST):
        numbers = used.setdefault(words.plural_form(tag, number), [])
        if len(numbers) < 4:
            numbers.append(number)
    return [used.get(form, []) for form in range(max(used) + 1)]


def stock(tag: str, message: Message, form: int) -> str:
    """Our own words for it."""
    with words.speaking(tag):
        if message.plural is None:
            return words.gettext(message.source)
        numbers = examples(tag)[form]
        return words.ngettext(message.source, message.plural, numbers[0] if numbers else HIGHEST)
