"""The only module that speaks SMTP."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

import database
from settings import SettingsError, settings
from tables.mail import Refused, Unreachable, opened

TIMEOUT = 30
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def message_of(row: Any) -> EmailMessage:
    """The message of an outbox row: text and HTML, marked as automatic (RFC 3834)."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"], message["To"], message["Subject"] = row["sender"], row["recipient"], row["subject"]
    if row["reply_to"]:
        message["Reply-To"] = row["reply_to"]
    message["Date"] = format_datetime(database.now())
    message["Message-ID"] = row["message_id"]
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(opened(row, "body_text"))
    message.add_alternative(opened(row, "body_html"), subtype="html")
    # Only now: setting the content drops every Content- header that was there.
    message["Content-Language"] = row["language"]
    return message


def client() -> aiosmtplib.SMTP:
    """A connection as SMTP_URL says: `smtp://` upgrades when offered, `smtp+starttls://` insists, `smtps://` is TLS."""
    parts = urlsplit(settings.smtp_url or "")
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingsError("SMTP_URL must look like smtp://user:password@host:587")
    return aiosmtplib.SMTP(
        hostname=parts.hostname, port=parts.port or PORTS[parts.scheme], timeout=TIMEOUT,
        use_tls=parts.scheme == "smtps",
        start_tls={"smtp": None, "smtp+starttls": True, "smtps": False}[parts.scheme],
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )  # fmt: skip


async def deliver(connection: aiosmtplib.SMTP, row: Any) -> None:
    """Hand one message over; raises Refused or Unreachable."""
    try:
        if not connection.is_connected:
            await connection.connect()
        await connection.send_message(
            message_of(row), sender=parseaddr(row["sender"])[1], recipients=[row["recipient"]]
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [refused.code for refused in error.recipients]
        raise (Refused if all(code >= 500 for code in codes) else Unreachable)(f"recipient refused {codes}") from None
    except aiosmtplib.SMTPResponseException as error:
        kind = (
            Refused if error.code >= 500 and not isinstance(error, aiosmtplib.SMTPAuthenticationError) else Unreachable
        )
        raise kind(f"{error.code} {error.message}") from None
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        connection.close()
        raise Unreachable(f"{type(error).__name__}: {error}") from None


async def leave(connection: aiosmtplib.SMTP) -> None:
    """End the conversation politely, if there is one."""
    if connection.is_connected:
        try:
            await connection.quit()
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            connection.close()
