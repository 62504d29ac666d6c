import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tables import Vendor
from theming.center import center_of
from theming.colors import contrast, on, parse, readable, to_hex
from theming.console.contrast_words import moved, said
from theming.tokens import (
    CHOICES,
    COLORS,
    DEFAULTS,
    FONTS,
    checked,
    palette,
    paper_sheet,
    preview_sheet,
    published,
    schemes,
    style_sheet,
    usable,
)
from web import tenancy

GRID = list(itertools.product((0, 85, 170, 255), repeat=3))
TEXT_PAIRS = [("fg", "bg"), ("fg", "surface"), ("muted", "bg"), ("muted", "surface"), ("link", "bg"),
              ("link", "surface"),
              ("accent-fg", "accent")]  # fmt: skip
TEXT_PAIRS += [(tone, ground) for tone in ("good", "warn", "bad") for ground in ("bg", "surface", f"{tone}-bg")]
EDGE_PAIRS = [("accent", "bg"), ("accent", "surface"), ("control", "bg"), ("control", "surface")]
colors = st.tuples(*[st.integers(0, 255)] * 3)


def unreadable(colors):
    """The pairs of a palette that fall below WCAG's ratios."""
    return [
        (pair, round(contrast(colors[pair[0]], colors[pair[1]]), 2))
        for pairs, ratio in ((TEXT_PAIRS, 4.5), (EDGE_PAIRS, 3.0)) for pair in pairs
        if contrast(colors[pair[0]], colors[pair[1]]) < ratio
    ]  # fmt: skip


def both(**tokens):
    return schemes({name: to_hex(color) for name, color in tokens.items()}).values()


@pytest.mark.parametrize("accent", GRID, ids=to_hex)
def test_any_accent_can_be_read_in_both_schemes(accent):
    assert [unreadable(palette_) for palette_ in both(accent=accent)] == [[], []]


@pytest.mark.parametrize("bg", GRID, ids=to_hex)
def test_any_ground_with_any_accent_and_text_can_be_read(bg):
    bad = [(to_hex(accent), to_hex(fg), found) for accent in GRID[::9] for fg in GRID[::21]
           for palette_ in both(accent=accent, bg=bg, fg=fg) if (found := unreadable(palette_))]  # fmt: skip
    assert bad == []


@settings(max_examples=200, deadline=None)
@given(colors, colors, colors)
def test_whatever_a_vendor_picks_can_be_read(accent, bg, fg):
    assert unreadable(palette(accent, bg, fg)) == []


@given(colors)
def test_black_or_white_can_always_be_read_on_a_colour(background):
    assert contrast(on(background), background) >= 4.5


@given(colors, colors)
def test_a_colour_that_can_be_read_is_left_alone(color, background):
    moved = readable(color, (background,), 3)
    assert contrast(moved, background) >= 3
    if contrast(color, background) >= 3:
        assert moved == color


def test_contrast_is_the_one_of_wcag():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "value",
    ["", "red", "#FFF", "#fff", "#FFFFFF", "#12345g", "rgb(0,0,0)", "#123456;", "#123456 ", "#123456\n", "url(//evil)",
     "var(--x)",
     "expression(1)", "#123456}body{display:none", "\\23 123456", "#١٢٣٤٥٦", "transparent"],
)  # fmt: skip
@pytest.mark.parametrize("name", COLORS)
def test_a_colour_is_six_hex_digits_and_nothing_else(name, value):
    with pytest.raises(ValueError, match="not a colour"):
        checked({name: value})


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("value", ["", "x", "large;}", "url(//evil)", "LARGE"])
def test_a_choice_is_one_of_its_list(name, value):
    with pytest.raises(ValueError, match="must be one of"):
        checked({name: value})


@pytest.mark.parametrize("name", ["", "css", "bg ", "background", "accent;"])
def test_other_tokens_do_not_exist(name):
    with pytest.raises(ValueError, match="unknown token"):
        checked({name: "#123456"})


@pytest.mark.parametrize("stored", [{"accent": "url(//evil)"}, {"css": "x"}, {"radius": "1em;}*{display:none"}])
def test_a_bad_token_does_not_get_into_a_sheet_even_from_the_database(stored):
    with pytest.raises(ValueError):
        style_sheet(stored)


SHEET = re.compile(
    r"(?:@media (?:print|\(prefers-color-scheme:dark\))\{)?:root\{(?:color-scheme:(?:light|dark);)?"
    r"(?:--[a-z0-9-]+:(?:#[0-9a-f]{6}|0|\d*\.?\d*rem|[\w\s\",-]+);)+\}\}?"
)


