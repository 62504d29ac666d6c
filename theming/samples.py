"""Stand-ins for whatever a template asks for, so that an operator's theme can be rendered without any data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jinja2.runtime import Context
from jinja2.utils import missing

SAMPLE = "sample data"
DEPTH = 8
"""How deep lists of lists go in the sample: a tree's template calls itself."""


class Sample:
    """Stands for whatever a template asks of it."""

    there = True

    def __init__(self, many: int = 1, depth: int = 0) -> None:
        self.many, self.depth = many, depth

    def part(self, many: int = 1) -> Any:
        return type(self)(many, self.depth + 1)

    def __repr__(self) -> str:
        return SAMPLE

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.part()

    def __getitem__(self, name: Any) -> Any:
        return self.part()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.part()

    def __iter__(self) -> Iterator[Any]:
        # The entries of a list may be pairs that a loop takes apart.
        return iter([self.part(2) for _ in range(self.many)] if self.there and self.depth < DEPTH else [])

    def __len__(self) -> int:
        return self.many if self.there else 0

    def __bool__(self) -> bool:
        return self.there

    def __str__(self) -> str:
        return "sample" if self.there else ""

    def __html__(self) -> str:
        return str(self)

    def __int__(self) -> int:
        return self.many

    __index__ = __int__

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __contains__(self, other: object) -> bool:
        return False

    def __add__(self, other: Any) -> Any:
        return other

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __add__


class Something(Sample):
    """All there is."""


class Nothing(Sample):
    """Nothing is there."""

    there = False


class Sampled(Context):
    """A template's names: what it was given, else the sample."""

    sample: Sample

    def resolve_or_missing(self, key: str) -> Any:
        found = super().resolve_or_missing(key)
        return self.sample if found is missing else found
