"""A small client for ClickFunnels' API v2 (ClickFunnels docs: authentication, pagination, rate-limiting).

Only the vendor's own host at ClickFunnels is ever asked, redirects are followed nowhere, and requests keep a distance.
No request is ever repeated here: ClickFunnels knows no idempotency keys (see integrations/billing/clickfunnels.py).
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, Self

import httpx

import database
from integrations.clickfunnels.envelope import DEEPEST, depth
from integrations.clickfunnels.values import clean
from settings import settings
from tables.vendor import CLICKFUNNELS

SUBDOMAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
SCOPE = re.compile(r"\b[a-z_/]+:(?:read|write|delete)\b")
CURSOR = re.compile(r"[\w-]{1,64}")
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
BYTES_LIMIT = 16 * 1024 * 1024
PACE = 0.5
"""Seconds from one request to the next: the limit is dynamic and not published, and nobody is in a hurry."""
LONGEST_WAIT = 3600
TRANSPORT: httpx.AsyncBaseTransport | None = None
"""What carries the requests: the network, or in tests the stand-in in their own process."""
JSON = {"content-type": "application/json"}
HEADERS = {"accept": "application/json", "user-agent": "CustomerCenter/1"}
DONE = frozenset({200, 201, 202})
UNSURE_SECONDS = 120.0
"""How long to let a request rest whose answer was lost: it may still be carried out."""
SCOPES = {
    "contacts": "contacts:read", "courses": "courses:read", "orders": "store:read", "products": "store:read",
    "fulfillments": "store:read",
}  # fmt: skip
"""The scope a list asks for, where the answer does not name it."""


class Refused(Exception):
    """ClickFunnels will not answer this, now or later; the text says why and what to do."""


class Missing(Refused):
    """There is no such thing in the workspace."""


class Busy(Exception):
    """ClickFunnels cannot answer now; `seconds` is what it asks to wait, if it says so."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class Locked(Refused):
    """The token opens nothing, or too little: only the vendor can mend it."""


class Page(NamedTuple):
    """Twenty records at most, and after which one the next page begins."""

    records: list[dict[str, Any]]
    next: str | None


