"""`litestar worker`: the jobs in a process of their own; run the server with WORKER=0 beside it."""

from __future__ import annotations

import asyncio
import signal

import click

from commands.migrations import refuse_pending
from commands.running import refuse_unsafe, with_database
from jobs.worker import Worker
from web import logs


@click.command()
def worker() -> None:
    """Deliver mail, apply webhooks and fetch pictures until told to stop."""
    refuse_unsafe()
    logs.configure()
    asyncio.run(refuse_pending())
    work()


@with_database
async def work() -> None:
    stop, jobs = asyncio.Event(), Worker()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    jobs.start()
    await stop.wait()
    await jobs.stop()
