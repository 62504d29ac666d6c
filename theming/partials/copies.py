"""Plain copies of exactly what a slot publishes; nothing else ever reaches a vendor's template."""

from __future__ import annotations

from typing import Any

from theming.partials.kinds import NUMBER, Leaf, Rows, Tree
from theming.partials.limits import LIST, STRING

PLAIN = (str, int, bool, type(None))


def published(tree: Tree, value: Any) -> Any:
    """A copy of the parts that `tree` names: dicts, lists, text, whole numbers, yes or no, None.

    Long lists and texts are cut. Raises TypeError for anything else, also for Markup and other kinds of str, which
    could bring code of their own or pass unescaped.
    """
    if isinstance(tree, Leaf):
        return leaf(tree, value)
    if value is None:
        return None
    if isinstance(tree, Rows):
        if not isinstance(value, list | tuple):
            raise TypeError(f"a list was promised, not {type(value).__name__}")
        return [published(tree.entry, entry) for entry in value[:LIST]]
    return {name: published(part, pick(value, name)) for name, part in tree.parts.items()}


def leaf(tree: Leaf, value: Any) -> Any:
    if type(value) not in PLAIN:
        raise TypeError(f"{type(value).__name__} is not plain data")
    if tree.kind == NUMBER:
        return value if type(value) is int else 0
    return value[:STRING] if type(value) is str else value


def pick(value: Any, name: str) -> Any:
    """A part of one of our own rows, whether it is a dict or a tuple with names."""
    return value[name] if isinstance(value, dict) else getattr(value, name)
