"""How the SDK's requests travel. Imported only where a request is made, because it imports the SDK."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx
import stripe

BYTES_LIMIT = 8 * 1024 * 1024
TIMEOUT = httpx.Timeout(10.0)
AGENT = f"Stripe/v1 PythonBindings/{stripe.VERSION} CustomerCenter/1"

stripe.enable_telemetry = False
stripe.max_network_retries = 0


class Http(stripe.HTTPClient):
    """Stripe's own addresses alone, no redirects, no proxy of the environment, and an answer of 8 MB at most."""

    name = "httpx"

    def __init__(self, transport: httpx.AsyncBaseTransport | None) -> None:
        super().__init__()
        self.client = httpx.AsyncClient(
            transport=transport, timeout=TIMEOUT, trust_env=False, follow_redirects=False,
            verify=True if transport else trusted(),
        )  # fmt: skip

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        sent = {**headers, "User-Agent": AGENT}
        try:
            async with self.client.stream(method, url, headers=sent, content=post_data or None) as response:
                body = b""
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > BYTES_LIMIT:
                        raise stripe.APIConnectionError("Stripe answered with more than 8 MB at once")
        except httpx.TimeoutException:
            raise stripe.APIConnectionError("Stripe did not answer in time") from None
        except httpx.HTTPError as error:
            raise stripe.APIConnectionError(f"Stripe cannot be reached ({type(error).__name__})") from None
        return body, response.status_code, response.headers

    async def close_async(self) -> None:
        await self.client.aclose()


@cache
def trusted() -> ssl.SSLContext:
    """Read once: the list of authorities takes longer than a request."""
    return httpx.create_ssl_context()
