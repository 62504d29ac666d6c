"""What the checker says of what it does not take, and what two values have in common."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes

from theming.partials.kinds import TEXT, Group, Leaf, Rows, Tree
from theming.partials.limits import CONSTANT
from theming.partials.refused import N_, Refused

FORBIDDEN = {
    nodes.Call: N_("Nothing can be called here: take the parentheses away."),
    nodes.Getitem: N_("Square brackets and positions cannot be used: take a part by its name, after a dot."),
    nodes.Assign: N_("“set” cannot be used here."), nodes.AssignBlock: N_("“set” cannot be used here."),
    nodes.Macro: N_("“macro” cannot be used here."), nodes.CallBlock: N_("“call” cannot be used here."),
    nodes.Include: N_("“include” cannot be used here."), nodes.Import: N_("“import” cannot be used here."),
    nodes.FromImport: N_("“import” cannot be used here."), nodes.Extends: N_("“extends” cannot be used here."),
    nodes.Block: N_("“block” cannot be used here."), nodes.With: N_("“with” cannot be used here."),
    nodes.FilterBlock: N_("“filter” cannot be used as a block: write it after a value, behind “|”."),
    nodes.Concat: N_("“~” cannot be used: write the parts one after the other."),
    nodes.List: N_("Lists cannot be written here."), nodes.Tuple: N_("Lists cannot be written here."),
    nodes.Dict: N_("Lists cannot be written here."),
    nodes.BinExpr: N_("There is no arithmetic here."), nodes.UnaryExpr: N_("There is no arithmetic here."),
}  # fmt: skip


def arguments(node: nodes.Filter | nodes.Test, kinds: tuple[tuple[type, ...], ...], *, optional: bool = False) -> None:
    """Only constants, only as many as are taken, and only small ones."""
    given = node.args or []
    plain_ones = all(type(one) is nodes.Const for one in given)
    extra = node.kwargs or node.dyn_args or node.dyn_kwargs
    fits = len(given) == len(kinds) or (optional and not given)
    if extra or not plain_ones or not fits:
        raise Refused(N_("“%(name)s” does not take this in its parentheses."), node.lineno, name=node.name)
    for one, allowed in zip(given, kinds, strict=False):
        value = one.value  # type: ignore[attr-defined]
        if type(value) not in allowed or (type(value) is str and len(value) > CONSTANT):
            raise Refused(N_("“%(name)s” does not take this in its parentheses."), node.lineno, name=node.name)


def common(one: Tree, other: Tree) -> Tree:
    """What something is that is either; where the two differ, it can still be asked for, but neither printed nor cut."""
    if isinstance(one, Leaf) and isinstance(other, Leaf):
        return one if one == other else Leaf(TEXT)
    return one if one is other else Rows(Group({}))


def dotted(node: Any) -> str:
    """A name with its parts, as it was written, for the message."""
    steps = []
    while type(node) is nodes.Getattr:
        steps.append(node.attr)
        node = node.node
    return ".".join(reversed([*steps, getattr(node, "name", "")]))[:80]


def refusal(node: Any) -> Refused:
    for kind, message in FORBIDDEN.items():
        if isinstance(node, kind):
            return Refused(message, node.lineno)
    return Refused(N_("“%(name)s” cannot be used here."), getattr(node, "lineno", 0), name=type(node).__name__.lower())
