"""A lesson's text cannot do anything but be read."""

import html5lib
import pytest

from theming.markdown import FRAME_HOSTS, TAGS, plain, remote_pictures, render

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))", "[x](data:text/html,<script>1</script>)",
    "<form action=/x><input name=a><button>go</button></form>", "<div data-hx-post=/sign-out data-hx-trigger=load></div>",
    "<div hx-get=/x hx-trigger=load>", "</main></body><h1>taken over</h1>", "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//evil>", "<meta http-equiv=refresh content='0;url=//evil'>", "<base href=//evil>",
    "<object data=//evil></object>", "<embed src=//evil>", "<video src=//evil autoplay></video>", "<math><mi xlink:href=x>",
    "<p id=main class=vh style='position:fixed'>x</p>", "<img src='//evil/pixel.png'>", "![x](//evil/pixel.png)",
    "![x](/media/../secret.png)", "<img src='/media/abc.png'>", "<a href='//evil' target=_blank>x</a>", "<noscript><p title='</noscript><img src=x onerror=1>'>",
    "<details open ontoggle=alert(1)>", "<marquee onstart=alert(1)>", "<body onload=alert(1)>", "<template><script>1</script></template>",
    "<textarea><img src=x onerror=1></textarea>", "<title><img src=x></title>", "<!--><script>alert(1)</script>-->",
    "<a href='vbscript:x'>x</a>", "<a href=' javascript:x'>x</a>", "<a href='java\nscript:x'>x</a>", "<p onclick=x>y</p>",
    "<img src=x:x onerror=alert(1)//", "<<script>script>alert(1)<</script>/script>", "<input autofocus onfocus=alert(1)>",
    "<select><option>x</select>", "<dialog open>x</dialog>", "<button formaction=//evil>x</button>",
]  # fmt: skip


def elements(html):
    """Every element a browser would make of it."""
    return html5lib.parseFragment(str(html), treebuilder="etree", namespaceHTMLElements=False).iter()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("show", [lambda text: render(text, {}).html, plain], ids=["lesson", "description"])
def test_no_element_attribute_or_address_survives_that_can_act(attack, show):
    for element in elements(show(f"Before\n\n{attack}\n\nafter")):
        if not isinstance(element.tag, str) or element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in TAGS
        for name, value in element.attrib.items():
            assert name in {"href", "title", "src", "alt", "colspan", "rowspan", "scope", "start", "rel"}
            if name in ("href", "src"):
                assert value.lower().startswith(("https:", "http:", "mailto:", "tel:", "/media/", "/", "#"))
                assert not value.startswith("/media/..")
        assert element.tag != "img" or element.get("src", "").startswith("/media/")


def test_what_a_text_needs_stays():
    html = render("# Big\n\n## Hives\n\n* **one**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> said\n\n[x](https://example.com)", {}).html
    assert "<h2>Big</h2>" in html
    for part in ("<h2>Hives</h2>", "<strong>one</strong>", "<td>2</td>", "<blockquote>", 'href="https://example.com"', "noopener"):
        assert part in html


def test_html_as_clickfunnels_sends_it_is_taken_too():
    assert "<p>Hello <strong>you</strong></p>" in render("<p>Hello <strong>you</strong></p>", {}).html


def test_a_fetched_picture_is_shown_from_our_own_host_and_a_missing_one_by_its_words():
    picture = "a" * 64 + ".webp"
    shown = render("![A hive](https://far.example/hive.png)", {"https://far.example/hive.png": {"path": picture}}).html
    assert f'src="/media/{picture}"' in shown
    waiting = render("![A hive](https://far.example/hive.png)", {}).html
    assert "far.example" not in waiting
    assert "A hive" in waiting


def test_the_job_is_told_of_every_remote_picture_once():
    text = "![a](https://x.example/1.png) ![b](https://x.example/1.png) <img alt=c src='https://x.example/2.png'> ![d](/media/x.png)"
    assert remote_pictures(text) == ["https://x.example/1.png", "https://x.example/2.png"]


@pytest.mark.parametrize(("address", "src"), [
    ("https://www.youtube.com/watch?v=aqz-KE-bpKQ", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
    ("https://youtu.be/aqz-KE-bpKQ?t=3", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"),
    ("https://vimeo.com/1084537", "https://player.vimeo.com/video/1084537?dnt=1"),
    ("https://acme.wistia.com/medias/e4a27b971d", "https://fast.wistia.net/embed/iframe/e4a27b971d"),
    ("https://www.loom.com/share/0123456789abcdef0123456789abcdef", "https://www.loom.com/embed/0123456789abcdef0123456789abcdef"),
])  # fmt: skip
def test_a_known_films_address_becomes_a_player_with_a_plain_link(address, src):
    for text in (f"Before\n\n{address}\n\nafter", f'<p>Before</p><iframe src="{address}"></iframe>after'):
        body = render(text, {})
        assert [video.src for video in body.videos] == [src]
        assert body.videos[0].href.startswith("https://")
        assert src.startswith(FRAME_HOSTS)
        assert "after" in body.html


@pytest.mark.parametrize("address", [
    "https://evil.example/watch?v=aqz-KE-bpKQ", "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
    "https://evil.example/?x=vimeo.com/1084537", "http://localhost/embed/aqz-KE-bpKQ",
])  # fmt: skip
def test_no_other_host_gets_a_frame(address):
    assert render(f"{address}\n", {}).videos == ()
    assert "iframe" not in render(f"<iframe src='{address}'></iframe>", {}).html


def test_the_vendors_own_media_host_gets_one():
    assert render("https://media.acme.example/talk\n", {}, "media.acme.example").videos[0].src == "https://media.acme.example/talk"


def test_a_body_of_nothing_but_tags_is_shown_as_text():
    assert str(render("<div>" * 6000, {}).html).startswith("<pre>")
