"""What a center would look like: its pages and a mail drawn small, as a part of the theme page, in the vendor's words."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from markupsafe import Markup

from tables.vendor import Vendor
from theming import words
from theming.center import center_of, mail_colors
from theming.environment import environment, theme_tokens
from theming.tokens import DEFAULTS, NOTHING, preview_sheet

PARTIAL = "partials/console/theme/_preview.html"


def preview(vendor: Vendor, tokens: Mapping[str, str]) -> Markup:
    """The screens, for the sheet of `preview_css` to paint."""
    center, look = center_of(vendor), DEFAULTS | theme_tokens(vendor.theme) | dict(tokens)
    schemes = ["light", "dark"] if look["scheme"] == "auto" else [look["scheme"]]
    with words.speaking(center.locale, center.words):
        html = environment(None).get_template(PARTIAL).render(
            center=center, header=look["header"], schemes=schemes, dir=words.direction(center.locale),
            lang=center.locale.replace("_", "-"),
        )  # fmt: skip
    return Markup(html)  # noqa: S704 - our own template, which has escaped what it was given


def preview_css(tokens: Mapping[str, str], base: Mapping[str, str] = NOTHING) -> str:
    mail = mail_colors(DEFAULTS | dict(base) | dict(tokens))
    return preview_sheet(tokens, base) + f".preview{{--m-accent:{mail['accent']};--m-accent-fg:{mail['accent_fg']}}}\n"


def query_for(tokens: Mapping[str, str]) -> str:
    """The tokens as the address of their sheet has them."""
    return urlencode(sorted(tokens.items()))
