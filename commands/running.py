"""Runs a command's work with the engine started, and turns expected failures into one clear line."""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import click

import database
from settings import SettingsError, refusals, settings


def with_database(work: Callable[..., Awaitable[Any]]) -> Callable[..., Any]:
    """A click command's body as a coroutine that has the database."""

    @functools.wraps(work)
    def command(*arguments: Any, **options: Any) -> Any:
        async def started() -> Any:
            await database.engine.start()
            try:
                return await work(*arguments, **options)
            finally:
                await database.engine.stop()

        try:
            return asyncio.run(started())
        except (ValueError, SettingsError) as error:
            raise click.ClickException(str(error)) from None
        except database.Unavailable as error:
            raise click.ClickException(f"the database cannot be used: {error}") from None

    return command


def refuse_unsafe() -> None:
    """Stop a server or worker that must not start in production, with one line for each reason."""
    for why in refusals(settings):
        print(f"refusing to start: {why}", file=sys.stderr)
    if refusals(settings):
        raise SystemExit(1)
