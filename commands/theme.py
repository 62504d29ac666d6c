"""`litestar theme …`: make a theme, copy templates into it, and check it against ours of today."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from theming import themes


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be done is one line for the operator."""

    @functools.wraps(command)
    def run(**given: Any) -> None:
        try:
            command(**given)
        except ValueError as error:
            raise click.ClickException(str(error)) from None

    return run


@click.group()
def theme() -> None:
    """Operators' themes: folders in themes/."""


@theme.command()
@click.argument("name")
@plainly
def new(name: str) -> None:
    """Make the folder of a new theme."""
    print(f"Made {themes.begin(name).name}. Next: litestar theme copy {name} partials/shared/footer.html")


@theme.command()
@click.argument("name")
@click.argument("paths", nargs=-1, required=True)
@plainly
def copy(name: str, paths: tuple[str, ...]) -> None:
    """Copy templates of ours (paths below templates/) into a theme, to be changed there."""
    for path in paths:
        themes.copy(name, path)
        print(f"Copied {path}")


@theme.command()
@click.argument("name")
@click.option("--accept", is_flag=True, help="Take ours of today as seen: the next check shows what changed after it.")
@plainly
def check(name: str, accept: bool) -> None:
    """Check every template of a theme, and show what changed in ours since it was copied."""
    found = themes.check(name)
    for kind, title in (("broken", "Broken"), ("notice", "To look at"), ("changed", "Changed upstream")):
        for finding in (one for one in found if one.kind == kind):
            print(f"{title}: {finding.path}: " + (f"\n{finding.text}\n" if kind == "changed" else finding.text))
    if accept:
        for path in themes.files(name):
            themes.remember(name, path)
        print("Taken as seen.")
    if any(finding.kind == "broken" for finding in found):
        raise click.exceptions.Exit(1)
    print(f"{len(themes.files(name))} templates parse and render.")
