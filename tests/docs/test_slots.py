"""What the theming page says about vendors' templates is so."""

import re

from settings import ROOT
from theming.partials.cleaning import MAIL_LOOKS, PAGE_LOOKS
from theming.partials.filters import FILTERS, TESTS
from theming.partials.partial import Partial
from theming.slots import CENTER, SLOTS

CHAPTER = (ROOT / "docs/theming.md").read_text().partition("## Templates of vendors")[2].partition("\n## ")[0]


def row_of(slot):
    own = ", ".join(f"`{variable.name}`" for variable in slot.own)
    meaning = slot.meaning[0].lower() + slot.meaning[1:]
    return f"| `{slot.name}` | {slot.label}: {meaning} | `{slot.stock}` | {own} |".replace("|  |", "| |")


def test_the_table_lists_every_slot_with_what_it_knows():
    rows = set(re.findall(r"^\| `.*$", CHAPTER, re.MULTILINE))
    assert rows == {row_of(slot) for slot in SLOTS.values()}, "paste the rows that are missing"


def test_what_all_know_is_named():
    named = re.search(r"^All know (.*?)\. Names", CHAPTER, re.MULTILINE | re.DOTALL)[1]
    assert re.findall(r"`([^`]+)`", named) == [variable.name for variable in CENTER]


def test_filters_tests_and_looks_are_those_there_are():
    written = re.search(r"\*\*Can be written:\*\*(.*?)\n- ", CHAPTER, re.DOTALL)[1]
    names = [name.partition("(")[0] for name in re.findall(r"`([a-z]+(?:\([^`]*\))?)`", written)]
    assert set(FILTERS) | set(TESTS) == set(names) - {"if", "elif", "else", "for", "and", "or", "not", "is"}
    looks = re.search(r"\*\*Looks:\*\*(.*?)\n- ", CHAPTER, re.DOTALL)[1]
    assert set(re.findall(r"`(v-[a-z-]+)`", looks)) <= {*PAGE_LOOKS, *MAIL_LOOKS}


def test_the_example_is_accepted():
    example = re.search(r"```jinja\n(.*?)```", CHAPTER, re.DOTALL)[1]
    Partial(SLOTS["hub_intro"], example)


def test_every_slot_is_asked_for_where_it_says():
    for slot in SLOTS.values():
        text = (ROOT / "templates" / slot.stock).read_text()
        assert re.search(rf"\bslots?\('{slot.name}'", text), slot.name
