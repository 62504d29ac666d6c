import html5lib
import pytest

from theming import markdown
from theming.markdown import ATTRIBUTES, TAGS

MEDIA = "/media/" + "a" * 64 + ".webp"
PAYLOADS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>", "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>", "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href=vbscript:x>x</a>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](javascript:alert(1))",
    "[x](<javascript:alert(1)>)", "<javascript:alert(1)>", "[x][1]\n\n[1]: javascript:alert(1)",
    "<body onload=alert(1)>",
    "<form action=//evil><input name=_csrf></form>", "<button formaction=//evil>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<meta http-equiv=refresh content='0;url=//evil'>", "<base href=//evil/>", "<link rel=stylesheet href=//evil>",
    "<style>@import '//evil'</style>", "<div style='background:url(//evil)'>x</div>", "<p id=main class=menu>x</p>",
    "<object data=//evil></object>", "<embed src=//evil>", "<video src=//evil onerror=alert(1)></video>",
    "<audio src=//evil></audio>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>", "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea><script>alert(1)</script></textarea>", "<title><script>alert(1)</script></title>",
    "<xmp><script>alert(1)</script></xmp>",
    "<p data-hx-post='/account/profile' data-hx-trigger=load>x</p>", "<p hx-get='/x' hx-trigger=load>x</p>",
    "<p data-hx-on:load='x'>y</p>",
    "</div></main><script>alert(1)</script>", "</p></section></body></html><script>alert(1)</script>",
    "<!--<img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>", "<?xml version='1.0'?><script>alert(1)</script>",
    "<img src='https://evil.example/track.gif'>",
    "![x](https://evil.example/track.gif)", "<img src='/media/../account'>", f"<img src='{MEDIA}?x'>",
    "<img src=//evil/x.png>",
    "<a href='//evil.example' target=_blank>x</a>", "<a name=menu href='#x' ping=//evil>x</a>",
    "<td background=//evil>x</td>",
    "`<script>alert(1)</script>`", "```html\n<script>alert(1)</script>\n```",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>", "<IMG SRC=x OnErRoR=alert(1)>", "<svg/onload=alert(1)//",
    "<a/href=javascript:alert(1)>x",
]  # fmt: skip


def elements(html):
    """Every element inside the lesson's text, as a browser parses it beside other markup."""
    document = html5lib.parse(
        f"<main><div>{html}</div><p>after</p></main>", treebuilder="etree", namespaceHTMLElements=False
    )
    main = next(document.iter("main"))
    assert [child.tag for child in main] == ["div", "p"], "nothing breaks out of its place"
    return list(main[0].iter())[1:]


def safe(html):
    for element in elements(html):
        assert element.tag in TAGS
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES.get(element.tag, set()) | ({"rel"} if element.tag == "a" else set())
            if name == "href":
                assert (
                    value.split(":")[0].lower() in ("http", "https", "mailto", "tel")
                    or value[:1] in "/#"
                    or ":" not in value
                )
            if name == "src":
                assert markdown.OUR_MEDIA.fullmatch(value)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("frame", ["{}", "before {} after", "> {}", "* {}", "<p>{}", "| a |\n|---|\n| {} |"])
def test_a_lesson_can_run_nothing_and_call_nobody(payload, frame):
    safe(markdown.render(frame.format(payload), {}).html)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nor_can_a_description(payload):
    safe(markdown.plain(payload))


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_nor_can_the_address_of_a_video(payload):
    for host in ("https://www.youtube.com/watch?v=abcdefghijk&x=", "https://media.example/"):
        body = markdown.render(f"{host}{payload.replace(' ', '')}\n", {}, "media.example")
        safe(body.html)
        for video in body.videos:
            assert video.src.startswith((*markdown.FRAME_HOSTS, "https://media.example/"))
            assert not set(video.src) & set("<>\"' ")


