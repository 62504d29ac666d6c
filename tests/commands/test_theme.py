"""`litestar theme …`, on a shelf of the test's own."""

import pytest
from click.testing import CliRunner

from commands.theme import theme
from theming import environment as places

FOOTER = "partials/shared/footer.html"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "THEMES", tmp_path)

    def invoke(*words):
        done = CliRunner().invoke(theme, words)
        return done.exit_code, done.output

    return invoke


def test_a_theme_is_made_filled_and_checked(run, tmp_path):
    assert run("new", "plain")[0] == 0
    assert run("copy", "plain", FOOTER, "partials/shared/header.html") == (
        0, f"Copied {FOOTER}\nCopied partials/shared/header.html\n",
    )  # fmt: skip
    assert run("check", "plain") == (0, "2 templates parse and render.\n")


def test_what_is_broken_ends_with_an_error(run, tmp_path):
    run("new", "plain")
    run("copy", "plain", FOOTER)
    (tmp_path / "plain/templates" / FOOTER).write_text("\n{% if %}")
    code, said = run("check", "plain")
    assert code == 1
    assert said.startswith(f"Broken: {FOOTER}: line 2: Expected an expression")


def test_what_changed_upstream_is_a_diff_until_it_is_accepted(run, tmp_path):
    run("new", "plain")
    run("copy", "plain", FOOTER)
    kept = tmp_path / "plain/stock" / FOOTER
    kept.write_text("{# Of long ago #}\n")
    code, said = run("check", "plain", "--accept")
    assert code == 0
    assert f"Changed upstream: {FOOTER}: \n--- when it was copied\n+++ now" in said
    assert "-{# Of long ago #}" in said
    assert run("check", "plain") == (0, "1 templates parse and render.\n")


@pytest.mark.parametrize("words", [("check", "nothing"), ("new", "Not A Name"), ("copy", "nothing", FOOTER)])
def test_what_cannot_be_done_is_said_in_one_line(run, words):
    code, said = run(*words)
    assert code == 1
    assert said.startswith("Error: ")
    assert said.count("\n") == 1
