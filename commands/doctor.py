"""`litestar doctor`: what works here and what does not, one line each."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import click
import httpx

import database
from commands.migrations import pending
from commands.running import with_database
from emails import smtp
from integrations.billing import Refused, Unreachable
from integrations.stripe import account
from integrations.stripe.client import installed
from settings import refusals, settings
from tables.vendor import HOUSE, Vendor

LITTLE_DISK = 1_000_000_000
LATE_SECONDS = 5


class Trouble(Exception):
    """A check failed; the text says what to do."""


@click.command()
@with_database
async def doctor() -> None:
    """Check database, mail, hosts, Stripe, disk, clock, and the way in by HTTPS."""
    troubles = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            print(f"ok       {name:<10} {await check()}")
        except (Trouble, database.Unavailable, OSError, ValueError) as error:
            troubles += 1
            print(f"TROUBLE  {name:<10} {error}")
    sys.exit(1 if troubles else 0)


async def settings_() -> str:
    if why := refusals(settings):
        raise Trouble("; ".join(why))
    return f"{settings.environment}, {settings.base_url}"


async def schema() -> str:
    if waiting := await pending():
        raise Trouble(f"{len(waiting)} migration(s) pending; run `litestar migrate`")
    return f"{database.engine.engine_type}, up to date"


async def mail() -> str:
    if not settings.smtp_url:
        return "no SMTP_URL: messages stay in the mailbox at /dev/mail (development only)"
    connection = smtp.client()
    try:
        await connection.connect()
    except (smtp.aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        raise Trouble(f"{urlsplit(settings.smtp_url).hostname}: {error}") from None
    await smtp.leave(connection)
    return f"{urlsplit(settings.smtp_url).hostname} takes our messages, from {settings.mail_from}"


async def hosts() -> str:
    rows = await Vendor.select(Vendor.domain).where(Vendor.domain.is_not_null())
    names = [str(urlsplit(settings.base_url).hostname), *(row["domain"] for row in rows)]
    unknown = [name for name in names if not await resolves(name)]
    if unknown:
        raise Trouble(f"no DNS record for {', '.join(unknown)}")
    return f"{len(names)} name(s) resolve"


async def resolves(name: str) -> bool:
    try:
        return bool(await asyncio.get_running_loop().getaddrinfo(name, None))
    except (socket.gaierror, UnicodeError):
        return False


async def house() -> str:
    """The house's own center, which the dashboard shows first."""
    if settings.house_vendor is None:
        return "no HOUSE_VENDOR: the dashboard shows whatever centers somebody is a customer of"
    if settings.house_vendor == HOUSE or not await Vendor.exists().where(Vendor.slug == settings.house_vendor):
        raise Trouble(f"HOUSE_VENDOR is {settings.house_vendor!r}, and there is no such vendor")
    return f"{settings.house_vendor} comes first on the dashboard"


async def stripe() -> str:
    """Every key of Stripe that is kept, or given by the environment, opens its account."""
    connected = [row for row in await Vendor.sellers() if row.stripe_key or row.stripe_api_key]
    if not connected:
        return "no center has a key of Stripe"
    if not installed():
        raise Trouble("a center has a key of Stripe, but its package is not installed; add the extra named stripe")
    troubles = [f"{row.slug}: {why}" for row in connected if (why := await stripe_trouble(row))]
    if troubles:
        raise Trouble("; ".join(troubles))
    return f"{len(connected)} account(s) answer"


async def stripe_trouble(row: Vendor) -> str | None:
    if not row.stripe_api_key:
        return "its key was sealed under another SECRET_KEY; enter it again"
    try:
        await account.check(row.stripe_api_key)
    except (Refused, Unreachable) as error:
        return str(error)
    return None if row.stripe_secrets else "it has no signing secret, so no webhook is accepted"


async def disk() -> str:
    free = shutil.disk_usage(settings.data_dir).free
    if free < LITTLE_DISK:
        raise Trouble(f"only {free // 1_000_000} MB free in {settings.data_dir}")
    if not os.access(settings.data_dir, os.W_OK):
        raise Trouble(f"{settings.data_dir} cannot be written")
    return f"{free // 1_000_000_000} GB free in {settings.data_dir}"


async def server() -> str:
    """Asks the running server by its public address: certificate, cookies' scheme, and its clock."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            response = await client.get(f"{settings.base_url}/health/ready")
    except httpx.HTTPError as error:
        raise Trouble(f"{settings.base_url} does not answer: {type(error).__name__}") from None
    if response.status_code != 200:
        raise Trouble(f"{settings.base_url}/health/ready answers {response.status_code}")
    late = abs(time.time() - parsedate_to_datetime(response.headers["date"]).timestamp())
    if late > LATE_SECONDS:
        raise Trouble(f"its clock is {late:.0f} seconds off; webhooks are refused beyond 600")
    return f"{settings.base_url} is ready" + ("" if settings.secure else ", without HTTPS")


settings_.__name__ = "settings"
CHECKS: list[Callable[[], Awaitable[str]]] = [settings_, schema, mail, hosts, house, stripe, disk, server]
