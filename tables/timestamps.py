"""The one kind of time column."""

from __future__ import annotations

from piccolo.columns import Timestamptz


def moment() -> Timestamptz:
    """A column for a time in UTC that may be unknown."""
    return Timestamptz(null=True, default=None)
