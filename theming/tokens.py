"""A vendor's tokens, and the style sheet they become."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache

from theming.colors import BLACK, EDGE, RGB, TEXT, WHITE, contrast, luminance, mix, on, parse, readable, to_hex

FONTS = {
    "system": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
    "serif": 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif',
    "rounded": 'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, "Arial Rounded MT Bold", sans-serif',
    "mono": 'ui-monospace, "Cascadia Code", "Source Code Pro", Menlo, Consolas, monospace',
}
RADII = {"none": "0", "small": ".4rem", "large": "1rem"}
SPACES = {
    "compact": (".375rem", ".75rem", "1.125rem", "2.25rem"), "normal": (".5rem", "1rem", "1.5rem", "3rem"),
    "airy": (".625rem", "1.25rem", "2rem", "4rem"),
}  # fmt: skip
CHOICES = {
    "radius": tuple(RADII), "density": tuple(SPACES), "font_body": tuple(FONTS), "font_head": tuple(FONTS),
    "scheme": ("auto", "light", "dark"), "header": ("left", "center"),
}  # fmt: skip
COLORS = ("accent", "accent_dark", "bg", "fg")
DEFAULTS = {
    "accent": "#3a45c4", "bg": "#f7f7f5", "fg": "#1a1c20", "radius": "small", "density": "normal", "font_body": "system",
    "font_head": "system", "scheme": "auto", "header": "left",
}  # fmt: skip
NIGHT, NIGHT_TEXT = parse("#121316"), parse("#ededea")
TONES = {
    False: {"good": "#14673a", "warn": "#7c4a03", "bad": "#a81f1f"},
    True: {"good": "#85d8a5", "warn": "#f0c674", "bad": "#ffaaa3"},
}
NOTHING: Mapping[str, str] = {}
LIFTS = (0.05, 0.03, 0.01, 0.0)
TINTS = (0.13, 0.08, 0.04, 0.0)
DARK_BELOW = 0.18


def checked(tokens: Mapping[str, str]) -> dict[str, str]:
    """Known tokens with a usable value; raises ValueError that names the token and what it may be."""
    for name, value in tokens.items():
        if name in COLORS:
            parse(value)
        elif name not in CHOICES:
            raise ValueError(f"unknown token {name!r}; there are {', '.join((*COLORS, *CHOICES))}")
        elif value not in CHOICES[name]:
            raise ValueError(f"{name} is {value!r}; it must be one of {', '.join(CHOICES[name])}")
    return dict(tokens)


def usable(tokens: Mapping[str, str]) -> dict[str, str]:
    """Those of stored tokens that would be taken today: whatever else a row holds is as if it were not there."""
    kept: dict[str, str] = {}
    for name, value in tokens.items():
        try:
            kept |= checked({name: value})
        except (ValueError, TypeError):
            continue
    return kept


def palette(accent: RGB, bg: RGB, fg: RGB) -> dict[str, RGB]:
    """Every colour of one scheme; text on any of its grounds reaches 4.5:1 and control edges 3:1."""
    dark = luminance(bg) < DARK_BELOW
    surface = lifted(bg) if dark else mix(WHITE, bg, 0.72)
    grounds = (bg, surface)
    fg = readable(fg, grounds, 7)
    colors = {
        "bg": bg, "surface": surface, "fg": fg,
        "muted": readable(mix(fg, bg, 0.66), grounds),
        "line": mix(fg, bg, 0.14),
        "control": readable(mix(fg, bg, 0.5), grounds, EDGE),
        "accent": readable(accent, grounds, EDGE),
        "link": readable(accent, grounds),
    }  # fmt: skip
    colors["accent-fg"] = on(colors["accent"])
    for name, value in TONES[dark].items():
        colors[name], colors[f"{name}-bg"] = toned(parse(value), grounds)
    return colors


def lifted(bg: RGB) -> RGB:
    """A surface a little lighter than a dark ground, as far as white can still be read on it."""
    return next(surface for share in LIFTS if contrast(WHITE, surface := mix(WHITE, bg, share)) >= TEXT)


def toned(tone: RGB, grounds: tuple[RGB, RGB]) -> tuple[RGB, RGB]:
    """A tone's words and the tint behind them; on a middling ground the tint gives way until they can be read."""
    for share in TINTS:
        tint = mix(tone, grounds[1], share)
        color = readable(tone, (*grounds, tint))
        if min(contrast(color, ground) for ground in (*grounds, tint)) >= TEXT:
            break
    return color, tint


