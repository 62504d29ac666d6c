"""Asks Stripe what became of the cards that customers went to save, where no webhook has told of it."""

from __future__ import annotations

import structlog

import database
from integrations.billing import Refused, Unreachable
from integrations.clickfunnels.envelope import NotUnderstood
from integrations.clickfunnels.records import Parked
from integrations.stripe import card_pages
from jobs.stopping import Stopping
from tables.card_setup import EXPIRED, CardSetup
from tables.vendor import Vendor

BATCH = 10

log = structlog.get_logger("billing")


async def look_at_setups(stopping: Stopping) -> int:
    """Look at the pages that are due; returns how many."""
    setups = await CardSetup.lease(BATCH)
    for setup in setups:
        if stopping.asked:
            break
        await one(setup)
    return len(setups)


async def one(setup: CardSetup) -> None:
    """A page that Stripe never made, or cannot have any more, is over; every other is asked about."""
    if setup.is_over or (setup.session is None and setup.is_forgotten):
        await setup.settle(EXPIRED)
        return
    seconds, vendor = None, await Vendor.by_id(setup.vendor)
    try:
        if vendor is not None and setup.session is not None:
            await card_pages.ask_about(vendor, setup)
    except Unreachable as error:
        seconds = error.seconds
    except (Refused, NotUnderstood, Parked) as error:
        log.warning("card setup", vendor=setup.vendor, id=setup.public_id, why=str(error))
    except database.Unavailable:
        raise
    except Exception:  # The next in line has its turn all the same.
        log.exception("missed", vendor=setup.vendor, id=setup.public_id)
    await setup.look_again(seconds)
