"""What becomes of a vendor's colours so that everybody can read the center, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from theming.colors import RGB, contrast, parse, to_hex
from theming.tokens import DEFAULTS, NOTHING, schemes
from theming.words import _


class Moved(NamedTuple):
    """A colour that fell short on its ground, and what is used instead."""

    scheme: str
    part: str
    wanted: str
    used: str
    ratio: float


def said(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> list[str]:
    """The contrast of the accent, and a sentence for every colour that had to be moved."""
    return [accent_line(tokens, base), *(sentence(one) for one in moved(tokens, base))]


def accent_line(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> str:
    light = schemes(tokens, base)["light"]
    return _("Text on the accent colour: %(ratio)s to 1.", ratio=f"{contrast(light['accent-fg'], light['accent']):.1f}")


def moved(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> list[Moved]:
    """What differs from what was asked for; of two schemes that are the same one is told."""
    look = DEFAULTS | dict(base) | dict(tokens)
    both = schemes(tokens, base)
    found = moves("light", both["light"], {"fg": look["fg"], "accent": look["accent"], "link": look["accent"]})
    if both["dark"] is not both["light"]:
        accent = look.get("accent_dark", look["accent"])
        found += moves("dark", both["dark"], {"accent": accent, "link": accent})
    return found


def moves(scheme: str, colors: Mapping[str, RGB], wanted: Mapping[str, str]) -> list[Moved]:
    return [
        Moved(scheme, part, color, to_hex(colors[part]), contrast(colors[part], colors["bg"]))
        for part, color in wanted.items() if colors[part] != parse(color)
    ]  # fmt: skip


def sentence(one: Moved) -> str:
    """What is used instead, so that it can be read."""
    dark = one.scheme == "dark"
    text = {
        "fg": _("Text uses %(used)s instead of %(wanted)s, so that it can be read"),
        "accent": _("On dark ground buttons use %(used)s instead of %(wanted)s, so that their edges can be seen")
        if dark else _("Buttons use %(used)s instead of %(wanted)s, so that their edges can be seen"),
        "link": _("On dark ground links use %(used)s instead of %(wanted)s, so that they can be read")
        if dark else _("Links use %(used)s instead of %(wanted)s, so that they can be read"),
    }[one.part]  # fmt: skip
    return text % {"used": one.used, "wanted": one.wanted} + f" ({one.ratio:.1f}:1)."
