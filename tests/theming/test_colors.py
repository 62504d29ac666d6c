"""Whatever a vendor picks can be read: WCAG 2.2 contrast over a grid of all colours, in both schemes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theming.colors import EDGE, TEXT, contrast, on, parse, readable, to_hex
from theming.tokens import palette, schemes

GRID = [to_hex(rgb) for rgb in product(range(0, 256, 51), repeat=3)]
TEXTS = ("fg", "muted", "link", "good", "warn", "bad")
SLACK = 0.005


def assert_readable(colors):
    for ground in ("bg", "surface"):
        for name in TEXTS:
            assert contrast(colors[name], colors[ground]) >= TEXT - SLACK, (name, ground, colors)
        for name in ("control", "accent"):
            assert contrast(colors[name], colors[ground]) >= EDGE - SLACK, (name, ground, colors)
    assert contrast(colors["accent-fg"], colors["accent"]) >= TEXT - SLACK
    for tone in ("good", "warn", "bad"):
        assert contrast(colors[tone], colors[f"{tone}-bg"]) >= TEXT - SLACK, (tone, colors)


@pytest.mark.parametrize("accent", GRID)
def test_every_accent_of_the_grid_is_made_readable_in_both_schemes(accent):
    for colors in schemes({"accent": accent}).values():
        assert_readable(colors)


channel = st.integers(0, 255)
color = st.tuples(channel, channel, channel)


@given(accent=color, ground=color, text=color)
def test_any_three_colours_make_a_palette_that_can_be_read_as_far_as_the_ground_allows(accent, ground, text):
    colors = palette(accent, ground, text)
    reachable = max(contrast((0, 0, 0), colors["bg"]), contrast((255, 255, 255), colors["bg"]))
    both = max(
        min(contrast(pole, colors["bg"]), contrast(pole, colors["surface"])) for pole in ((0, 0, 0), (255, 255, 255))
    )
    for name in ("fg", "link", "muted"):
        for ground_name in ("bg", "surface"):
            assert contrast(colors[name], colors[ground_name]) >= min(TEXT, both) - SLACK
    assert contrast(colors["accent-fg"], colors["accent"]) >= TEXT - SLACK
    assert reachable >= TEXT - SLACK


@given(background=color)
def test_text_on_any_colour_reaches_the_ratio(background):
    assert contrast(on(background), background) >= TEXT


@given(text=color, background=color)
def test_a_colour_that_can_be_read_already_is_left_alone(text, background):
    moved = readable(text, (background,))
    assert moved == text or contrast(text, background) < TEXT


@pytest.mark.parametrize(
    "value", ["red", "#FFF", "#ffff", "#12345g", "#123456;}", "url(x)", "", "#1234567", "#123456\n"]
)
def test_nothing_but_six_hex_digits_is_a_colour(value):
    with pytest.raises(ValueError):
        parse(value)
