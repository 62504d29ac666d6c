"""Operators' themes: made, filled with copies of our templates, and checked against what ours are today.

A copy is kept twice: `templates/` is the theme's own to change, `stock/` remembers what ours was then, so that what
changed upstream can be shown without asking any history.
"""

from __future__ import annotations

import difflib
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateError, meta
from jinja2.runtime import Macro

from theming import environment as places
from theming.samples import SAMPLE, Nothing, Sample, Sampled, Something
from theming.tokens import checked

NAME = re.compile(r"[a-z][a-z0-9-]{0,38}")
SLOT = re.compile(r"\bslots?(?:_text)?\('(\w+)'")
TOML = 'name = "{title}"\ndescription = ""\nstylesheets = []\n'
KNOWN = frozenset({"center", "person", "url", "static", "csrf", "lang", "dir", "scripts", "title", "mail"})
"""What every template knows, whatever its first comment says."""


class Finding(NamedTuple):
    """Something about one file: `broken` keeps it from working, `notice` may be meant so, `changed` is ours that moved on."""

    kind: str
    path: str
    text: str


def folder(name: str) -> Path:
    """The folder of a theme; raises ValueError where there is none."""
    found = places.THEMES / name
    if not NAME.fullmatch(name) or not (found / "theme.toml").is_file():
        raise ValueError(f"there is no theme {name!r} in themes/")
    return found


def begin(name: str) -> Path:
    """Make the folder of a new theme; raises ValueError for a name that is taken or cannot be one."""
    if not NAME.fullmatch(name):
        raise ValueError("a theme's name is 1 to 39 of a-z, 0-9 and hyphens, and begins with a letter")
    new = places.THEMES / name
    if new.exists():
        raise ValueError(f"there is a theme {name!r} already")
    for part in ("templates", "static", "stock"):
        (new / part).mkdir(parents=True)
    (new / "theme.toml").write_text(TOML.format(title=name.replace("-", " ").title()))
    return new


def copy(name: str, path: str) -> Path:
    """Copy one of our templates into a theme, and remember what it was; raises ValueError."""
    own, ours = folder(name) / "templates" / path, stock(path)
    if own.exists():
        raise ValueError(f"{name} has {path} already")
    own.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(ours, own)
    remember(name, path)
    return own


def stock(path: str) -> Path:
    """Our own file at a path below templates/; raises ValueError where there is none, also outside of it."""
    ours = (places.TEMPLATES / path).resolve()
    if not ours.is_file() or not ours.is_relative_to(places.TEMPLATES):
        raise ValueError(f"templates/{path} does not exist")
    return ours


def remember(name: str, path: str) -> None:
    """Take what our template is today as what the theme's file has been made for."""
    kept = folder(name) / "stock" / path
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(stock(path), kept)


def files(name: str) -> list[str]:
    """The templates of a theme, by their paths below templates/."""
    root = folder(name) / "templates"
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def check(name: str) -> list[Finding]:
    """Everything there is to say about a theme; nothing when all is well."""
    found = list(settings_of(name))
    for path in files(name):
        if not (places.TEMPLATES / path).is_file():
            found.append(Finding("broken", path, "takes the place of nothing: we have no template of this name"))
            continue
        problems = list(rendering(name, path))
        found += problems or list(contents(name, path))
        found += upstream(name, path)
    return found


def settings_of(name: str) -> Iterator[Finding]:
    """What is wrong with theme.toml."""
    root = folder(name)
    try:
        said = tomllib.loads((root / "theme.toml").read_text())
        checked(said.get("tokens", {}))
    except (tomllib.TOMLDecodeError, ValueError) as error:
        yield Finding("broken", "theme.toml", str(error))
        return
    for sheet in said.get("stylesheets", []):
        if not (root / "static" / sheet).is_file():
            yield Finding("broken", "theme.toml", f"names the style sheet {sheet}, which is not in static/")


def rendering(name: str, path: str) -> Iterator[Finding]:
    """Whether a template parses and renders, once with everything there and once with nothing."""
    for sample in (Something(), Nothing()):
        try:
            render(name, path, sample)
        except TemplateError as error:
            if str(error.message).endswith(f"no element {SAMPLE}"):
                continue  # a table of the template's own, asked for something that only real data name
            line = getattr(error, "lineno", None)
            yield Finding("broken", path, f"line {line}: {error.message}" if line else str(error.message))
            return
        except Exception as error:
            yield Finding("broken", path, f"cannot be rendered with sample data: {type(error).__name__}: {error}")
            return


def render(name: str, path: str, sample: Sample) -> None:
    env = places.made(name)
    env.context_class = type("Sampled", (Sampled,), {"sample": sample})
    template = env.get_template(path)
    context = {"base": "layouts/page.html", "partial": "partials/shared/brand.html", "lang": "en", "dir": "ltr"}
    template.render(context)
    for macro in vars(template.make_module(context)).values():
        if isinstance(macro, Macro):
            macro(*(sample for _ in macro.arguments), **({"caller": lambda *_a: ""} if macro.caller else {}))


def contents(name: str, path: str) -> Iterator[Finding]:
    """What a theme's file has that ours has not, and the other way round."""
    own, ours = (root.read_text() for root in (folder(name) / "templates" / path, stock(path)))
    inherits = f'"default:{path}"' in own or f"'default:{path}'" in own
    for slot in dict.fromkeys(SLOT.findall(ours)):
        if slot not in SLOT.findall(own) and not inherits:
            yield Finding("notice", path, f"leaves no place for the slot {slot}, which vendors may write")
    env = places.made(name)
    names = meta.find_undeclared_variables(env.parse(own)) - meta.find_undeclared_variables(env.parse(ours))
    comment = re.match(r"\{#(.*?)#\}", ours, re.DOTALL)
    said = set(re.findall(r"\w+", comment[1])) if comment else set()
    for variable in sorted(names - said - KNOWN - set(env.globals)):
        yield Finding("notice", path, f"uses {variable}, which ours does not: is it given there?")


def upstream(name: str, path: str) -> Iterator[Finding]:
    """How ours differs from what it was when the theme's file was made from it."""
    before = folder(name) / "stock" / path
    if not before.is_file():
        yield Finding("notice", path, "was not copied by `litestar theme copy`, so what changed since is not known")
        return
    lines = difflib.unified_diff(
        before.read_text().splitlines(), stock(path).read_text().splitlines(), "when it was copied", "now", lineterm=""
    )
    if text := "\n".join(lines):
        yield Finding("changed", path, text)
