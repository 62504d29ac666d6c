"""A lesson's text: Markdown (or the HTML that ClickFunnels sends) to safe HTML, its videos and its pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = frozenset(
    "a abbr b blockquote br caption code dd del dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol "
    "p pre q s samp small span strong sub sup table tbody td th thead tfoot tr u ul".split()
)
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"},
    "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"},
}  # fmt: skip
MANY_TAGS = 5_000
"""nh3's work grows with the square of the nesting: a body with more tags than this is shown as plain text."""

ADDRESS_LINE = re.compile(r"^[ \t]*<?(https?://[^\s<>\"']+)>?[ \t]*$", re.MULTILINE)
# Every stretch has an end, or a text full of beginnings would take the square of its length to read.
IFRAME = re.compile(
    r"<iframe\b[^<>]{0,500}?\bsrc\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,1000})[^<>]{0,1000}>(?:\s{0,99}</iframe>)?",
    re.IGNORECASE,
)
HEADING_ONE = re.compile(r"(</?)h1\b", re.IGNORECASE)
LONELY_IMAGE = re.compile(r"<img(?![^>]*\bsrc=)[^>]*>")
OUR_MEDIA = re.compile(r"/media/[0-9a-f]{64}\.(?:webp|png)")
PICTURE = re.compile(
    r"!\[[^\]]{0,500}\]\(<?(https?://[^)\s>]{1,1000})"
    r"|<img\b[^<>]{0,1000}?\bsrc\s{0,9}=\s{0,9}[\"']?(https?://[^\"'\s>]{1,1000})",
    re.IGNORECASE,
)

HOSTS = {
    "YouTube": (re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/)|youtu\.be/)([\w-]{6,20})"),
                "https://www.youtube-nocookie.com/embed/{}"),
    "Vimeo": (re.compile(r"vimeo\.com/(?:video/)?(\d{5,12})"), "https://player.vimeo.com/video/{}?dnt=1"),
    "Wistia": (re.compile(r"wistia\.(?:com|net)/(?:medias|embed/iframe|embed/medias)/(\w{6,20})"),
               "https://fast.wistia.net/embed/iframe/{}"),
    "Loom": (re.compile(r"loom\.com/(?:share|embed)/(\w{20,40})"), "https://www.loom.com/embed/{}"),
}  # fmt: skip
WATCH = {
    "YouTube": "https://www.youtube.com/watch?v={}", "Vimeo": "https://vimeo.com/{}",
    "Wistia": "https://fast.wistia.net/embed/iframe/{}", "Loom": "https://www.loom.com/share/{}",
}  # fmt: skip
FRAME_HOSTS = (
    "https://www.youtube-nocookie.com", "https://player.vimeo.com", "https://fast.wistia.net", "https://www.loom.com",
)  # fmt: skip
FAMILIES = ("youtube.com", "youtube-nocookie.com", "youtu.be", "vimeo.com", "wistia.com", "wistia.net", "loom.com")

parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Video(NamedTuple):
    """A film shown in a frame, with the address to watch it at beneath."""

    kind: str
    src: str
    title: str
    href: str
    provider: str


class Body(NamedTuple):
    html: Markup
    videos: tuple[Video, ...]


def render(text: str, pictures: Mapping[str, Mapping[str, Any]], media_host: str | None = None) -> Body:
    """Safe HTML of a lesson, and its videos; `pictures` maps the fetched remote pictures to what we serve."""
    found = tuple(sorted((url, f"/media/{picture['path']}") for url, picture in pictures.items()))
    return rendered(text, found, media_host)


def with_film(body: Body, address: str | None, media_host: str | None) -> Body:
    """The same with the film that belongs to the lesson before all others; one that we cannot show is a link."""
    if not address or not ADDRESS_LINE.fullmatch(address):
        return body
    if video := video_at(address, media_host):
        return Body(body.html, (video, *body.videos))
    link = Markup('<p><a href="{0}" rel="noopener noreferrer">{0}</a></p>').format(address)
    return Body(link + body.html, body.videos)


@lru_cache(maxsize=256)
def rendered(text: str, pictures: tuple[tuple[str, str], ...], media_host: str | None) -> Body:
    videos: list[Video] = []

    def take(match: re.Match[str]) -> str:
        video = video_at(match[1], media_host)
        if video is None:
            return match[0]
        videos.append(video)
        return ""

    text = ADDRESS_LINE.sub(take, IFRAME.sub(take, text))
    if text.count("<") > MANY_TAGS:
        return Body(Markup("<pre>{}</pre>").format(text), tuple(videos))
    return Body(clean(HEADING_ONE.sub(r"\1h2", parser.render(text)), dict(pictures)), tuple(videos))


def clean(html: str, pictures: Mapping[str, str]) -> Markup:
    """Only what text needs: no script, style, form, frame, id or class, and pictures from our own host alone."""

    def filtered(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) != ("img", "src"):
            return value
        return value if OUR_MEDIA.fullmatch(value) else pictures.get(value)

    safe = nh3.clean(
        html, tags=set(TAGS), attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=filtered, url_schemes={"https", "http", "mailto", "tel"}, link_rel="noopener noreferrer",
    )  # fmt: skip
    return Markup(LONELY_IMAGE.sub(waiting_picture, safe))  # noqa: S704 - the sanitiser's own output


def waiting_picture(match: re.Match[str]) -> str:
    """A picture that has not been fetched (yet) leaves its description."""
    alt = re.search(r'\balt="([^"]*)"', match[0])
    return f"<em>[{alt[1]}]</em>" if alt and alt[1] else ""


def video_at(address: str, media_host: str | None) -> Video | None:
    """The player for an address on one of the few known hosts, or on the vendor's own media host."""
    try:
        parts = urlsplit(address.replace("&amp;", "&"))
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    if media_host and parts.hostname == media_host:
        return Video("frame", f"https://{media_host}{parts.path}", media_host, address, media_host)
    if not any(host == family or host.endswith(f".{family}") for family in FAMILIES):
        return None
    for provider, (pattern, embed) in HOSTS.items():
        if match := pattern.search(parts.geturl()):
            return Video("frame", embed.format(match[1]), provider, WATCH[provider].format(match[1]), provider)
    return None


def remote_pictures(text: str) -> list[str]:
    """The addresses of pictures elsewhere that a text shows, for the job that fetches them."""
    return list(dict.fromkeys(one or other for one, other in PICTURE.findall(text)))


def plain(text: str) -> Markup:
    """Short text such as a description: the same Markdown, without pictures and films."""
    return clean(parser.render(text), {}) if text.count("<") < MANY_TAGS else Markup(escape(text))  # noqa: S704
