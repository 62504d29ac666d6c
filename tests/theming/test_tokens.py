"""A vendor's sheet holds custom properties from allowed lists and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theming.tokens import CHOICES, COLORS, checked, published, said, style_sheet

PROPERTY = re.compile(r"(--[a-z-]+|color-scheme):([^;{}]+);")
SHELL = re.compile(r"@media \(prefers-color-scheme:dark\)|@media print|:root|[{}\s]")

choices = {name: st.sampled_from(values) for name, values in CHOICES.items()}
colors = {name: st.from_regex(r"\A#[0-9a-f]{6}\Z") for name in COLORS}


@given(tokens=st.fixed_dictionaries({}, optional={**choices, **colors}))
def test_the_sheet_holds_custom_properties_only(tokens):
    css = style_sheet(tokens)
    assert SHELL.sub("", PROPERTY.sub("", css)) == ""
    assert "url(" not in css
    assert len(css) < 3000


@pytest.mark.parametrize("tokens", [
    {"accent": "red"}, {"accent": "#fff"}, {"accent": "#aabbcc;background:url(//evil)"}, {"radius": "3px"},
    {"font_body": "Comic Sans"}, {"scheme": "blue"}, {"background": "#ffffff"}, {"header": "right"},
])  # fmt: skip
def test_anything_else_is_refused_with_the_name_of_the_token_or_value(tokens):
    with pytest.raises(ValueError) as refused:
        checked(tokens)
    assert next(iter(tokens)) in str(refused.value) or next(iter(tokens.values())) in str(refused.value)


def test_a_vendor_who_chose_nothing_leaves_the_theme_alone():
    assert style_sheet({}) == ""


def test_only_what_was_chosen_is_said():
    css = style_sheet({"radius": "none"})
    assert css == ":root{--radius:0;}\n"


def test_a_fixed_scheme_has_no_second_palette():
    css = style_sheet({"accent": "#a8540a", "scheme": "dark"})
    assert "color-scheme:dark" in css
    assert "@media" not in css


def test_the_colours_are_worked_out_on_the_themes_ground():
    assert "--c-bg:#faf8f2" in style_sheet({"accent": "#a8540a"}, {"bg": "#faf8f2", "fg": "#17150f"})


def test_the_hash_names_the_content():
    one, other = published((("accent", "#a8540a"),)), published((("accent", "#a8540b"),))
    assert one[1] != other[1]
    assert published((("accent", "#a8540a"),)) == one


def test_the_vendor_is_told_what_was_changed():
    assert any("#ffee00" in line for line in said({"accent": "#ffee00"}))
    assert len(said({"accent": "#0b3d91"})) == 1
