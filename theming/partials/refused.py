"""Why a partial is not accepted: where, and in words that its author can act on."""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:
    """Marks a message for the catalogs; whoever shows it translates it."""
    return message


class Refused(ValueError):
    """`message` is a message id of the catalogs with `values` to fill in; `line` is counted from 1, 0 for the whole."""

    def __init__(self, message: str, line: int = 0, **values: Any) -> None:
        self.message, self.line, self.values = message, line, values
        super().__init__(message % values if values else message)
