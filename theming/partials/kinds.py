"""What a slot publishes, as a tree: groups with named parts, lists, and the texts, numbers and addresses at the ends."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

TEXT, NUMBER, FLAG, ADDRESS, PICTURE = "text", "number", "yes or no", "address", "picture"


class Variable(NamedTuple):
    """One thing a slot publishes, by its dotted name; `items[]` are the entries of a list.

    `sample` is what previews and the trial show; for entries of a list one sample each, in a tuple.
    """

    name: str
    kind: str
    meaning: str
    sample: Any


class Leaf(NamedTuple):
    kind: str


class Group(NamedTuple):
    parts: dict[str, Any]


class Rows(NamedTuple):
    entry: Any


Tree = Leaf | Group | Rows


def tree(variables: Iterable[Variable]) -> Group:
    """The published variables as the checker and the copier walk them."""
    root = Group({})
    for variable in variables:
        here: Any = root
        *steps, last = variable.name.split(".")
        for step in steps:
            here = child(here, step)
        place(here, last, Leaf(variable.kind))
    return root


def child(group: Group, step: str) -> Group:
    """The group a step leads to, made where there is none yet."""
    name, is_list = step.removesuffix("[]"), step.endswith("[]")
    found = group.parts.setdefault(name, Rows(Group({})) if is_list else Group({}))
    inner: Group = found.entry if isinstance(found, Rows) else found
    return inner


def place(group: Group, step: str, leaf: Leaf) -> None:
    group.parts[step.removesuffix("[]")] = Rows(leaf) if step.endswith("[]") else leaf


def samples(variables: Iterable[Variable]) -> dict[str, Any]:
    """The samples as the data of one render."""
    data: dict[str, Any] = {}
    for variable in variables:
        fill(data, variable.name.split("."), variable.sample)
    return {name: without_nothing(value) for name, value in data.items()}


def without_nothing(value: Any) -> Any:
    """A group of which no part has a sample is not there at all."""
    if not isinstance(value, dict):
        return value
    parts = {name: without_nothing(part) for name, part in value.items()}
    return parts if any(part is not None for part in parts.values()) else None


def fill(data: dict[str, Any], steps: list[str], sample: Any) -> None:
    name, rest = steps[0].removesuffix("[]"), steps[1:]
    if not steps[0].endswith("[]"):
        if rest:
            fill(data.setdefault(name, {}), rest, sample)
        else:
            data[name] = sample
    elif rest:
        rows = data.setdefault(name, [{} for _ in sample])
        for row, value in zip(rows, sample, strict=True):
            fill(row, rest, value)
    else:
        data[name] = list(sample)