class Api:
    """The API of one workspace: `async with Api("acme", token) as api`."""

    def __init__(self, subdomain: str, token: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        base = origin(subdomain)
        self.client = httpx.AsyncClient(
            base_url=f"{base}/api/v2", transport=transport or TRANSPORT, timeout=TIMEOUT, trust_env=False,
            headers={**HEADERS, "authorization": f"Bearer {header_safe(token)}"}, follow_redirects=False,
        )  # fmt: skip
        self.pace, self.earliest = PACE if base.endswith(CLICKFUNNELS) else 0.0, 0.0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def page(self, path: str, after: str | None = None) -> Page:
        """One page of a list, oldest first. Raises Refused, Missing, Busy."""
        response, found = await self.get(path, {"sort_order": "asc", **({"after": after} if after else {})})
        if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
            raise Busy("ClickFunnels answered with something that is not a list")
        following = response.headers.get("pagination-next", "").strip()
        if following and (not CURSOR.fullmatch(following) or following == after):
            raise Refused("The pages of ClickFunnels' list lead nowhere")
        return Page(found, following if found and following else None)

    async def record(self, path: str) -> dict[str, Any]:
        """One record. Raises Refused, Missing, Busy."""
        _, found = await self.get(path, {})
        if not isinstance(found, dict):
            raise Busy("ClickFunnels answered with something that is not a record")
        return found

    async def post(self, path: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for something to be done, once. Raises Refused, Missing, Busy; after Busy it may have been done.

        It was done whatever the answer holds: one that cannot be read is as good as an empty one.
        """
        _, body = await self.asked("POST", path, content=json.dumps(payload), headers=JSON)
        try:
            found = parsed(body)
        except (Refused, Busy):
            return {}
        return found if isinstance(found, dict) else {}

    async def get(self, path: str, query: Mapping[str, str]) -> tuple[httpx.Response, Any]:
        response, body = await self.asked("GET", path, params=query)
        return response, parsed(body)

    async def asked(self, method: str, path: str, **options: Any) -> tuple[httpx.Response, bytes]:
        await self.keep_pace()
        rest = UNSURE_SECONDS if method == "POST" else None
        try:
            async with self.client.stream(method, path, **options) as response:
                body = await limited(response)
        except httpx.TimeoutException:
            raise Busy("ClickFunnels did not answer in time", rest) from None
        except httpx.HTTPError as error:
            raise Busy(f"ClickFunnels cannot be reached ({type(error).__name__})", rest) from None
        if response.status_code not in (DONE if method == "POST" else {200}):
            raise trouble(path, response, body, method)
        return response, body

    async def keep_pace(self) -> None:
        now = time.monotonic()
        wait, self.earliest = self.earliest - now, max(self.earliest, now) + self.pace
        if wait > 0:
            await asyncio.sleep(wait)


def origin(subdomain: str) -> str:
    """Where the token is sent. Raises Refused for what is no subdomain; CLICKFUNNELS_URL is refused in production."""
    if not SUBDOMAIN.fullmatch(subdomain):
        raise Refused("The subdomain is the first part of your ClickFunnels address, such as acme")
    if settings.clickfunnels_url and not settings.production:
        return settings.clickfunnels_url
    return f"https://{subdomain}{CLICKFUNNELS}"


def header_safe(token: str) -> str:
    """A token as it can stand in a header; raises Refused for one that cannot be one."""
    if not re.fullmatch(r"[\x21-\x7e]{1,500}", token):
        raise Refused("This is not an API token of ClickFunnels")
    return token


async def limited(response: httpx.Response) -> bytes:
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > BYTES_LIMIT:
            raise Refused("ClickFunnels answered with more than 16 MB at once")
    return body


def parsed(body: bytes) -> Any:
    text = body.decode("utf-8", errors="replace").replace("\x00", "\ufffd")
    if depth(text) > DEEPEST:
        raise Refused("ClickFunnels answered with something that nests too deep")
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError:
        raise Busy("ClickFunnels answered with something that is not JSON") from None


def trouble(path: str, response: httpx.Response, body: bytes, method: str = "GET") -> Exception:
    """What an answer other than 200 means, in plain words."""
    status, said = response.status_code, explanation(body)
    if status == 401:
        return Locked("ClickFunnels does not know this API token, or it was revoked. Make a new one and enter it here.")
    if status == 403:
        scope, lacked = SCOPE.search(said), "store:write" if method == "POST" else scope_of(path)
        return Locked(
            f"The API token may not {'change this' if method == 'POST' else 'read this list'}: it lacks the scope "
            f"{scope[0] if scope else lacked}. Give it that scope in ClickFunnels, or enter another token."
        )
    if status == 404:
        return Missing(f"ClickFunnels has nothing at {path}")
    if status in (408, 425, 429) or status >= 500:
        why = "asks us to slow down" if status == 429 else f"has trouble (it answered {status})"
        unsure = UNSURE_SECONDS if method == "POST" and status not in (425, 429) else None
        return Busy(f"ClickFunnels {why}", retry_after(response.headers.get("retry-after", "")) or unsure)
    if response.is_redirect:
        return Refused("ClickFunnels sends us to another address; check the subdomain")
    return Refused(f"ClickFunnels refused the request ({status}{f': {said}' if said else ''})")


def explanation(body: bytes) -> str:
    try:
        answer = json.loads(body)
    except ValueError:
        return ""
    error = answer.get("error") if isinstance(answer, dict) else None
    return " ".join(clean(error).split())[:200] if isinstance(error, str) else ""


def scope_of(path: str) -> str:
    return next((scope for part, scope in SCOPES.items() if part in path), "read")


def retry_after(value: str) -> float | None:
    """Seconds, or a date, as seconds (RFC 9110, 10.2.3); an hour at most."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        seconds = float(value)
    else:
        try:
            date = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - database.now()).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)
