"""Forgets what has run out."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import database
from integrations import gravatar
from jobs.stopping import Stopping
from settings import settings
from tables.daily_figure import DailyFigure
from tables.device import Device
from tables.enrollment_import import EnrollmentImport
from tables.export import FOLDER, LEASE, Export
from tables.import_refusal import ImportRefusal
from tables.invitation import Invitation
from tables.kept_form import KeptForm
from tables.lease import Lease
from tables.mail import Mail
from tables.mailed_link import MailedLink
from tables.rate_limit import RateLimit
from tables.session import Session
from tables.sign_in_request import SignInRequest
from tables.spent_token import SpentToken
from tables.viewing import Viewing
from tables.webhook_event import WebhookEvent

EVERY = timedelta(hours=1)
HALVES_KEPT = 2 * LEASE
UPLOADS = settings.data_dir / "uploads"
UPLOADS_KEPT = timedelta(days=1)


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
        await EnrollmentImport.sweep()
        await ImportRefusal.sweep()
        await Invitation.sweep()
        await Mail.sweep()
        await WebhookEvent.sweep()
        await Viewing.sweep()
        await DailyFigure.sweep()
        await sweep_files()
        await gravatar.sweep()
        await asyncio.to_thread(clear_uploads)
    return 0


async def sweep_files() -> None:
    """Files of exports that are gone, and halves that a killed worker left behind."""
    oldest = (database.now() - HALVES_KEPT).timestamp()
    for folder in await asyncio.to_thread(lambda: [path for path in FOLDER.glob("*") if path.name.isdigit()]):
        kept = await Export.names(int(folder.name))
        await asyncio.to_thread(clear, folder, kept, oldest)


def clear_uploads() -> None:
    """Halves of files that a killed server was being sent."""
    oldest = (database.now() - UPLOADS_KEPT).timestamp()
    for path in UPLOADS.glob("*.part"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def clear(folder: Path, kept: set[str], oldest: float) -> None:
    for path in folder.iterdir():
        gone = path.stat().st_mtime < oldest if path.suffix == ".part" else path.stem not in kept
        if gone:
            path.unlink(missing_ok=True)
