from datetime import UTC, datetime

import pytest

from integrations.clickfunnels.values import collect, currency_of, identity, instant, parts, whole
from tables import Course, Lesson, Order, OrderLine, Parcel, Section

COLUMNS = {
    "title": Course.title, "description": Course.description, "image": Course.picture_url,
    "show": Course.show_in_center, "published_at": Course.published_at, "root": Course.root_section_clickfunnels_id,
}  # fmt: skip


def test_only_what_is_there_is_collected():
    assert collect({}, COLUMNS) == {}
    assert list(collect({"title": "Bees"}, COLUMNS).values()) == ["Bees"]


def test_null_becomes_the_default_where_null_cannot_be():
    assert list(collect(dict.fromkeys(COLUMNS), COLUMNS).values()) == ["", "", None, True, None, None]
    assert list(collect(dict.fromkeys(COLUMNS, ""), COLUMNS).values()) == ["", "", None, True, None, None]


def test_text_is_stripped_and_cut():
    assert collect({"t": " a\x00b\x1f\n c\ud800\x85 "}, {"t": Course.title})[Course.title] == "ab c"
    assert len(collect({"t": "x" * 900}, {"t": Course.title})[Course.title]) == 200
    assert collect({"b": "a\n\tb\x00"}, {"b": Lesson.body})[Lesson.body] == "a\n\tb"
    assert collect({"n": 7}, {"n": Parcel.number})[Parcel.number] == "7"


@pytest.mark.parametrize("value", [{}, [], True])
def test_what_is_no_text_is_refused_without_being_quoted(value):
    with pytest.raises(ValueError, match=r"^t: not a text$"):
        collect({"t": value}, {"t": Course.title})


@pytest.mark.parametrize(("url", "kept"), [
    ("https://a.example/x.png", True), ("HTTP://a.example/", True), ("javascript:alert(1)", False),
    ("//a.example/x", False), ("https://a.example/ onload=x", False), ("https://a.example/\"x", False),
    ("https://a.example/" + "x" * 1000, False), (7, False),
])  # fmt: skip
def test_only_whole_web_addresses_are_kept(url, kept):
    assert collect({"u": url}, {"u": Course.picture_url})[Course.picture_url] == (url if kept else None)


def test_times():
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for text in ("2026-01-01T12:00:00.000Z", "2026-01-01T14:00:00+02:00", "2026-01-01T12:00:00"):
        assert instant(text, "at") == noon
    assert instant(None, "at") is None
    for wrong in ("yesterday", 5, {}, "2026-13-01", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(ValueError, match=r"^at: not a time$"):
            instant(wrong, "at")


def test_numbers_and_booleans():
    assert [whole(value, "n") for value in (3, "3", "3.0", -1)] == [3, 3, 3, -1]
    for wrong in (True, "3.5", "x", 2**31, "9" * 5000, [], float("inf")):
        with pytest.raises(ValueError, match=r"^n: "):
            whole(wrong, "n")
    assert [collect({"b": value}, {"b": Order.in_trial})[Order.in_trial] for value in (1, 0, True, None)] == [
        True, False, True, False,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="not true or false"):
        collect({"b": "yes"}, {"b": Order.in_trial})


@pytest.mark.parametrize(("amount", "currency", "minor"), [
    ("97.00", "USD", 9700), (97, "USD", 9700), (9.99, "USD", 999), ("9700", "JPY", 9700), ("1.234", "KWD", 1234),
    (None, "USD", None), ("", "USD", None),
])  # fmt: skip
def test_amounts_in_the_currencys_own_unit(amount, currency, minor):
    assert collect({"a": amount}, {"a": Order.total}, currency)[Order.total] == minor


@pytest.mark.parametrize("amount", ["x", "NaN", "1e30", True, "1e999999999", [], float("inf")])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        collect({"a": amount}, {"a": Order.total})


def test_ids_are_text():
    assert [identity(value, "id") for value in (5, "5", " a ")] == ["5", "5", "a"]
    for wrong in (None, "", True, 1.5, {}, "x" * 65):
        with pytest.raises(ValueError, match="no id"):
            identity(wrong, "id")
    assert collect({"p": None}, {"p": Section.parent_clickfunnels_id}) == {Section.parent_clickfunnels_id: None}


def test_currencies():
    assert [currency_of(data, "EUR") for data in ({"currency": "usd"}, {"currency": None}, {})] == ["USD", "EUR", "EUR"]
    for wrong in ("dollars", "U$D", 5):
        with pytest.raises(ValueError, match="not a currency"):
            currency_of({"currency": wrong}, "EUR")


def test_lists():
    assert list(parts({"lines": None}, "lines")) == list(parts({}, "lines")) == []
    for wrong in ({"lines": {}}, {"lines": ["x"]}):
        with pytest.raises(ValueError, match="not a list"):
            list(parts(wrong, "lines"))
    assert OrderLine.quantity.get_default_value() == 1
