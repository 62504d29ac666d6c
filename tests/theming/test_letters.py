import pytest

from theming.center import center_of
from theming.letters import fate, letter

HOME = "http://127.0.0.1:8000/acme"


@pytest.fixture
def show(acme):
    return lambda text: str(letter(text, center_of(acme)))


def test_paragraphs_and_lines_stay(show):
    assert show("Hello,\n\none\r\ntwo\n\n\n\n-- \nAcme\n") == "<p>Hello,</p>\n<p>one<br>\ntwo</p>\n<p>-- <br>\nAcme</p>"


def test_markup_is_text(show):
    assert show("<b>&\"'</b>") == "<p>&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;</p>"


@pytest.mark.parametrize("url", [HOME, f"{HOME}/", f"{HOME}/account/data", f"{HOME}/sign-in?next=/courses"])
def test_an_address_of_this_center_is_a_link(show, url):
    assert show(f"Go: {url} now") == f'<p>Go: <a href="{url}">{url}</a> now</p>'


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000/globex/", "https://evil.example/acme/", f"{HOME}evil", "http://127.0.0.1:8000@evil.example/",
     "javascript:alert(1)", "//127.0.0.1:8000/acme/", f"{HOME}/sign-in/link/•••", "HTTP://127.0.0.1:8000/acme/"],
)  # fmt: skip
def test_every_other_address_is_text(show, url):
    assert "<a" not in show(url)


def test_only_what_was_not_sent_needs_a_word():
    assert fate("sent") is None
    assert [fate(state)["label"] for state in ("queued", "failed")] == ["On its way", "Could not be delivered"]
