"""The Jinja environments: an operator theme's templates first, then ours; `default:` always reads ours."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.runtime import Context
from markupsafe import Markup

from settings import ROOT, settings
from theming import assets, words
from theming.own_words import Own
from theming.partials import kept

TEMPLATES = ROOT / "templates"
THEMES = ROOT / "themes"


@cache
def environment(theme: str | None) -> Environment:
    """The environment of an operator theme, or of none."""
    return made(theme)


def made(theme: str | None) -> Environment:
    ours = FileSystemLoader(TEMPLATES)
    loaders: list[BaseLoader] = [ours, PrefixLoader({"default": FileSystemLoader(TEMPLATES)}, delimiter=":")]
    if theme:
        loaders.insert(0, FileSystemLoader(THEMES / theme / "templates"))
    env = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=lambda name: name is None or name.endswith(".html"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=not settings.production,
        cache_size=-1,
    )
    env.newstyle_gettext = True  # type: ignore[attr-defined]
    env.globals |= {"_": said, "gettext": said, "ngettext": said_of_number}
    env.globals["static"] = assets.static
    env.globals.update(slot=kept.slot, slots=kept.slots, slot_text=kept.slot_text)
    return env


@pass_context
def said(context: Context, message: str, /, **values: Any) -> str:
    """A message of a template, with `%(name)s` filled in."""
    return fill(context, words.gettext(message), values)


@pass_context
def said_of_number(context: Context, singular: str, plural: str, count: int, /, **values: Any) -> str:
    """A message that depends on a number, which fills `%(num)s`."""
    return fill(context, words.ngettext(singular, plural, count), {"num": count, **values})


def fill(context: Context, text: str, values: dict[str, Any]) -> str:
    """Our own words are trusted, as the templates they stand in are; a vendor's are escaped where the page is."""
    if isinstance(text, Own):
        return (text.markup if context.eval_ctx.autoescape else text.template) % values
    return (Markup(text) if context.eval_ctx.autoescape else text) % values  # noqa: S704


def drawn_by_theme(theme: str | None, template: str, slot: str) -> bool:
    """Whether a theme's own file stands for a template and has no place for what a vendor writes there."""
    file = THEMES / theme / "templates" / template if theme else None
    if file is None or not file.is_file():
        return False
    return not re.search(rf"\bslots?(_text)?\('{slot}'|[\"']default:{re.escape(template)}[\"']", file.read_text())


def themes() -> list[str]:
    """The operator themes that are there."""
    return sorted(path.parent.name for path in THEMES.glob("*/theme.toml"))


@cache
def theme_file(theme: str) -> dict[str, Any]:
    return tomllib.loads(Path(THEMES / theme / "theme.toml").read_text())


def theme_tokens(theme: str | None) -> dict[str, str]:
    """What an operator theme's own colours are, so that a vendor's are made to fit them."""
    return dict(theme_file(theme).get("tokens", {})) if theme else {}


def theme_sheets(theme: str | None) -> list[str]:
    """Addresses of an operator theme's own style sheets, in its order."""
    if not theme:
        return []
    return [assets.static(f"themes/{theme}/{name}") for name in theme_file(theme).get("stylesheets", [])]
