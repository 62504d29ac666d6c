"""A vendor's partial that has passed the checker, ready to be rendered."""

from __future__ import annotations

from typing import Any

from jinja2 import Template
from markupsafe import Markup

from theming.partials.checker import check
from theming.partials.cleaning import cleaned
from theming.partials.copies import published
from theming.partials.sandbox import compiled, rendered
from theming.slots import Slot


class Partial:
    """Made from a source each time it is loaded, because the rules may have become stricter; raises Refused."""

    def __init__(self, slot: Slot, source: str) -> None:
        self.slot, self.tree = slot, slot.published
        self.template: Template = compiled(check(source, self.tree, slot.most_work))

    def raw(self, values: Any) -> str:
        """What it writes, before it is cleaned."""
        return rendered(self.template, published(self.tree, values), self.slot.most_bytes)

    def html(self, values: Any, *, origin: str | None = None) -> Markup:
        """What a page shows; raises whatever went wrong. `origin` is for mails, see `cleaned`."""
        return cleaned(self.raw(values), origin=origin)
