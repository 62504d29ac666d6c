"""Error pages: fixed words, never an echo of the request, in the center's look and without the database."""

from __future__ import annotations

import sqlite3
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException

import database
from tables.hashing import Busy
from theming.words import _
from web import rendering

log = structlog.get_logger("errors")

RETRY_SECONDS = {429: 60, 503: 5}
PLAIN = ("/webhooks/", "/health/")


class SignedOut(Exception):
    """The page is for signed-in people."""


class ViewOnly(Exception):
    """Somebody of the staff looks at the center as a customer, and pressed what would change something."""


class Refused(Exception):
    """An answer with one of the fixed error pages."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def texts(status: int) -> tuple[str, str]:
    """Heading and explanation of an error page."""
    known = {
        400: (_("That request made no sense to us"), _("Please go back and try once more.")),
        403: (_("That was not allowed"), _("Nothing was changed. Open the page again and try from there.")),
        404: (_("Page not found"), _("Check the address, or start again from the beginning.")),
        405: (_("This page cannot do that"), _("Open the page itself and use its buttons.")),
        413: (_("That was too much at once"), _("Please send less and try again.")),
        414: (_("That address is too long"), _("Please start again from the beginning.")),
        415: (_("We cannot read that"), _("This form takes plain fields only.")),
        421: (_("No center here"), _("This server knows no center at this address.")),
        429: (_("Too many tries"), _("Please wait a minute and try again. Nothing is lost.")),
        431: (_("Your browser sent too much"), _("Clearing the cookies of this site should help.")),
        503: (_("We are busy for a moment"), _("Nothing is lost. Please try again in a few seconds.")),
    }
    return known.get(status) or (
        _("Something went wrong on our side"),
        _("We have noted it. Please try again; if it stays, tell us the reference below."),
    )


def status_of(error: Exception, state: Any) -> int:
    """The status for an exception, written to the log when it is our fault."""
    if isinstance(error, database.Unavailable | sqlite3.OperationalError):
        log.error("database unavailable", id=state["request_id"], error=str(error)[:300])
        return 503
    if isinstance(error, Busy):
        return 503
    if type(error).__name__ == "TooLarge":
        return 413
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, HTTPException):
        # Bad parameters are pages that do not exist; Litestar's own text would echo them.
        return 404 if error.status_code == 400 else error.status_code
    log.error("unhandled", id=state["request_id"], exc_info=error)
    return 500


def page(scope: Any, status: int) -> tuple[bytes, str]:
    """The body of an error with its media type: HTML for people, a short line for machines."""
    if scope["path"].startswith(PLAIN):
        return f'{{"error": "{status}"}}\n'.encode(), "application/json"
    heading, text = texts(status)
    state = scope["state"]
    home = state["center"].url("/") if status not in (413, 421) else None
    html = rendering.page(
        scope, "errors/error", layout="narrow", title=heading, status=status, heading=heading, text=text,
        reference=state["request_id"] if status == 500 else None,
        action={"label": _("Go to the start page"), "href": home} if home else None,
    )  # fmt: skip
    return html.encode(), "text/html; charset=utf-8"


def extra_headers(status: int, allow: str | None = None) -> dict[str, str]:
    headers = {"vary": "Cookie, HX-Request", "cache-control": "no-store"}
    if status in RETRY_SECONDS:
        headers["retry-after"] = str(RETRY_SECONDS[status])
    if status == 405:
        headers["allow"] = allow or "GET, HEAD, POST"
    return headers


async def send(scope: Any, send: Any, status: int, allow: str | None = None) -> None:
    """Answer with an error page from outside Litestar."""
    body, media_type = page(scope, status)
    headers = {"content-type": media_type, "content-length": str(len(body)), **extra_headers(status, allow)}
    await send({
        "type": "http.response.start", "status": status,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    })  # fmt: skip
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body, "page": True})


def handle(request: Any, error: Exception) -> Response[bytes]:
    """Litestar's handler for every exception."""
    if isinstance(error, SignedOut):
        return rendering.to_sign_in(request)
    if isinstance(error, ViewOnly):
        return rendering.view_only(request)
    status = status_of(error, request.scope["state"])
    allow = (getattr(error, "headers", None) or {}).get("Allow")
    body, media_type = page(request.scope, status)
    headers = extra_headers(status, allow)
    if isinstance(error, Busy):
        headers["retry-after"] = str(error.retry_after)
    # Litestar adds the charset itself.
    media_type = media_type.partition(";")[0]
    return Response(body, status_code=status, media_type=media_type, headers=headers)
