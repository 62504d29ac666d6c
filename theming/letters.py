"""The text of a mail as a page shows it, and what became of it."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from tables.mail import BLANK
from theming.center import Center
from theming.words import _

LINK = re.compile(r"https?://[^\s<>\"']+")


def letter(text: str, center: Center) -> Markup:
    """Paragraphs of plain text; an address becomes a link only when it leads into this very center."""
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", text.replace("\r", "")) if part.strip()]
    return Markup("\n").join(
        Markup("<p>{}</p>").format(Markup("<br>\n").join(linked(line, center) for line in part.split("\n")))
        for part in paragraphs
    )


def linked(line: str, center: Center) -> Markup:
    """A line with the addresses of this center as links, and everything else as text."""
    pieces, end = [], 0
    for found in LINK.finditer(line):
        pieces += [escape(line[end : found.start()]), address(found[0], center)]
        end = found.end()
    return Markup("").join([*pieces, escape(line[end:])])


def address(url: str, center: Center) -> Markup:
    home = center.link("")
    own = url == home or url.startswith((f"{home}/", f"{home}?"))
    return Markup('<a href="{0}">{0}</a>').format(url) if own and BLANK not in url else escape(url)


def fate(state: str) -> dict[str, Any] | None:
    """What became of a message, as a chip; nothing for one that was simply sent."""
    return {
        "queued": {"label": _("On its way"), "tone": "info"},
        "failed": {"label": _("Could not be delivered"), "tone": "bad"},
        "expired": {"label": _("Not sent, because it had come too late"), "tone": "info"},
    }.get(state)
