"""The nine filters and six tests of partials: our own, so that each takes anything and gives at most one plain text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from theming.partials.limits import STRING


def text(value: Any) -> str:
    """Any value as text; nothing for lists and for what is not there."""
    return value if type(value) is str else str(value) if type(value) is int else ""


def upper(value: Any) -> str:
    return text(value).upper()[:STRING]


def lower(value: Any) -> str:
    return text(value).lower()[:STRING]


def capitalize(value: Any) -> str:
    return text(value).capitalize()[:STRING]


def trim(value: Any) -> str:
    return text(value).strip()


def truncate(value: Any, length: int) -> str:
    """At most `length` characters, with an ellipsis where something was cut off."""
    whole = text(value)
    return whole if len(whole) <= length else whole[: max(length - 1, 0)].rstrip() + "…"


def default(value: Any, instead: str | int) -> Any:
    return value if type(value) in (str, int, bool) and value != "" else instead


def join(value: Any, between: str = "") -> str:
    return between.join(text(entry) for entry in value)[:STRING] if type(value) is list else text(value)


def length(value: Any) -> int:
    return len(value) if type(value) in (str, list) else 0


def first(value: Any) -> Any:
    return value[0] if type(value) is list and value else ""


FILTERS: dict[str, Callable[..., Any]] = {
    "upper": upper, "lower": lower, "capitalize": capitalize, "trim": trim, "truncate": truncate, "default": default,
    "join": join, "length": length, "first": first,
}  # fmt: skip

Kinds = tuple[type, ...]
ARGUMENTS: dict[str, tuple[Kinds, ...]] = {"truncate": ((int,),), "default": ((str, int),), "join": ((str,),)}
"""What a filter takes in parentheses, by kind; filters not named take nothing."""
OPTIONAL = frozenset({"join"})
OF_LISTS = frozenset({"join", "length", "first"})
"""Filters that may be given a whole list."""


def is_there(value: Any) -> bool:
    return type(value) in (str, int, bool, list, dict)


def is_odd(value: Any) -> bool:
    return type(value) is int and value % 2 == 1


def is_even(value: Any) -> bool:
    return type(value) is int and value % 2 == 0


def is_divisible(value: Any, by: int) -> bool:
    return type(value) is int and by != 0 and value % by == 0


TESTS: dict[str, Callable[..., bool]] = {
    "defined": is_there, "undefined": lambda value: not is_there(value), "none": lambda value: not is_there(value),
    "odd": is_odd, "even": is_even, "divisibleby": is_divisible,
}  # fmt: skip
TEST_ARGUMENTS: dict[str, tuple[Kinds, ...]] = {"divisibleby": ((int,),)}
