import re
from datetime import date
from xml.etree import ElementTree

import pytest

from tables.daily_figure import DAYS, LEARNERS, LEARNERS_MONTH, SIGN_INS
from theming.console.charts import HEIGHT, WIDTH, columns
from theming.console.figures_words import days, month, table

TODAY = date(2026, 11, 22)


def drawn(counts):
    return ElementTree.fromstring(str(columns(counts)))


@pytest.mark.parametrize("counts", [[0] * 30, [1] * 30, list(range(30)), [10**9, 0, 1], [7], []])
def test_every_count_has_a_column_inside_the_drawing(counts):
    bars = list(drawn(counts))
    assert len(bars) == len(counts)
    for bar in bars:
        left, top, width, height = (float(bar.get(name)) for name in ("x", "y", "width", "height"))
        assert left >= -0.1
        assert left + width <= WIDTH + 0.1
        assert 0 < height <= HEIGHT + 0.1
        assert abs(top + height - HEIGHT) < 0.11


def test_a_column_is_as_high_as_its_share():
    heights = [float(bar.get("height")) for bar in drawn([0, 5, 10])]
    assert heights[0] < heights[1] < heights[2]
    assert [bar.get("class") for bar in drawn([0, 5, 10])] == ["none", "some", "some"]


def test_there_is_no_style_no_script_and_no_text_in_it():
    svg = str(columns([1, 2, 3]))
    assert not re.search(r"style|script|on\w+=|href|<text|<title", svg)
    assert {name for element in drawn([1]).iter() for name in element.attrib} == {
        "class", "viewBox", "preserveAspectRatio", "aria-hidden", "focusable", "x", "y", "width", "height",
    }  # fmt: skip


def figures(**counts):
    return {name: {day.isoformat(): count for day, count in zip(days(TODAY), row, strict=True)}
            for name, row in counts.items()}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "number", "words"),
    [([0] * 30, "0", "None in the last 30 days."),
     ([0] * 29 + [3], "3", "3 today, the most of any day."),
     ([0] * 9 + [1200] + [1] * 20, "1,220", "1 today. The most on one day: 1,200 on 2 Nov."),
     ([2] + [0] * 29, "2", "None today. The most on one day: 2 on 24 Oct.")],
)  # fmt: skip
def test_the_words_say_what_the_chart_shows(row, number, words):
    one = next(one for one in month(figures(**{SIGN_INS: row}), TODAY) if one["label"] == "Sign-ins")
    assert (one["number"], one["words"]) == (number, words)
    assert (one["begins"], one["ends"]) == ("24 Oct", "22 Nov")


def test_learners_of_two_days_are_not_added_up():
    counted = figures(**{LEARNERS: [5] * 30}) | {LEARNERS_MONTH: {TODAY.isoformat(): 9}}
    assert next(one for one in month(counted, TODAY) if one["label"] == "Active learners")["number"] == "9"
    assert (
        next(one for one in month(figures(**{LEARNERS: [5] * 30}), TODAY) if one["label"] == "Active learners")[
            "number"
        ]
        == "5"
    )


def test_the_table_has_the_same_numbers_newest_first():
    rows = table(figures(**{SIGN_INS: list(range(30))}), TODAY)["rows"]
    assert len(rows) == DAYS
    assert (rows[0]["day"], rows[0]["counts"][0], rows[-1]["counts"][0]) == ("22 Nov", "29", "0")
