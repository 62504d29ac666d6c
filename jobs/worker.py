"""Runs the jobs, inside the server or alone; the rows are the queue, so any number of workers may run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

import database
from jobs.apply_webhooks import apply_webhooks
from jobs.carry_out import carry_out
from jobs.close_accounts import close_accounts
from jobs.count_days import count_days
from jobs.deliver_mail import deliver_mail
from jobs.deliver_texts import deliver_texts
from jobs.enroll_people import enroll_buyers, enroll_people
from jobs.fetch_avatars import fetch_avatars
from jobs.fetch_pictures import fetch_pictures
from jobs.import_clickfunnels import import_clickfunnels
from jobs.look_at_setups import look_at_setups
from jobs.make_exports import make_exports
from jobs.remind_cards import remind_cards
from jobs.remind_renewals import remind_renewals
from jobs.stopping import Stopping
from jobs.sweep import sweep
from jobs.tell_of_money import tell_of_money

SCHEDULE: list[Callable[[Stopping], Awaitable[int]]] = [
    apply_webhooks, carry_out, look_at_setups, deliver_mail, deliver_texts, fetch_pictures, fetch_avatars, make_exports,
    close_accounts, import_clickfunnels, enroll_people, enroll_buyers, tell_of_money, remind_renewals, remind_cards,
    count_days, sweep,
]  # fmt: skip
IDLE_SECONDS = 1.0
TROUBLE_SECONDS = 5.0
STOP_SECONDS = 15

log = structlog.get_logger("worker")


class Worker:
    """One loop for each job, so that a slow mail server holds up no webhook."""

    def __init__(self) -> None:
        self.stopping = Stopping()
        self.bell = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self.tasks = [asyncio.create_task(self.repeat(job)) for job in SCHEDULE]

    def wake(self) -> None:
        """There is work now: do not wait for the next look."""
        self.bell.set()

    async def repeat(self, job: Callable[[Stopping], Awaitable[int]]) -> None:
        while not self.stopping.asked:
            wait = IDLE_SECONDS
            try:
                wait = 0 if await job(self.stopping) else IDLE_SECONDS
            except database.Unavailable as error:
                log.error("database unavailable", job=job.__name__, error=str(error)[:200])
                wait = TROUBLE_SECONDS
            except Exception:
                log.exception("job failed", job=job.__name__)
                wait = TROUBLE_SECONDS
            await self.rest(wait)

    async def rest(self, seconds: float) -> None:
        if not seconds:
            return await asyncio.sleep(0)
        try:
            await asyncio.wait_for(self.bell.wait(), seconds)
        except TimeoutError:
            return
        # Leave the bell up for one turn of the loop, so that every waiting job hears it.
        await asyncio.sleep(0)
        self.bell.clear()

    async def stop(self) -> None:
        """Finish the row in hand, give the others back, and end."""
        self.stopping.asked = True
        self.bell.set()
        if self.tasks:
            _, late = await asyncio.wait(self.tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
