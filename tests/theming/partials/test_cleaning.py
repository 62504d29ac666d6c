import html5lib
import pytest

from tests.theming.partials.hostile import HOSTILE_DATA, MARKUP
from theming.partials.as_text import as_text
from theming.partials.cleaning import ATTRIBUTES, CLASS, PAGE_LOOKS, TAGS, cleaned, left_out
from theming.partials.partial import Partial
from theming.partials.sandbox import Overflow
from theming.slots import SLOTS

HEADER = SLOTS["header"]
LOOKS = {name for look in PAGE_LOOKS.values() for name in look.split()}
OURS = {"rel": {"noopener noreferrer"}, "loading": {"lazy"}}


def elements(html):
    """Every element that a browser makes of it inside a div, and the div itself last."""
    document = html5lib.parse(f"<!doctype html><title>t</title><body><div id=around>{html}</div><p id=after>z",
                              namespaceHTMLElements=False)  # fmt: skip
    around = document.find(".//div[@id='around']")
    assert [child.get("id") for child in document.find("body")] == ["around", "after"]
    return list(around.iter())[1:]


def test_there_are_enough_of_them():
    assert len(MARKUP) >= 30


@pytest.mark.parametrize("name", MARKUP)
@pytest.mark.parametrize("origin", [None, "https://acme.example"])
def test_nothing_that_acts_survives(name, origin):
    html = Partial(HEADER, MARKUP[name]).html(HOSTILE_DATA, origin=origin)
    for element in elements(html):
        assert element.tag in TAGS, html
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(element.tag, set())
        for attribute, value in element.attrib.items():
            assert value in OURS[attribute] if attribute in OURS else attribute in allowed, html
        assert all(CLASS.fullmatch(one) or one in LOOKS for one in element.get("class", "").split())
        assert not element.get("src")
        assert element.get("href", "/").startswith(("https://good.example/", "/acme", "/", "mailto:", "tel:"))
        assert not element.get("href", "").startswith(("//", "/\\"))


def test_classes_without_the_prefix_go_and_looks_are_borrowed():
    assert cleaned('<p class="menu v-mine v-muted problem">x</p>') == '<p class="v-mine v-muted muted">x</p>'
    assert cleaned('<p class="problem">x</p>') == "<p>x</p>"


def test_pictures_come_from_our_own_media_and_never_into_mails():
    ours = f'<img src="/media/{"0" * 64}.webp" alt="x">'
    assert cleaned(ours) == ours.replace("<img", "<img").replace(">", ' loading="lazy">')
    assert cleaned('<img src="https://evil.example/x.png" alt="x">') == ""
    assert cleaned(ours, origin="https://acme.example") == ""


def test_links_of_a_mail_are_whole():
    link = cleaned('<a href="/courses">x</a>', origin="https://acme.example")
    assert link == '<a href="https://acme.example/courses" rel="noopener noreferrer">x</a>'
    assert as_text(f"<p>Hello,<br>see {link}.</p><ul><li>one</li><li>two</li></ul><p>Bye</p>") == (
        "Hello,\nsee x (https://acme.example/courses).\n\n* one\n\n* two\n\nBye"
    )


def test_more_markup_than_a_page_can_take_is_no_longer_cleaned():
    with pytest.raises(Overflow):
        cleaned("<b>" * 2001)
    with pytest.raises(Overflow):
        cleaned("<p " + " ".join(f"a{n}=1" for n in range(6001)) + ">")


def test_what_was_taken_away_is_told():
    assert left_out('<form><p onclick="x" class="v-a b">y<img src="//x"></form><marquee>') == [
        "<form>", "onclick", "class", "src", "<marquee>",
    ]  # fmt: skip
