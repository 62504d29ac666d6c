import shutil

import pytest

from theming import environment as places
from theming import themes

FOOTER = "partials/shared/footer.html"


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder for themes of the test."""
    monkeypatch.setattr(places, "THEMES", tmp_path)
    return tmp_path


@pytest.fixture
def plain(shelf):
    """A theme with a footer copied today, and a function that writes into it."""
    themes.begin("plain")
    themes.copy("plain", FOOTER)

    def write(text, path=FOOTER):
        file = shelf / "plain/templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write


def found(name="plain", kind=None):
    return [(one.path, one.text) for one in themes.check(name) if kind in (None, one.kind)]


def test_the_themes_that_come_with_it_are_in_order():
    """Ours may move on: `litestar theme check` shows how, `--accept` takes it as seen."""
    found = [finding for name in places.themes() for finding in themes.check(name) if finding.kind != "changed"]
    assert places.themes()
    assert found == []


@pytest.mark.one_engine
def test_every_template_of_ours_parses_and_renders_with_samples(shelf):
    themes.begin("all")
    for path in sorted(places.TEMPLATES.rglob("*.*")):
        name = str(path.relative_to(places.TEMPLATES))
        if not name.startswith("slots/"):
            themes.copy("all", name)
    assert themes.check("all") == []


def test_a_new_theme_is_in_order(plain):
    assert found() == []


@pytest.mark.parametrize(("text", "words"), [
    ("{% if %}", "line 1: Expected an expression"), ("\n\n{{ center.name|reverze }}", "line 3: No filter named 'reverze'"),
    ("{% include 'partials/shared/nothing.html' %}", "partials/shared/nothing.html"),
    ("{% from 'partials/shared/hx.html' import put %}{{ put('/') }}", "does not export the requested name"),
    ("{% if person %}{{ 1 / 0 }}{% endif %}", "ZeroDivisionError"),
    ("{% if not person %}{{ 1 / 0 }}{% endif %}", "ZeroDivisionError"),
    ("{% macro card(course) %}{{ 1 / 0 }}{% endmacro %}", "ZeroDivisionError"),
])  # fmt: skip
def test_what_does_not_work_is_found(plain, text, words):
    plain(text)
    ((path, why),) = found(kind="broken")
    assert path == FOOTER
    assert words in why


def test_a_template_of_a_name_we_do_not_have_is_found(plain):
    plain("x", "partials/shared/foooter.html")
    assert [path for path, _ in found(kind="broken")] == ["partials/shared/foooter.html"]


def test_a_slot_that_is_left_out_and_a_name_that_may_not_be_there_are_noticed(plain):
    plain("{# The bottom #}\n{{ center.name }} {{ order.number }}\n")
    assert [text for _, text in found(kind="notice")] == [
        "leaves no place for the slot footer, which vendors may write",
        "uses order, which ours does not: is it given there?",
    ]
    plain('{% include "default:partials/shared/footer.html" %}')
    assert found(kind="notice") == []


def test_what_changed_upstream_is_shown_until_it_is_taken_as_seen(plain, shelf):
    kept = shelf / "plain/stock" / FOOTER
    kept.write_text(kept.read_text().replace("foot-name", "foot-title"))
    ((path, diff),) = found(kind="changed")
    assert path == FOOTER
    assert '-<p class="foot-title">' in diff
    assert '+<p class="foot-name">' in diff
    themes.remember("plain", FOOTER)
    assert found() == []
    kept.unlink()
    assert "is not known" in found(kind="notice")[0][1]


@pytest.mark.parametrize(("toml", "words"), [
    ("name = ", "Invalid value"), ('stylesheets = ["x.css"]', "names the style sheet x.css"),
    ('[tokens]\naccent = "red"', "red"), ('[tokens]\nshade = "#000000"', "unknown token 'shade'"),
])  # fmt: skip
def test_settings_that_cannot_be_used_are_found(plain, shelf, toml, words):
    (shelf / "plain/theme.toml").write_text(toml)
    ((path, why),) = found(kind="broken")
    assert (path, words in why) == ("theme.toml", True), why


@pytest.mark.parametrize("name", ["", "Plain", "../plain", "a b", "nothing"])
def test_only_themes_that_are_there_can_be_checked(plain, name):
    with pytest.raises(ValueError):
        themes.check(name)


def test_copying_has_its_limits(plain, tmp_path):
    for path in (FOOTER, "partials/nothing.html", "../settings.py", "/etc/hostname"):
        with pytest.raises(ValueError):
            themes.copy("plain", path)
    with pytest.raises(ValueError):
        themes.begin("plain")
    shutil.rmtree(tmp_path / "plain")