def test_text_keeps_its_shape():
    html = markdown.render(
        "# Title\n\nSome *soft* and **strong** text.\n\n1. one\n2. two\n\n| a |\n|---|\n| b |\n", {}
    ).html
    assert [element.tag for element in elements(html)][:4] == ["h2", "p", "em", "strong"]
    assert {"ol", "li", "table", "td"} <= {element.tag for element in elements(html)}
    assert "<h1" not in html


def test_links_tell_the_other_site_nothing():
    (link,) = [
        element for element in elements(markdown.render("[x](https://example.com)", {}).html) if element.tag == "a"
    ]
    assert link.get("rel") == "noopener noreferrer"


def test_a_picture_is_served_by_us_once_it_was_fetched():
    url = "https://example.com/bee.png"
    text = f"![A bee]({url})"
    assert markdown.remote_pictures(text) == [url]
    assert "<em>[A bee]</em>" in markdown.render(text, {}).html
    assert f'src="{MEDIA}"' in markdown.render(text, {url: {"path": MEDIA.removeprefix("/media/")}}).html


@pytest.mark.parametrize(
    "text",
    [
        "<img src='https://a.example/x.png'>",
        '<IMG alt=x SRC="https://a.example/x.png">',
        "![](https://a.example/x.png)",
    ],
)
def test_pictures_elsewhere_are_found(text):
    assert markdown.remote_pictures(text) == ["https://a.example/x.png"]


@pytest.mark.parametrize(
    ("address", "src"),
    [("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
     ("https://www.youtube.com/watch?t=1&v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
     ("https://youtu.be/dQw4w9WgXcQ?si=x", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
     ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
     ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
     ("https://player.vimeo.com/video/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
     ("https://acme.wistia.com/medias/e4a27b971d", "https://fast.wistia.net/embed/iframe/e4a27b971d"),
     ("https://www.loom.com/share/0123456789abcdef0123456789abcdef",
      "https://www.loom.com/embed/0123456789abcdef0123456789abcdef"),
     ("https://media.example/film/1", "https://media.example/film/1")],
)  # fmt: skip
@pytest.mark.parametrize("form", ["{}\n", '<iframe src="{}" allow=x></iframe>'])
def test_a_video_gets_a_player_from_its_hosts_quiet_address(address, src, form):
    body = markdown.render("Look:\n\n" + form.format(address) + "\n\nDone.", {}, "media.example")
    assert [video.src for video in body.videos] == [src]
    assert "Look:" in body.html
    assert "Done." in body.html
    assert "iframe" not in body.html


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/?x=youtube.com/embed/dQw4w9WgXcQ", "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
     "https://notyoutube.com/watch?v=dQw4w9WgXcQ", "https://evil.example/vimeo.com/76979871",
     "https://media.example.evil/film",
     "https://www.youtube.com/@channel", "javascript:youtube.com/embed/dQw4w9WgXcQ"],
)  # fmt: skip
def test_other_addresses_get_no_player(address):
    assert markdown.render(f"{address}\n", {}, "media.example").videos == ()
    assert markdown.render(f'<iframe src="{address}"></iframe>', {}, "media.example").videos == ()


def test_an_address_inside_a_sentence_stays_a_sentence():
    assert markdown.render("See https://vimeo.com/76979871 for more.", {}).videos == ()


@pytest.mark.parametrize(
    "text", ["<b>" * 6000, "<" * 6000 + "x", "> " * 3000, "[" * 3000, "*" * 5000 + "a", "<iframe " * 6000]
)
def test_a_monstrous_text_is_shown_plainly_and_does_no_harm(text):
    safe_tags = {element.tag for element in elements(markdown.render(text, {}).html)}
    assert safe_tags <= TAGS


@pytest.mark.parametrize(
    "text", ["<iframe " * 60_000, "<iframe " + "src=x " * 60_000, "<img " * 60_000, "![" * 60_000 + "x"]
)
def test_a_text_full_of_beginnings_is_searched_in_one_go(text):
    """These took the square of their length: minutes for what a webhook may hold."""
    assert markdown.remote_pictures(text) == []
    assert markdown.IFRAME.sub("", text) == text
