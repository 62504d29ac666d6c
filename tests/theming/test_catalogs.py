"""Every translation is whole: nothing missing, nothing left over, no placeholder lost."""

import re

import pytest
from babel.messages.pofile import read_po

from theming.words import LOCALES

PLACEHOLDER = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"</?\w+[^>]*>")
PLURALS = {"ar": 6, "es": 2, "de": 2, "ja": 1, "pt": 2}
LANGUAGES = sorted(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/messages.po"))


def read(path, locale=None):
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def messages(catalog):
    return {message.id: message for message in catalog if message.id}


@pytest.fixture(scope="module")
def template():
    return messages(read(LOCALES / "messages.pot"))


@pytest.fixture(scope="module", params=LANGUAGES)
def translated(request):
    return request.param, messages(read(LOCALES / request.param / "LC_MESSAGES" / "messages.po", request.param))


def forms(text):
    return text if isinstance(text, tuple | list) else (text,)


def test_no_message_is_missing_or_left_over(template, translated):
    _, found = translated
    assert sorted(map(str, set(template) - set(found))) == [], "pybabel update, and translate these"
    assert sorted(map(str, set(found) - set(template))) == [], "nothing says these any more"


def test_no_message_is_untranslated_or_doubtful(translated):
    language, found = translated
    empty = [message.id for message in found.values() if not all(forms(message.string)) or message.fuzzy]
    assert empty == []
    plurals = {len(forms(message.string)) for message in found.values() if message.pluralizable}
    assert plurals == {PLURALS[language]}


def test_every_placeholder_is_there(translated):
    _, found = translated
    wrong = []
    for message in found.values():
        asked = {*PLACEHOLDER.findall(" ".join(forms(message.id)))}
        for text in forms(message.string):
            given, loose = set(PLACEHOLDER.findall(text)), PLACEHOLDER.sub("", text)
            # A number may go unsaid where the form itself says it: one, two, none.
            if not asked - {"%(num)s"} <= given <= asked or ("%" in loose) != (
                "%" in PLACEHOLDER.sub("", forms(message.id)[0])
            ):
                wrong.append(message.id)
            if TAG.search(text):
                wrong.append(message.id)
    assert wrong == []