@pytest.mark.parametrize("scheme", CHOICES["scheme"])
@pytest.mark.parametrize("font", FONTS)
def test_a_sheet_holds_custom_properties_and_nothing_else(scheme, font):
    css = style_sheet(DEFAULTS | {"scheme": scheme, "font_body": font, "radius": "small", "density": "airy"})
    for line in css.splitlines():
        assert SHEET.fullmatch(line), line
    assert "url(" not in css
    assert "@import" not in css


def test_a_vendor_that_chose_nothing_has_no_sheet():
    assert style_sheet({}) == ""


def test_a_sheet_is_named_by_its_content():
    one, other = published((("accent", "#a8540a"),)), published((("accent", "#a8540b"),))
    assert one == published((("accent", "#a8540a"),))
    assert one[1] != other[1]


def test_what_was_changed_is_said_for_both_schemes():
    assert said({"accent": "#a8540a"})[0].startswith("Text on the accent colour: ")
    yellow = " ".join(said({"accent": "#ffff00"}))
    assert "Buttons use #" in yellow
    assert "Links use #" in yellow
    assert "On dark ground" not in yellow
    assert "On dark ground links use #" in " ".join(said({"accent": "#3a45c4"}))
    assert "Text uses #" in " ".join(said({"bg": "#ffffff", "fg": "#dddddd"}))


@given(colors, colors, colors)
def test_every_colour_that_was_moved_is_told_and_can_be_read_where_it_went(accent, bg, fg):
    tokens = {"accent": to_hex(accent), "bg": to_hex(bg), "fg": to_hex(fg)}
    both, told = schemes(tokens), {(one.scheme, one.part): one for one in moved(tokens)}
    for scheme, wanted in (("light", accent), ("dark", accent)):
        for part in ("accent", "link"):
            if both[scheme][part] != wanted and (scheme == "light" or both["dark"] is not both["light"]):
                assert told[scheme, part].used == to_hex(both[scheme][part])
    assert (both["light"]["fg"] != fg) == (("light", "fg") in told)
    assert all(one.ratio >= (3 if one.part == "accent" else 4.5) for one in told.values())
    assert len(said(tokens)) == len(told) + 1


@pytest.mark.parametrize("stored", [
    {"accent": "red"}, {"accent": "#A8540A"}, {"css": "x"}, {"radius": "1em;}*{display:none"}, {"bg": 7},
    {"fg": None}, {"accent": ["#a8540a"]},
])  # fmt: skip
def test_what_a_row_should_not_hold_is_as_if_it_were_not_there(stored):
    assert usable(stored | {"font_head": "serif"}) == {"font_head": "serif"}


async def test_a_center_is_shown_whatever_its_row_holds(acme, browser):
    for text in ('{"accent": "url(//evil)", "bg": "#fffaf0"}', "no JSON", "[1]", '"x"'):
        await Vendor.update({Vendor.tokens: text}).where(Vendor.id == acme.id)
        tenancy.kept.clear()
        page = await browser().get("/acme/sign-in")
        assert page.status_code == 200
        assert "evil" not in center_of(await Vendor.by_id(acme.id)).style


@given(colors, colors, colors)
def test_a_preview_holds_both_schemes_and_reaches_nothing_outside_it(accent, bg, fg):
    tokens = {"accent": to_hex(accent), "bg": to_hex(bg), "fg": to_hex(fg)}
    light, dark = preview_sheet(tokens).splitlines()
    assert light.startswith(".preview .light{color-scheme:light;")
    assert dark.startswith(".preview .dark{color-scheme:dark;")
    assert (light.count("{"), dark.count("{"), "url(" in light + dark) == (1, 1, False)


def test_parsing_is_exact():
    assert parse("#0a0b0c") == (10, 11, 12)
    assert to_hex((10, 11, 12)) == "#0a0b0c"


def test_paper_is_white_whatever_the_screen_looks_like():
    night = paper_sheet(
        (("accent", "#ffd24a"), ("bg", "#101010"), ("fg", "#eeeeee"), ("font_body", "serif"), ("scheme", "dark"))
    )
    assert "--c-bg:#ffffff;" in night
    assert "--c-fg:#000000;" in night
    assert f"--font:{FONTS['serif']};" in night
    accent = parse(re.search(r"--c-accent:(#[0-9a-f]{6})", night)[1])
    assert contrast(accent, parse("#ffffff")) >= 3
