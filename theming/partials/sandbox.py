"""The environment partials are read and rendered in: no globals, our own filters, and dots that only look into dicts."""

from __future__ import annotations

from typing import Any, NoReturn

from jinja2 import Template, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

from theming.partials.filters import FILTERS, TESTS
from theming.partials.limits import OUTPUT_BYTES


class Overflow(RuntimeError):
    """A partial made more than a page can take."""


class Walled(ImmutableSandboxedEnvironment):
    """The second wall, behind the checker. Looking only into dicts also makes it some hundred times faster."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return obj.get(attribute) if type(obj) is dict else None

    def getitem(self, obj: Any, argument: Any) -> NoReturn:
        raise SecurityError("no subscripts")

    def call(self, *args: Any, **kwargs: Any) -> NoReturn:  # type: ignore[override]
        raise SecurityError("no calls")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def made() -> Walled:
    env = Walled(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, optimized=False, cache_size=0,
        finalize=lambda value: "" if value is None else value,
    )  # fmt: skip
    env.globals.clear()
    env.filters.clear()
    env.filters.update(FILTERS)
    env.tests.clear()
    env.tests.update(TESTS)
    return env


walled = made()


def compiled(tree: nodes.Template) -> Template:
    """A checked tree as a template."""
    return walled.from_string(tree)


def rendered(template: Template, data: dict[str, Any], most: int = OUTPUT_BYTES) -> str:
    """What the template makes of the data; raises Overflow as soon as it grows beyond `most` bytes."""
    size, pieces = 0, []
    for piece in template.generate(data):
        size += len(piece.encode())
        if size > most:
            raise Overflow(f"more than {most} bytes of HTML")
        pieces.append(piece)
    return "".join(pieces)
