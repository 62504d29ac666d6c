"""What is looked at before Jinja's parser runs: size, number of tags, length of each, and how deep things nest.

The parser and the compiler call themselves for every level, so depth must be bounded before they see it. Jinja's lexer
does not: it only cuts the source into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from jinja2 import TemplateSyntaxError

from theming.partials.limits import BLOCKS, BRACKETS, NUMBER, SOURCE_BYTES, TAG_WORDS, TAGS
from theming.partials.refused import N_, Refused
from theming.partials.sandbox import walled

TAG = re.compile(r"\{[{%#]")
STRANGE = re.compile(r"[^\n\r\t\x20-\ud7ff\ue000-\U0010ffff]")
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
Word = tuple[int, str, str]


def look(source: str) -> None:
    """Raises Refused for a source that must not be parsed."""
    if len(source.encode(errors="replace")) > SOURCE_BYTES:
        raise Refused(N_("This is longer than %(most)s KB."), most=SOURCE_BYTES // 1024)
    if strange := STRANGE.search(source):
        raise Refused(N_("There is a character here that no page can show."), line_of(source, strange.start()))
    tags = list(TAG.finditer(source))
    if len(tags) > TAGS:
        raise Refused(N_("There are more than %(most)s tags."), line_of(source, tags[TAGS].start()), most=TAGS)
    look_at_tags(list(words(source)))


def line_of(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1


def words(source: str) -> Iterator[Word]:
    try:
        yield from walled.lex(source)
    except TemplateSyntaxError as error:
        raise Refused(N_("This cannot be read: %(why)s."), error.lineno, why=plain(error)) from None


def plain(error: TemplateSyntaxError) -> str:
    """Jinja's own words without the full stop, and short."""
    return (error.message or "").rstrip(".")[:200]


def look_at_tags(found: list[Word]) -> None:
    blocks = 0
    for inside, group in groupby(found, key=lambda word: word[1] not in ("data", "comment", "raw_begin", "raw_end")):
        if inside:
            blocks = look_at_words([word for word in group if word[1] != "whitespace"], blocks)


def look_at_words(run: list[Word], blocks: int) -> int:
    """One tag after the other, as they follow without text between them; returns how many blocks are open."""
    count = depth = 0
    for place, (line, kind, word) in enumerate(run):
        if kind.endswith("_begin"):
            count = depth = 0
            after = run[place + 1][2] if place + 1 < len(run) else ""
            blocks += 1 if after in ("if", "for") else -1 if after in ("endif", "endfor") else 0
        count += 1
        depth += 1 if word in OPENING else -1 if word in CLOSING else 0
        if count > TAG_WORDS:
            raise Refused(N_("This tag is too long: use at most %(most)s words and signs."), line, most=TAG_WORDS)
        if depth > BRACKETS or blocks > BLOCKS:
            raise Refused(N_("This is nested too deeply."), line)
        if kind in ("integer", "float") and len(word) > NUMBER:
            raise Refused(N_("A number has at most %(most)s digits."), line, most=NUMBER)
    return blocks
