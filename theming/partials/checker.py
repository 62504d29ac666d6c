"""Accepts a partial only as far as every node of its tree is understood: whatever is not named here is refused.

No call, assignment, macro, include, inheritance, arithmetic, subscript or joining of texts; names are those that the
slot publishes; and the work it can cause is counted before it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from jinja2 import TemplateSyntaxError, nodes

from theming.partials.filters import ARGUMENTS, FILTERS, OF_LISTS, OPTIONAL, TEST_ARGUMENTS, TESTS
from theming.partials.kinds import FLAG, NUMBER, TEXT, Group, Leaf, Rows, Tree
from theming.partials.limits import CONSTANT, COST, FILTER_COST, LIST, LOOPS, OTHER_FILTERS, PRINTING
from theming.partials.refusals import arguments, common, dotted, refusal
from theming.partials.refused import N_, Refused
from theming.partials.sandbox import walled
from theming.partials.words_before import look, plain

TAKEN = frozenset({"loop", "self", "super", "caller", "varargs", "kwargs", "true", "false", "none"})
ORDER = frozenset({"gt", "gteq", "lt", "lteq"})
EQUALITY = frozenset({"eq", "ne"})
Names = dict[str, Tree]


def check(source: str, published: Group, most_work: int = COST) -> nodes.Template:
    """The tree of a source that may be compiled and run; raises Refused with the line and the reason."""
    look(source)
    try:
        tree = walled.parse(source)
    except TemplateSyntaxError as error:
        raise Refused(N_("This cannot be read: %(why)s."), error.lineno, why=plain(error)) from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise Refused(N_("This cannot be read: %(why)s."), why=type(error).__name__) from None
    Walk(most_work).template(tree, published.parts)
    return tree


class Place(NamedTuple):
    """Where the walk stands: the names known there, and how many loops it is inside."""

    names: Names
    loops: int


class Walk:
    """One walk over a tree, adding up what a render can cost."""

    def __init__(self, most_work: int) -> None:
        self.cost, self.most_work = 0, most_work

    def template(self, tree: nodes.Template, names: Names) -> None:
        if type(tree) is not nodes.Template:
            raise refusal(tree)
        self.body(tree.body, Place(names, 0))

    def body(self, children: list[Any], place: Place) -> None:
        known: dict[type, Callable[[Any, Place], None]] = {
            nodes.Output: self.output, nodes.If: self.choice, nodes.For: self.loop,
        }  # fmt: skip
        for node in children:
            step = known.get(type(node))
            if step is None:
                raise refusal(node)
            self.pay(node, place)
            step(node, place)

    def pay(self, node: nodes.Node, place: Place, price: int = 1) -> None:
        """Every node costs as often as the loops around it turn."""
        self.cost += price * LIST**place.loops
        if self.cost > self.most_work:
            raise Refused(N_("This is too much work for a page: use fewer loops, or less inside them."), node.lineno)

    def output(self, node: nodes.Output, place: Place) -> None:
        for part in node.nodes:
            self.pay(part, place, PRINTING)
            if type(part) is nodes.TemplateData:
                continue
            if not isinstance(self.value(part, place), Leaf):
                raise Refused(N_("This is a list or a group of things: print one of its parts."), part.lineno)

    def choice(self, node: nodes.If, place: Place) -> None:
        self.value(node.test, place)
        self.body(node.body, place)
        for other in node.elif_:
            self.choice(other, place)
        self.body(node.else_, place)

    def loop(self, node: nodes.For, place: Place) -> None:
        if place.loops >= LOOPS:
            raise Refused(N_("Loops can be at most %(most)s deep."), node.lineno, most=LOOPS)
        if node.recursive or node.test is not None or type(node.target) is not nodes.Name:
            raise Refused(N_("A loop is written “for thing in things”, and nothing more."), node.lineno)
        if type(node.iter) not in (nodes.Name, nodes.Getattr):
            raise Refused(N_("A loop goes through one of the lists of this part."), node.lineno)
        rows = self.value(node.iter, place)
        if not isinstance(rows, Rows):
            raise Refused(N_("“%(name)s” is not a list."), node.lineno, name=dotted(node.iter))
        name = node.target.name
        if name.startswith("_") or name in TAKEN or len(name) > CONSTANT:
            raise Refused(N_("“%(name)s” cannot be the name of a thing in a loop."), node.lineno, name=name[:40])
        self.body(node.body, Place({**place.names, name: rows.entry}, place.loops + 1))
        self.body(node.else_, place)

    def value(self, node: Any, place: Place) -> Tree:
        """What an expression is; raises Refused unless every part of it is known."""
        known: dict[type, Callable[[Any, Place], Tree]] = {
            nodes.Const: self.constant, nodes.Name: self.name, nodes.Getattr: self.part, nodes.Compare: self.comparison,
            nodes.And: self.either, nodes.Or: self.either, nodes.Not: self.negation, nodes.CondExpr: self.condition,
            nodes.Filter: self.filter, nodes.Test: self.test,
        }  # fmt: skip
        step = known.get(type(node))
        if step is None:
            raise refusal(node)
        self.pay(node, place)
        return step(node, place)

    def constant(self, node: nodes.Const, place: Place) -> Tree:
        if type(node.value) not in (str, int, bool, type(None)) or len(str(node.value)) > CONSTANT:
            raise Refused(N_("Only short texts and whole numbers can be written here."), node.lineno)
        return Leaf(TEXT if type(node.value) is str else NUMBER if type(node.value) is int else FLAG)

    def name(self, node: nodes.Name, place: Place) -> Tree:
        if node.ctx != "load" or node.name.startswith("_") or node.name not in place.names:
            raise Refused(N_("This part has no “%(name)s”."), node.lineno, name=node.name[:40])
        return place.names[node.name]

    def part(self, node: nodes.Getattr, place: Place) -> Tree:
        if type(node.node) not in (nodes.Name, nodes.Getattr) or node.ctx != "load":
            raise Refused(N_("A dot can only follow a name."), node.lineno)
        whole = self.value(node.node, place)
        if not isinstance(whole, Group) or node.attr.startswith("_") or node.attr not in whole.parts:
            raise Refused(N_("This part has no “%(name)s”."), node.lineno, name=dotted(node))
        tree: Tree = whole.parts[node.attr]
        return tree

    def comparison(self, node: nodes.Compare, place: Place) -> Tree:
        kinds = [self.value(node.expr, place), *(self.value(operand.expr, place) for operand in node.ops)]
        for operand in node.ops:
            if type(operand) is not nodes.Operand or operand.op not in ORDER | EQUALITY:
                raise Refused(N_("Compare with ==, !=, <, <=, > or >=."), node.lineno)
            if operand.op in ORDER and any(kind != Leaf(NUMBER) for kind in kinds):
                raise Refused(N_("Only numbers can be larger or smaller."), node.lineno)
        if not all(isinstance(kind, Leaf) for kind in kinds):
            raise Refused(N_("This is a list or a group of things: compare one of its parts."), node.lineno)
        return Leaf(FLAG)

    def either(self, node: nodes.And | nodes.Or, place: Place) -> Tree:
        return common(self.value(node.left, place), self.value(node.right, place))

    def negation(self, node: nodes.Not, place: Place) -> Tree:
        self.value(node.node, place)
        return Leaf(FLAG)

    def condition(self, node: nodes.CondExpr, place: Place) -> Tree:
        if node.expr2 is None:
            raise Refused(N_("An “if” inside a value needs an “else”."), node.lineno)
        self.value(node.test, place)
        return common(self.value(node.expr1, place), self.value(node.expr2, place))

    def filter(self, node: nodes.Filter, place: Place) -> Tree:
        if node.node is None or node.name not in FILTERS:
            raise Refused(N_("There is no filter “%(name)s”. There are %(names)s."), node.lineno,
                          name=node.name[:40], names=", ".join(FILTERS))  # fmt: skip
        self.pay(node, place, FILTER_COST.get(node.name, OTHER_FILTERS))
        value = self.value(node.node, place)
        arguments(node, ARGUMENTS.get(node.name, ()), optional=node.name in OPTIONAL)
        if (
            isinstance(value, Rows)
            and node.name in OF_LISTS
            and node.name != "length"
            and isinstance(value.entry, Leaf)
        ):
            return Leaf(TEXT)
        if not isinstance(value, Leaf) and not (isinstance(value, Rows) and node.name == "length"):
            raise Refused(N_("The filter “%(name)s” does not fit this."), node.lineno, name=node.name)
        return Leaf(NUMBER if node.name == "length" else TEXT)

    def test(self, node: nodes.Test, place: Place) -> Tree:
        if node.name not in TESTS:
            raise Refused(N_("There is no test “%(name)s”. There are %(names)s."), node.lineno,
                          name=node.name[:40], names=", ".join(TESTS))  # fmt: skip
        self.value(node.node, place)
        arguments(node, TEST_ARGUMENTS.get(node.name, ()))
        return Leaf(FLAG)
