"""The words of a cleaned partial for the text part of a mail: so that the two parts of a mail cannot differ."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BLOCKS = frozenset(
    "article aside blockquote dd div dl dt figcaption figure h2 h3 h4 h5 h6 hr li ol p section ul".split()
)
SPACES = re.compile(r"[ \t\n\r\f]+")


class Reader(HTMLParser):
    """Writes paragraphs, list entries, and each link's address behind its words."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.pieces.append("\n" if tag in ("li", "dt", "dd") else "\n\n")
        if tag == "li":
            self.pieces.append("* ")
        elif tag == "br":
            self.pieces.append("\n")
        elif tag == "a":
            self.href = dict(attrs).get("href")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.pieces.append("\n" if tag in ("li", "dt", "dd") else "\n\n")
        elif tag == "a" and self.href:
            self.pieces.append(f" ({self.href.removeprefix('mailto:')})")
            self.href = None

    def handle_data(self, data: str) -> None:
        self.pieces.append(SPACES.sub(" ", data))


def as_text(html: str) -> str:
    """Plain text with a blank line between paragraphs."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
