"""A vendor's own words in place of ours: text, never markup, with the same placeholders.

Stock messages are trusted where a page is written; these are not. `Own` is a `str` that is escaped wherever it meets
HTML, and whose lone `%` stays one when placeholders are filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Forms = dict[int, "Own"]


class Own(str):
    """One form of a message as the vendor typed it."""

    __slots__ = ("template",)
    template: str

    def __new__(cls, text: str) -> Own:
        made = super().__new__(cls, text)
        parts = PLACEHOLDER.split(text)
        names = [f"%({name})s" for name in parts[1::2]]
        kept = [part.replace("%", "%%") for part in parts[::2]]
        made.template = "".join(piece for pair in zip(kept, [*names, ""], strict=True) for piece in pair)
        return made

    def __mod__(self, values: Any) -> str:
        return self.template % values

    def __html__(self) -> Markup:
        return escape(str.__str__(self))

    @property
    def markup(self) -> Markup:
        """For a template: escaped, its placeholders still to be filled in."""
        return escape(self.template)


class OwnWords:
    """Language → message → its forms. Equal when they say the same, so that what is made of them can be kept."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.said: dict[str, dict[str, Forms]] = {
            tag: {
                message: {int(form): Own(text) for form, text in forms.items()} for message, forms in messages.items()
            }
            for tag, messages in json.loads(source).items()
        }

    def form(self, tag: str, message: str, form: int) -> Own | None:
        """The vendor's words for a message, or None where ours stay."""
        forms = self.said.get(key(tag), {}).get(message)
        return forms.get(form) if forms else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OwnWords) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)


@lru_cache(maxsize=256)
def key(tag: str) -> str:
    """The language that words are kept under: `pt` for `pt-BR` and `pt_BR`."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower()


@lru_cache(maxsize=512)
def own_words(source: str) -> OwnWords | None:
    """The words of a vendor's row; None for most, who say everything as we do."""
    made = OwnWords(source)
    return made if made.said else None


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def filled(message: str, values: Mapping[str, str]) -> str:
    """A message with its placeholders filled in, for showing what it looks like."""
    return PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), message).replace("%%", "%")
