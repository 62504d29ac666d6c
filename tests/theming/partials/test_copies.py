from dataclasses import dataclass

import pytest
from markupsafe import Markup

from theming.formats import When
from theming.partials.copies import published
from theming.partials.kinds import ADDRESS, FLAG, NUMBER, TEXT, Variable, samples, tree
from theming.partials.partial import Partial
from theming.partials.sandbox import Overflow
from theming.slots import SLOTS

TREE = tree([
    Variable("name", TEXT, "", "A"), Variable("items[].title", TEXT, "", ("a", "b")), Variable("tags[]", TEXT, "", ("x",)),
    Variable("count", NUMBER, "", 2), Variable("done", FLAG, "", False), Variable("when.text", TEXT, "", None),
    Variable("href", ADDRESS, "", "/"),
])  # fmt: skip
ROW = {"name": "A", "items": [{"title": "a", "secret": "s"}], "tags": ["x"], "count": 2, "done": True, "when": None,
       "href": None, "secret": "s"}  # fmt: skip


@dataclass
class Row:
    name: str


class Text(str):
    def __html__(self):
        return "<script>"


def test_only_what_is_published_is_copied():
    assert published(TREE, ROW) == {
        "name": "A", "items": [{"title": "a"}], "tags": ["x"], "count": 2, "done": True, "when": None, "href": None,
    }  # fmt: skip


def test_parts_of_our_own_rows_are_taken_by_name():
    copy = published(TREE, ROW | {"when": When("4 May", "2026-05-04"), "items": ({"title": "b"},)})
    assert (copy["when"], copy["items"]) == ({"text": "4 May"}, [{"title": "b"}])
    assert type(copy["when"]) is dict


@pytest.mark.parametrize("value", [Markup("<b>"), Text("x"), b"x", 1.5, object(), ["x"], {"a": 1}, lambda: 1, Row("x")],
                         ids=lambda value: type(value).__name__)  # fmt: skip
def test_any_other_kind_of_value_is_an_error(value):
    with pytest.raises(TypeError):
        published(TREE, ROW | {"name": value})


@pytest.mark.parametrize("value", ["text", {"a": 1}, 3, {1, 2}])
def test_a_list_must_be_one(value):
    with pytest.raises(TypeError):
        published(TREE, ROW | {"tags": value})


def test_long_lists_and_texts_are_cut():
    copy = published(TREE, ROW | {"name": "x" * 5000, "tags": ["y"] * 500})
    assert (len(copy["name"]), len(copy["tags"])) == (2000, 50)


def test_a_number_that_is_not_known_is_nothing():
    assert published(TREE, ROW | {"count": None})["count"] == 0


def test_samples_have_the_published_shape():
    assert samples(SLOTS["order_row"].variables)["order"]["ended"] is None
    for slot in SLOTS.values():
        assert published(slot.published, samples(slot.variables)) == samples(slot.variables), slot.name


def test_data_is_escaped_and_nothing_prints_none():
    partial = Partial(
        SLOTS["order_row"], "{{ order.summary }}|{{ order.date.text }}|{{ order.total|upper }}|{{ order.ended.label }}"
    )
    values = samples(SLOTS["order_row"].variables)
    values["order"] |= {"summary": "<b>&", "date": None, "total": None}
    assert partial.raw(values) == "&lt;b&gt;&amp;|||"


def test_output_ends_at_its_limit():
    slot = SLOTS["hub_intro"]
    values = samples(slot.variables) | {"courses": [{"title": "x" * 2000, "href": "", "progress_text": "", "done": 1,
                                                     "total": 2}] * 50}  # fmt: skip
    with pytest.raises(Overflow):
        Partial(slot, "{% for a in courses %}{{ a.title }}{% endfor %}").raw(values)
