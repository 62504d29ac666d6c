"""Keyset pages of a list ordered by id, newest first: an offset would read all that it skips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tables.base import NEWEST
from web.errors import Refused
from web.requests import center_of, query_of

LONGEST_ID = 18


def below(request: Any) -> int:
    """The id that the page's rows lie below, from `?older=`; 404 for what is no id."""
    older = query_of(request).get("older")
    if older is None:
        return NEWEST
    if not (older.isascii() and older.isdigit() and len(older) <= LONGEST_ID):
        raise Refused(404)
    return int(older)


def page(
    request: Any, path: str, rows: Sequence[Any], size: int, ids: Sequence[int]
) -> tuple[Sequence[Any], dict[str, Any]]:
    """The rows to show of the `size + 1` that were read, and the links for `shared/paging.html`.

    `path` may have a query: filters that every page keeps.
    """
    here = center_of(request).url(path)
    more = len(rows) > size
    links = {
        "newer": here if "older" in query_of(request) else None,
        "older": f"{here}{'&' if '?' in here else '?'}older={ids[size - 1]}" if more else None,
    }
    return rows[:size], links
