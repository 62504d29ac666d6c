"""Colours that can be read, whatever a vendor picks (WCAG 2.2: 1.4.3 text 4.5:1, 1.4.11 control edges 3:1)."""

from __future__ import annotations

import re
from functools import cache

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT = 4.5
EDGE = 3.0
STEPS = 64
RGB = tuple[int, int, int]


def parse(color: str) -> RGB:
    """`#rrggbb` as three numbers; raises ValueError for anything else, so nothing but a colour reaches the sheet."""
    if not HEX.fullmatch(color):
        raise ValueError(f"{color!r} is not a colour like #a8540a")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def to_hex(rgb: RGB) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@cache
def linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(rgb: RGB) -> float:
    return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])


def contrast(one: RGB, other: RGB) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`share` of the one, the rest of the other."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def on(background: RGB) -> RGB:
    """White where it can be read, else the better of black and white; the better one never falls below 4.58."""
    if contrast(WHITE, background) >= TEXT:
        return WHITE
    return max(BLACK, WHITE, key=lambda color: contrast(color, background))


def readable(color: RGB, backgrounds: tuple[RGB, ...], ratio: float = TEXT) -> RGB:
    """The colour, moved towards black or white only as far as it takes to reach the ratio on every background."""
    if all(contrast(color, background) >= ratio for background in backgrounds):
        return color
    end = max(BLACK, WHITE, key=lambda pole: min(contrast(pole, background) for background in backgrounds))
    for step in range(1, STEPS + 1):
        moved = mix(end, color, step / STEPS)
        if all(contrast(moved, background) >= ratio for background in backgrounds):
            return moved
    return end
