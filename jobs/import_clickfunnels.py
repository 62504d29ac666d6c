"""Takes vendors' records over from ClickFunnels, a few pages a turn, so that no other job waits long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import structlog

import database
from integrations.clickfunnels import importing
from integrations.clickfunnels.api import Api, Busy, Refused
from jobs.stopping import Stopping
from tables.import_run import ImportRun
from tables.vendor import Vendor

AT_ONCE = 4
PAGES = 5
TRIES = 12
FIRST_WAIT = 5.0
LONGEST_WAIT = 600.0
LOOK_SECONDS = 0.2
UNSET = "There is no API token any more; enter one and go on"

log = structlog.get_logger("import")

T = TypeVar("T")
Open = Callable[[str, str], Api]


class Stopped(Exception):
    """The worker comes to an end; somebody else goes on."""


async def import_clickfunnels(stopping: Stopping, open_api: Open = Api) -> int:
    """Some pages of each run that is due; returns how many runs were taken."""
    return await turns(await ImportRun.take(AT_ONCE), stopping, open_api)


async def turns(runs: list[ImportRun], stopping: Stopping, open_api: Open = Api) -> int:
    ends = await asyncio.gather(*(turn(run, stopping, open_api) for run in runs), return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return len(runs)


async def turn(run: ImportRun, stopping: Stopping, open_api: Open) -> None:
    """Up to five pages of one run; however it ends, the run is given back with its state."""
    try:
        await pages(run, stopping, open_api)
    except Refused as error:
        log.warning("failed", vendor=run.vendor, run=run.public_id, error=str(error)[:200])
        await run.fail(str(error))
    except Busy as error:
        log.info("waiting", vendor=run.vendor, run=run.public_id, tries=run.tries, why=str(error)[:200])
        await later(run, error)
    except Stopped:
        await run.give_back()
    except database.Unavailable:
        raise  # The lease ends by itself.
    except Exception as error:
        log.exception("missed", vendor=run.vendor, run=run.public_id, tries=run.tries)
        await later(run, Busy(f"Something went wrong here ({type(error).__name__})"))
    else:
        await run.give_back()


async def later(run: ImportRun, error: Busy) -> None:
    if run.tries + 1 >= TRIES:
        await run.fail(f"{error}. We have tried {TRIES} times; go on when it may work again")
    else:
        await run.wait(pause(run.tries, error.seconds), str(error))


async def pages(run: ImportRun, stopping: Stopping, open_api: Open) -> None:
    vendor = await Vendor.by_id(run.vendor)
    if vendor is None or not vendor.api_token or not vendor.subdomain:
        raise Refused(UNSET)
    async with open_api(vendor.subdomain, vendor.api_token) as api:
        for _ in range(PAGES):
            current = await ImportRun.own(run.vendor, run.public_id)
            if current is None or current.lease != run.lease:
                return
            run.tries = current.tries
            if not await unless_stopped(importing.page(current, api), stopping):
                return


async def unless_stopped(work: Coroutine[Any, Any, T], stopping: Stopping) -> T:
    """Wait for it, but give up as soon as the worker stops: a page is taken whole or not at all."""
    task = asyncio.ensure_future(work)
    while True:
        done, _ = await asyncio.wait({task}, timeout=LOOK_SECONDS)
        if done:
            return task.result()
        if stopping.asked:
            task.cancel()
            await asyncio.wait({task})
            raise Stopped


def pause(tries: int, asked: float | None) -> float:
    """Seconds until the next try: growing, and never less than ClickFunnels asks for."""
    return max(min(FIRST_WAIT * 2**tries, LONGEST_WAIT), asked or 0.0)
