"""The HTML of a mail, which we made from texts of others: only ever on an address of its own."""

from __future__ import annotations

from litestar import Response

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def alone(html: str) -> Response[bytes]:
    """The HTML part where it can neither run, nor send, nor load anything."""
    headers = {"content-security-policy": SANDBOX, "cache-control": "private, no-store"}
    return Response(html.encode(), media_type="text/html", headers=headers)
