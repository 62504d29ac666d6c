"""Forgets what has run out."""

from __future__ import annotations

from datetime import timedelta

from jobs.stopping import Stopping
from tables.kept_form import KeptForm
from tables.lease import Lease
from tables.mailed_link import MailedLink
from tables.rate_limit import RateLimit
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.spent_token import SpentToken

EVERY = timedelta(hours=1)


async def sweep(stopping: Stopping) -> int:
    """Once an hour in whichever worker comes first."""
    if await Lease.take("sweep", EVERY):
        await Session.sweep()
        await SignInRequest.sweep()
        await RateLimit.sweep()
        await MailedLink.sweep()
        await KeptForm.sweep()
        await SpentToken.sweep()
    return 0
