"""The only module that sends text messages: one JSON POST to the operator's gateway (docs/settings.md)."""

from __future__ import annotations

from typing import Any

import httpx

from settings import settings
from tables.mail import Refused, Unreachable, opened

TIMEOUT = httpx.Timeout(20, connect=5)
LATER = frozenset({401, 408, 425, 429})
"""Refusals that say nothing of the message: a wrong token, a timeout, too many at once (RFC 9110, RFC 6585)."""


def client() -> httpx.AsyncClient:
    """A connection to the gateway that follows no redirects: they could carry the token elsewhere."""
    headers = {"authorization": f"Bearer {settings.sms_token}"} if settings.sms_token else {}
    return httpx.AsyncClient(timeout=TIMEOUT, headers=headers, follow_redirects=False)


async def deliver(connection: httpx.AsyncClient, row: Any) -> None:
    """Hand one message over; raises Refused or Unreachable. The id lets a gateway drop what it was sent twice."""
    message = {"to": row["recipient"], "text": opened(row, "body_text").strip()}
    try:
        answer = await connection.post(
            settings.sms_url or "", json=message, headers={"idempotency-key": row["public_id"]}
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise Unreachable(type(error).__name__) from None
    if answer.is_success:
        return
    permanent = answer.status_code < 500 and answer.status_code not in LATER
    raise (Refused if permanent else Unreachable)(f"the gateway answered {answer.status_code}")
