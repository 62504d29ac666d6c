"""An address as on an envelope of its country: every part that is filled in is printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tables.countries import country_code
from theming.address_data import EXTRAS, Rules, is_latin, rules_of
from theming.countries import country_name

LETTER = re.compile(r"%([A-Z])")


def envelope(parts: Mapping[str, str], locale: str) -> list[str]:
    """The lines of an address in its country's order; the country comes last, in the reader's language."""
    rules = rules_of(country_code(parts.get("country", "")))
    latin = all(is_latin(text) for name, text in parts.items() if name != "country")
    lines = rules.latin_lines if latin else rules.lines
    found: list[str] = []
    for place, line in enumerate(lines):
        found += streets(parts, rules, lines[:place]) if line == "%A" else [filled(line, parts, rules, latin)]
    return [line for line in (*found, country_name(parts.get("country", ""), locale)) if line]


def streets(parts: Mapping[str, str], rules: Rules, before: Sequence[str] = ()) -> list[str]:
    """The lines of the street, beside them what the country's own lines have no place for, the large first or last."""
    extra = " ".join(parts[part] for part in EXTRAS if parts.get(part) and part not in rules.order)
    lines = [parts.get("street_one", ""), parts.get("street_two", "")]
    return [extra, *lines] if any(re.search("%[CSZ]", line) for line in before) else [*lines, extra]


def filled(line: str, parts: Mapping[str, str], rules: Rules, latin: bool) -> str:
    """A line with its parts; what only joins two of them goes when one is missing, and a line without any is empty."""
    text, joint, any_part = "", "", False
    for word in line.split(" "):
        found, rest = filled_word(word, parts, rules, latin)
        if found:
            text, joint = text + (f"{joint} " if text else "") + found, rest
            any_part = any_part or bool(LETTER.search(word))
        else:
            joint = rest
    return text if any_part else ""


def filled_word(word: str, parts: Mapping[str, str], rules: Rules, latin: bool) -> tuple[str, str]:
    """A word of a line with its parts, and what joins it to the next: `%C-%S` to `Recife-PE`, `%C,` to `Ames` and `,`."""
    *pieces, last = LETTER.split(word)
    if not pieces:
        return (word, "") if any(sign.isalnum() for sign in word) else ("", f" {word}")
    text = ""
    for joint, letter in zip(pieces[::2], pieces[1::2], strict=True):
        value = value_of(letter, parts, rules, latin)
        if value:
            text += (joint if text or joint == pieces[0] else "") + value
    return (text, last) if text else ("", "")


def value_of(letter: str, parts: Mapping[str, str], rules: Rules, latin: bool) -> str:
    if letter == "A":
        return ", ".join(line for line in streets(parts, rules) if line)
    return " ".join(parts[part] for part in rules.parts_of(letter, latin=latin) if parts.get(part))
