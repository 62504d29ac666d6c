"""Takes customers' wishes to the system that holds the money."""

from __future__ import annotations

import structlog

import database
from integrations.billing import Refused, Unreachable, Unsure, Write, news
from integrations.billing.holders import BY_NAME
from jobs.stopping import Stopping
from tables.billing_command import REFUSED, BillingCommand
from tables.vendor import Vendor

BATCH = 10
TOO_LATE = "The payment system could not be reached"
NEVER_SHOWN = "The payment system took the request and has not shown it since; please ask there"

log = structlog.get_logger("billing")


async def carry_out(stopping: Stopping) -> int:
    """Carry out the wishes that are due; returns how many were taken."""
    commands = await BillingCommand.lease(BATCH)
    for command in commands:
        if stopping.asked:
            break  # Their lease ends by itself, and the next worker knows that they may have been sent.
        await one(command)
    return len(commands)


async def one(command: BillingCommand) -> None:
    """Ask the holder outside any transaction, then write its answer and what follows from it in one.

    What came before it in the batch may have taken long: by now it may be settled, or another worker's.
    """
    if not await command.claim():
        return
    vendor = await Vendor.by_id(command.vendor)
    assert vendor is not None
    try:
        write = await BY_NAME[command.holder].perform(vendor, command)
        await database.transaction(lambda: answer(command, write))
        log.info("sent", vendor=command.vendor, kind=command.kind, id=command.public_id)
    except Refused as error:
        why, unsure = str(error), isinstance(error, Unsure)
        log.warning("refused", vendor=command.vendor, kind=command.kind, id=command.public_id)
        await database.transaction(lambda: refuse(command, why, unsure))
    except Unreachable as error:
        log.warning("postponed", vendor=command.vendor, kind=command.kind, id=command.public_id, tries=command.tries)
        if not await command.postpone(str(error), error.seconds):
            await database.transaction(lambda: refuse(command, TOO_LATE, unsure=True))
    except database.Unavailable:
        raise
    except Exception as error:
        log.exception("missed", vendor=command.vendor, kind=command.kind, id=command.public_id, tries=command.tries)
        if not await command.postpone(type(error).__name__):
            await database.transaction(lambda: refuse(command, TOO_LATE, unsure=True))


async def answer(command: BillingCommand, write: Write | None) -> None:
    """Mirror what the holder said; where that does not show the wish yet, its webhook will, or it is given up."""
    await Vendor.hold(command.vendor)
    if write is not None:
        await write()
    if command.is_past_hope:
        return await refuse(command, NEVER_SHOWN, unsure=True)
    await command.look_again()
    return None


async def refuse(command: BillingCommand, why: str, unsure: bool = False) -> None:
    """Settle it and tell both sides, once. `unsure`: an answer was lost, so nobody says that nothing was done."""
    await Vendor.hold(command.vendor)
    if await command.close(REFUSED, why[:500]):
        if unsure:
            await command.note(unsure=True)
        await news.settled([command])
