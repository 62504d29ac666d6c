"""Keyset pages of lists: an offset would read all that it skips. Most are ordered by id, newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tables.base import NEWEST
from web.errors import Refused
from web.requests import center_of, query_of

LONGEST_ID = 18
CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)
BEHIND = re.compile(r"(\d{1,18})-(.{0,254})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def cursor(row: Any) -> str:
    """An order's place in a list by date: microseconds since 1970 and id."""
    return f"{(row['placed_at'] - EPOCH) // timedelta(microseconds=1)}-{row['id']}"


def position(text: str) -> tuple[datetime, int]:
    """The place that `cursor` wrote; 404 for anything else."""
    match = CURSOR.fullmatch(text)
    if not match:
        raise Refused(404)
    return EPOCH + timedelta(microseconds=int(match[1])), int(match[2])


def behind(text: str) -> tuple[int, str]:
    """A place in a list by words, `17-ames`: an id and the word it stands at; 404 for anything else."""
    match = BEHIND.fullmatch(text)
    if not match:
        raise Refused(404)
    return int(match[1]), match[2]
