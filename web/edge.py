"""The outermost layer: limits before any parsing, one strict reader of cookies, headers on every response.

Pure ASGI around Litestar, because 404, 405, 413 and 500 answers pass no middleware there.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from settings import settings
from theming.center import NOBODYS
from web import errors

ASGI = Callable[[Any, Any, Any], Awaitable[None]]

BODY_LIMIT = 64 * 1024
WEBHOOK_BODY_LIMIT = 1024 * 1024
UPLOAD_BODY_LIMIT = 256 * 1024 * 1024
"""The most that is read of a form with a file; the route's own limit is smaller, and says so in words."""
LENGTH_DIGITS = 12
PATH_LIMIT = 2048
QUERY_LIMIT = 4096
HEADERS_LIMIT = 100
HEADER_BYTES_LIMIT = 32 * 1024
METHODS = frozenset({"GET", "HEAD", "POST"})

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
    "connect-src": "'self'", "media-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "object-src": "'none'", "manifest-src": "'self'",
}  # fmt: skip
PERMISSIONS = ", ".join(
    f"{feature}=()" for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
log = structlog.get_logger("http")


class TooLarge(Exception):
    """The body is longer than this route may take."""


def policy(frames: tuple[str, ...] = (), forms: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy; a lesson page alone may name hosts it frames a film from.

    Only a page whose form leads on to the payment gateway names that: browsers hold `form-action` against the redirect.
    """
    directives = POLICY | ({"frame-src": " ".join(frames)} if frames else {})
    directives |= {"form-action": " ".join(("'self'", *forms))} if forms else {}
    return "; ".join(f"{name} {value}" for name, value in directives.items())


HEADERS = [
    (b"content-security-policy", policy().encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
    *([(b"strict-transport-security", b"max-age=31536000")] if settings.secure else []),
]
"""What every response carries unless it says otherwise itself."""


class Edge:
    def __init__(self, app: ASGI) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            # No WebSockets here: refuse the handshake.
            return await send({"type": "websocket.close", "code": 1008})
        started = time.perf_counter()
        headers = dict(scope["headers"])
        state = scope["state"] = {
            **(scope.get("state") or {}), "request_id": secrets.token_hex(8), "headers": headers, "center": NOBODYS,
            "cookies": read_cookies(scope["headers"]), "ip": client_ip(scope, headers), "person": None,
        }  # fmt: skip
        reply = Reply(scope, send)
        try:
            refused = refusal(scope, headers)
            if refused:
                await errors.send(scope, reply.send, refused)
            else:
                await self.app(scope, limited(receive, body_limit(scope, headers)), reply.send)
        except Exception as error:
            if reply.started:
                raise
            await errors.send(scope, reply.send, errors.status_of(error, state))
        finally:
            log.info(
                "request", id=state["request_id"], method=scope["method"], status=reply.status,
                route=scope.get("path_template", ""), vendor=state["center"].slug,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )  # fmt: skip


class Reply:
    """Sends a response with the headers every response has; an error without a page gets one."""

    def __init__(self, scope: Any, send: Any) -> None:
        self.scope, self.raw, self.status, self.started, self.replaced = scope, send, 0, False, False

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            if self.lacks_page(message):
                self.replaced = True
                return await errors.send(self.scope, self.send, message["status"], allow=allow_of(message))
            self.started, self.status = True, message["status"]
            message["headers"] = self.complete(message["headers"])
        elif self.replaced and not message.pop("page", False):
            return
        elif self.scope["method"] == "HEAD":
            # Litestar sends the page all the same.
            message["body"] = b""
        await self.raw(message)

    def lacks_page(self, message: Any) -> bool:
        """Errors from the static files come without a body."""
        if self.replaced or message["status"] < 400:
            return False
        return not any(name.lower() == b"content-type" for name, _ in message["headers"])

    def complete(self, headers: Any) -> list[tuple[bytes, bytes]]:
        """The response's own headers, and each standard one that it does not set itself."""
        given = {name.lower() for name, _ in headers}
        state = self.scope["state"]
        frames, forms = state.get("frames", ()), state.get("form_targets", ())
        if frames or forms:
            headers = [*headers, (b"content-security-policy", policy(frames, forms).encode())]
            given.add(b"content-security-policy")
        headers = [*headers, *((b"set-cookie", value.encode()) for value in state.get("more_cookies", ()))]
        standard = [pair for pair in HEADERS if pair[0] not in given]
        return [*headers, *standard, (b"x-request-id", state["request_id"].encode())]


def allow_of(message: Any) -> str | None:
    return next((value.decode() for name, value in message["headers"] if name.lower() == b"allow"), None)


def refusal(scope: Any, headers: Mapping[bytes, bytes]) -> int | None:
    """The status to refuse a request with before anything reads it, or None."""
    if scope["method"] not in METHODS:
        return 405
    if len(scope["headers"]) > HEADERS_LIMIT or sum(len(n) + len(v) for n, v in scope["headers"]) > HEADER_BYTES_LIMIT:
        return 431
    if len(scope["path"]) > PATH_LIMIT or not well_formed(scope["path"]):
        return 404
    if len(scope["query_string"]) > QUERY_LIMIT:
        return 414
    if sum(1 for name, _ in scope["headers"] if name == b"host") != 1:
        return 400
    if is_multipart(headers) and not takes_files(scope):
        return 415
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > LENGTH_DIGITS or int(length) > body_limit(scope, headers):
        return 413
    return None


def well_formed(path: str) -> bool:
    """No control or replacement characters, no backslash, no empty or dotted segment."""
    return (
        path.isprintable() and "\ufffd" not in path and "\\" not in path and "//" not in path
        and not any(part in (".", "..") for part in path.split("/"))
    )  # fmt: skip


uploads: list[re.Pattern[str]] = []
"""Paths that take files: filled from the routes' `upload` option at start (web/uploads)."""


def is_multipart(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").lower().startswith(b"multipart/")


def takes_files(scope: Any) -> bool:
    return scope["method"] == "POST" and any(pattern.fullmatch(scope["path"]) for pattern in uploads)


def body_limit(scope: Any, headers: Mapping[bytes, bytes]) -> int:
    if is_multipart(headers) and takes_files(scope):
        return UPLOAD_BODY_LIMIT
    return WEBHOOK_BODY_LIMIT if scope["path"].startswith("/webhooks/") else BODY_LIMIT


def limited(receive: Any, limit: int) -> Any:
    """`receive` that stops a chunked body at the limit."""
    taken = 0

    async def counted() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise TooLarge
        return message

    return counted


def read_cookies(headers: Any) -> dict[str, str]:
    """Cookies by exact name from the raw header; one that comes twice counts as absent.

    Litestar's reader strips Unicode spaces from names and lets the last of two win, which lets a sibling host pass
    its own cookie off as ours. lynx sends `SameSite=lax` as a cookie: it is one more name.
    """
    cookies: dict[str, str] = {}
    twice = set()
    for name, value in headers:
        if name != b"cookie":
            continue
        for part in value.split(b"; "):
            key, equals, content = part.partition(b"=")
            if not equals or not key.isascii() or not content.isascii() or len(content) > 200:
                continue
            twice.add(key.decode()) if key.decode() in cookies else cookies.__setitem__(key.decode(), content.decode())
    return {name: value for name, value in cookies.items() if name not in twice}


def client_ip(scope: Any, headers: Mapping[bytes, bytes]) -> str:
    """The visitor's address: the rightmost one in X-Forwarded-For that is no trusted proxy, if a proxy is trusted."""
    peer = (scope.get("client") or ("",))[0]
    if not settings.trusted_proxies:
        return peer
    chain = [part.strip() for part in headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")]
    for candidate in [peer, *reversed(chain)]:
        try:
            address = ipaddress.ip_address(candidate)
        except ValueError:
            return peer
        if not any(address in network for network in settings.trusted_proxies):
            return str(address)
        peer = candidate
    return peer


def ip_prefix(ip: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one: one household or office counts once."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{32 if address.version == 4 else 64}", strict=False))