def schemes(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> dict[str, dict[str, RGB]]:
    """The light and the dark palette of a vendor; a vendor whose own ground is dark has that one twice."""
    look = DEFAULTS | dict(base) | checked(tokens)
    accent, bg, fg = parse(look["accent"]), parse(look["bg"]), parse(look["fg"])
    light = palette(accent, bg, fg)
    if luminance(bg) < DARK_BELOW:
        return {"light": light, "dark": light}
    night = mix(bg, NIGHT, 0.02)
    return {"light": light, "dark": palette(parse(look.get("accent_dark", look["accent"])), night, NIGHT_TEXT)}


def block(colors: Mapping[str, RGB]) -> str:
    return "".join(f"--c-{name}:{to_hex(color)};" for name, color in colors.items())


def style_sheet(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> str:
    """A vendor's `theme.css`: only custom properties, each from an allowed list, never a vendor's own text.

    It comes after the operator theme's sheet and says only what the vendor has chosen; `base` is what the colours of
    that theme (`[tokens]` in its theme.toml) are, where the vendor has chosen none.
    """
    look = dict(base) | checked(tokens)
    shapes = {"radius": ("radius", RADII), "font_body": ("font", FONTS), "font_head": ("font-head", FONTS)}
    shape = "".join(
        f"--{name}:{choices[tokens[token]]};" for token, (name, choices) in shapes.items() if token in tokens
    )
    if "density" in tokens:
        shape += "".join(f"--s{place}:{space};" for place, space in enumerate(SPACES[tokens["density"]], 1))
    scheme = look.get("scheme", "auto")
    if not any(color in tokens for color in COLORS) and scheme == "auto":
        return f":root{{{shape}}}\n" if shape else ""
    colors = schemes(tokens, base)
    if scheme != "auto":
        return f":root{{color-scheme:{scheme};{block(colors[scheme])}{shape}}}\n"
    paper = palette(parse((DEFAULTS | look)["accent"]), WHITE, BLACK)
    return (
        f":root{{{block(colors['light'])}{shape}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{block(colors['dark'])}}}}}\n"
        f"@media print{{:root{{{block(paper)}}}}}\n"
    )


def preview_sheet(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> str:
    """Both schemes side by side: the custom properties on `.preview .light` and `.preview .dark`, and nothing else."""
    look = DEFAULTS | dict(base) | checked(tokens)
    shape = (
        f"--radius:{RADII[look['radius']]};--font:{FONTS[look['font_body']]};--font-head:{FONTS[look['font_head']]};"
        + "".join(f"--s{place}:{space};" for place, space in enumerate(SPACES[look["density"]], 1))
    )
    return "".join(
        f".preview .{name}{{color-scheme:{name};{block(colors)}{shape}}}\n"
        for name, colors in schemes(tokens, base).items()
    )


Pairs = tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def published(tokens: Pairs, base: Pairs = ()) -> tuple[str, str]:
    """The sheet with the hash that names it, so that it can be cached for ever."""
    css = style_sheet(dict(tokens), dict(base))
    return css, hashlib.sha256(css.encode()).hexdigest()[:12]


@lru_cache(maxsize=512)
def paper_sheet(tokens: Pairs) -> str:
    """The custom properties for a PDF: the vendor's accent and fonts on white paper, whatever their screen looks like."""
    look = DEFAULTS | dict(tokens)
    paper = palette(parse(look["accent"]), WHITE, BLACK)
    spaces = "".join(f"--s{place}:{space};" for place, space in enumerate(SPACES[look["density"]], 1))
    return (
        f":root{{{block(paper)}{spaces}--radius:{RADII[look['radius']]};--font:{FONTS[look['font_body']]};"
        f"--font-head:{FONTS[look['font_head']]};}}html{{font:10pt/1.45 var(--font);color:var(--c-fg);}}body{{margin:0;}}"
    )
