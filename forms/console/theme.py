"""A center's look: tokens chosen one by one, or pasted as a whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from forms import Form
from theming.colors import HEX
from theming.tokens import CHOICES, COLORS, DEFAULTS, checked
from theming.words import _

OPTIONAL = ("accent_dark",)
FORMAT = "customer-center-theme/1"
LONGEST = 16 * 1024


class ThemeForm(Form):
    """`do` is `preview`, `draft` or `publish`."""

    takes = (*COLORS, *CHOICES, "do")
    base: Mapping[str, str] = DEFAULTS
    """What holds where nothing is chosen."""

    def check(self) -> None:
        for name in COLORS:
            self.values[name] = self.values[name].strip().lower()
            if self.values[name] and not HEX.fullmatch(self.values[name]):
                self.errors[name] = _("Enter a colour like #a8540a: a # and six of 0 to 9 and a to f.")
        for name, allowed in CHOICES.items():
            if self.values[name] and self.values[name] not in allowed:
                self.errors[name] = _("Choose one of these.")

    @property
    def tokens(self) -> dict[str, str]:
        """What was chosen; a token left empty, or as it is anyway, is not one."""
        given = {
            name: self.values[name] for name in (*COLORS, *CHOICES) if self.values[name] and name not in self.errors
        }
        return {name: value for name, value in given.items() if value != self.base.get(name)}


class ThemeImportForm(Form):
    """What `exported` wrote, as text."""

    takes = ("source",)
    tokens: dict[str, str]

    def check(self) -> None:
        self.tokens = {}
        try:
            self.tokens = tokens_in(self.values["source"])
        except ValueError as error:
            self.errors["source"] = str(error)


def tokens_in(source: str) -> dict[str, str]:
    """The tokens of an exported theme; raises ValueError with a sentence for the vendor."""
    if not source.strip():
        raise ValueError(_("Choose a file, or paste what it holds."))
    if len(source) > LONGEST:
        raise ValueError(_("That is too long for a theme."))
    try:
        found: Any = json.loads(source)
    except (ValueError, RecursionError):
        raise ValueError(
            _("That is not JSON. Choose a file that was downloaded from a theme page like this.")
        ) from None
    tokens = found.get("tokens") if isinstance(found, dict) else None
    if not isinstance(tokens, dict) or found.get("format") != FORMAT:
        raise ValueError(
            _('That is JSON, but no theme: it must hold "format": "%(format)s" and "tokens".', format=FORMAT)
        )
    if not all(isinstance(value, str) for value in tokens.values()):
        raise ValueError(_("Every token must be a text in quotes."))
    try:
        return checked(tokens)
    except ValueError as error:
        raise ValueError(_("%(problem)s.", problem=str(error)[:200])) from None


def exported(name: str, tokens: dict[str, str]) -> str:
    """A look as a file that can be taken to another center."""
    return json.dumps({"format": FORMAT, "name": name, "tokens": tokens}, indent=2, ensure_ascii=False) + "\n"
