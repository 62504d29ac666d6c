"""A rendered partial as HTML that can do nothing but be read: no script, form, frame, style, id or htmx attribute.

Links go to https, mailto, tel, or a page of this center; pictures only come from our own `/media`, so that no browser
sends a request anywhere else. Classes begin with `v-`; a few of them borrow a look of ours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from html.parser import HTMLParser

import nh3
from markupsafe import Markup

from theming.partials.limits import OUTPUT_ATTRIBUTES, OUTPUT_TAGS
from theming.partials.sandbox import Overflow

TAGS = frozenset(
    "a abbr article aside b bdi blockquote br cite code dd del div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins "
    "kbd li mark ol p q s section small span strong sub sup time u ul wbr".split()
)
ATTRIBUTES = {
    "*": {"class", "dir", "lang"}, "a": {"href", "title"}, "abbr": {"title"}, "img": {"src", "alt", "width", "height"},
    "time": {"datetime"}, "ol": {"start"},
}  # fmt: skip
GONE_WITH_CONTENT = frozenset("script style template noscript iframe object svg math select textarea title".split())

PAGE_LOOKS = {
    "v-brand": "brand", "v-lead": "lead", "v-muted": "muted", "v-kicker": "kicker", "v-button": "btn",
    "v-button-quiet": "btn quiet", "v-panel": "panel", "v-plain": "plain", "v-picture": "pic", "v-text": "card-text",
    "v-chip": "chip info", "v-chip-good": "chip good", "v-chip-warn": "chip warn", "v-chip-bad": "chip bad",
    "v-end": "end", "v-name": "name", "v-hidden": "vh",
}  # fmt: skip
MAIL_LOOKS = {"v-lead": "lead", "v-muted": "small", "v-button": "button"}
"""Classes of a vendor's that look like one of ours."""

CLASS = re.compile(r"v-[a-z0-9-]{1,38}")
OUTSIDE = re.compile(r"https://[^\s\\\"'<>@]{1,1900}|mailto:[^\s\\\"'<>]{1,500}|tel:[+0-9(). -]{1,40}", re.IGNORECASE)
INSIDE = re.compile(r"/(?![/\\])[^\s\\\"'<>]{0,1900}|#[\w-]{0,80}")
OUR_MEDIA = re.compile(r"/media/[0-9a-f]{64}\.(?:webp|png)")
SMALL_NUMBER = re.compile(r"\d{1,4}")
PATTERNS = {
    "dir": re.compile("ltr|rtl|auto"), "lang": re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}"),
    "width": SMALL_NUMBER, "height": SMALL_NUMBER, "start": SMALL_NUMBER, "src": OUR_MEDIA,
    "datetime": re.compile(r"[0-9T:.+Z-]{4,40}"),
}  # fmt: skip
NO_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


def cleaned(html: str, *, origin: str | None = None) -> Markup:
    """The safe part of a partial's output; raises Overflow for more markup than a page can take.

    With `origin` (scheme and host) it is for a mail: addresses of the center get it in front, and pictures go.
    """
    if html.count("<") > OUTPUT_TAGS or html.count("=") > OUTPUT_ATTRIBUTES:
        raise Overflow(f"more than {OUTPUT_TAGS} tags")
    mail = origin is not None
    safe = cleaner(mail).clean(html)
    if origin:
        safe = safe.replace(' href="/', f' href="{origin}/')
    return Markup(NO_SOURCE.sub("", safe))  # noqa: S704 - the sanitiser's own output


@cache
def cleaner(mail: bool) -> nh3.Cleaner:
    looks = MAIL_LOOKS if mail else PAGE_LOOKS
    return nh3.Cleaner(
        tags=set(TAGS) - ({"img"} if mail else set()), clean_content_tags=set(GONE_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()}, attribute_filter=filtered(looks),
        url_schemes={"https", "mailto", "tel"}, link_rel="noopener noreferrer",
        set_tag_attribute_values={} if mail else {"img": {"loading": "lazy"}},
    )  # fmt: skip


def filtered(looks: Mapping[str, str]) -> Callable[[str, str, str], str | None]:
    """What an attribute becomes; None takes it away."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "class":
            return classes(value, looks)
        if attribute == "href":
            href = value.strip()
            return href if INSIDE.fullmatch(href) or OUTSIDE.fullmatch(href) else None
        pattern = PATTERNS.get(attribute)
        return value if pattern is None or pattern.fullmatch(value) else None

    return keep


def classes(value: str, looks: Mapping[str, str]) -> str | None:
    own = [name for name in value.split()[:12] if CLASS.fullmatch(name)]
    return " ".join(dict.fromkeys([*own, *" ".join(looks.get(name, "") for name in own).split()])) or None


class Inventory(HTMLParser):
    """What a text has of tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found[f"<{tag}>"] = None
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if tag in TAGS and (name not in allowed or dropped(name, value or "")):
                self.found[name] = None


def dropped(name: str, value: str) -> bool:
    """Whether the value of an attribute is not what may stand there."""
    if name == "class":
        return any(not CLASS.fullmatch(one) for one in value.split())
    if name == "href":
        return not (INSIDE.fullmatch(value.strip()) or OUTSIDE.fullmatch(value.strip()))
    return name in PATTERNS and not PATTERNS[name].fullmatch(value)


def left_out(html: str) -> list[str]:
    """The tags and attributes that cleaning takes away, for the author to see; at most a dozen."""
    inventory = Inventory()
    inventory.feed(html)
    return [name[:40] for name in inventory.found][:12]
