"""A look at the vendor's account: fetched outside every transaction, then written down in one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Look = Callable[[], Awaitable[str]]
"""Writes what was fetched and says what became of it; it may be run again, and holds the vendor's row.

Raises Parked and NotUnderstood. Every look carries the moment before its request began as the version of what it saw,
so whichever began later wins, whatever the order in which they are written.
"""
