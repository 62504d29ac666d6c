"""Small charts, drawn here as SVG: shapes and classes only, since no page of ours takes an inline style.

A chart says nothing to a text browser or a screen reader; the words beside it do (`figures_words`).
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT = 300, 60
GAP = 2
LEAST = 1.5
"""So much of a column is always seen: one is more than none, and none still has its place on the line."""


def columns(counts: Sequence[int]) -> Markup:
    """A column for each count, from left to right, the highest as high as the drawing."""
    step, highest = WIDTH / max(len(counts), 1), max(*counts, 1, 1)
    drawn = [column(place * step, step - GAP, count / highest, bool(count)) for place, count in enumerate(counts)]
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
    ).format(WIDTH, HEIGHT, Markup("").join(drawn))


def column(left: float, width: float, share: float, some: bool) -> Markup:
    height = LEAST + share * (HEIGHT - LEAST)
    return Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
        "some" if some else "none", left, HEIGHT - height, width, height
    )
