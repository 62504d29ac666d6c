"""The list of messages, and the boxes to say one in words of one's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theming.console.message_list import Message, examples, forms_of, messages, stock
from theming.own_words import key
from theming.words import _, direction, languages, own_name

PAGE = 50
Own = Mapping[str, Mapping[int, str]]


def language_choices(locale: str) -> list[tuple[str, str]]:
    """The vendor's own language first, then every other there are words in."""
    first = key(locale)
    tags = dict.fromkeys([first, *(key(tag) for tag in languages())])
    return [(tag, own_name(tag)) for tag in tags]


def place_choices() -> list[tuple[str, str]]:
    return [
        ("sign_in", _("Signing in")), ("courses", _("Courses")), ("account", _("My Account")), ("mails", _("Mails")),
        ("everywhere", _("Everywhere")),
    ]  # fmt: skip


def found(own: Own, tag: str, wanted: str, place: str, start: str) -> tuple[list[Message], str | None]:
    """The messages that hold a text, what is the vendor's own first; and where the next page begins."""
    needle = wanted.strip().casefold()
    rows = [one for one in messages().values() if (not place or place in one.places) and matches(one, tag, own, needle)]
    rows.sort(key=lambda one: one.source not in own)
    first = next((at for at, one in enumerate(rows) if one.key == start), 0)
    rest = rows[first + PAGE : first + PAGE + 1]
    return rows[first : first + PAGE], rest[0].key if rest else None


def matches(message: Message, tag: str, own: Own, needle: str) -> bool:
    if not needle:
        return True
    texts = [message.source, message.plural or "", stock(tag, message, 0), *own.get(message.source, {}).values()]
    return any(needle in text.casefold() for text in texts)


def listed(message: Message, tag: str, own: Own) -> dict[str, Any]:
    said = own.get(message.source, {})
    return {
        "key": message.key, "stock": stock(tag, message, forms_of(tag, message) - 1), "own": next(iter(said.values()), None),
        "place": ", ".join(dict(place_choices())[place] for place in message.places), "dir": direction(tag),
    }  # fmt: skip


def boxes(tag: str, message: Message) -> list[dict[str, Any]]:
    """One box for each form: {name, label, stock}."""
    count = forms_of(tag, message)
    return [
        {"name": f"text_{form}", "stock": stock(tag, message, form), "dir": direction(tag),
         "label": _("Your words") if count == 1 else _("Your words for %(numbers)s", numbers=numbers(tag, form))}
        for form in range(count)
    ]  # fmt: skip


def numbers(tag: str, form: int) -> str:
    """The first few numbers a form is for."""
    known = examples(tag)[form]
    return ", ".join(map(str, known)) + (", …" if len(known) > 3 else "")


def done(word: str) -> dict[str, str] | None:
    texts = {
        "said": _("Saved. Your center and its mails say it so within five seconds."),
        "reset": _("Back to our own words."),
    }
    return {"tone": "good", "text": texts[word]} if word in texts else None
