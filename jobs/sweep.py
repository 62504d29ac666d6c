"""Forgets what has run out."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import database
from jobs.stopping import Stopping
from tables.device import Device
from tables.export import FOLDER, KEPT, LEASE, Export
from tables.kept_form import KeptForm
from tables.lease import Lease
from tables.mailed_link import MailedLink
from tables.rate_limit import RateLimit
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.spent_token import SpentToken

EVERY = timedelta(hours=1)
HALVES_KEPT = 2 * LEASE


async def sweep(stopping: Stopping) -> int:
    """Once an hour in whichever worker comes first."""
    if await Lease.take("sweep", EVERY):
        await Session.sweep()
        await SignInRequest.sweep()
        await RateLimit.sweep()
        await MailedLink.sweep()
        await KeptForm.sweep()
        await Device.sweep()
        await SpentToken.sweep()
        await Export.sweep()
        await asyncio.to_thread(sweep_files, database.now().timestamp())
    return 0


def sweep_files(now: float) -> None:
    """Files of exports that are no longer kept, and halves that a killed worker left behind."""
    for path in FOLDER.glob("*/*"):
        kept = HALVES_KEPT if path.suffix == ".part" else KEPT
        if path.stat().st_mtime < now - kept.total_seconds():
            path.unlink(missing_ok=True)
