"""Filters of a list as links: each keeps what the others say, and none lets more than one value through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from theming.words import _
from web.console import desk
from web.requests import center_of, query_of

LONGEST = 254
LARGEST = 9


def filtered(request: Any, path: str, *names: str, **instead: str) -> str:
    """A page's path below the vendor with these filters as they are now, or as `instead` has them."""
    asked = query_of(request)
    kept = {name: instead.get(name, asked.get(name, ""))[:LONGEST] for name in names}
    query = urlencode({name: value for name, value in kept.items() if value})
    return desk(request, path) + (f"?{query}" if query else "")


def choices(request: Any, path: str, name: str, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """The links of one filter, the first for all; the others stay as they are. A search ends with it."""
    now, center = query_of(request).get(name, ""), center_of(request)
    return [
        {"label": label, "href": center.url(filtered(request, path, "state", "topic", **{name: value})),
         "current": (now if now in known else "") == value}
        for value, label in {"": _("All"), **known}.items()
    ]  # fmt: skip


def number_of(request: Any, name: str) -> int:
    """A small number in the address; anything else is none."""
    text = query_of(request).get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LARGEST else 0
