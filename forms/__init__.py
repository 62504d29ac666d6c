"""One class for each HTML form: which fields it takes, how it reads them, and what it says when they are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self


class Form:
    """What was typed, and what is wrong with it. Fields that are not in `takes` do not exist (mass assignment)."""

    takes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self.values = {name: (values or {}).get(name, "") for name in self.takes}
        self.sent = frozenset(self.takes) & (values or {}).keys()
        self.errors: dict[str, str] = {}

    @classmethod
    def read(cls, values: Mapping[str, str]) -> Self:
        """The form as it was sent, checked."""
        form = cls(values)
        form.check()
        return form

    def check(self) -> None:
        """Fill `errors`: a message for each field that is wrong, in the words shown beside it."""
