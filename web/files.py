"""A file from disk with Range, for downloads and films that a phone wants in pieces (RFC 9110 14)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Response
from litestar.response import Stream

from web.errors import Refused

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
SHOWN = frozenset(
    "image/png image/jpeg image/gif image/webp image/avif application/pdf text/plain video/mp4 video/webm video/quicktime "
    "video/ogg audio/mpeg audio/mp4 audio/ogg audio/wav audio/x-wav audio/webm audio/flac audio/aac".split()
)
"""What a browser may show by itself; anything else (SVG and HTML above all) is only ever saved."""


async def send_file(request: Any, path: Path, name: str, media_type: str) -> Response[Any]:
    """The file, or the part a Range header asks for; 404 when it is gone, 416 for a range outside it."""
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
    except FileNotFoundError:
        raise Refused(404) from None
    span = wanted(request.scope["state"]["headers"].get(b"range", b"").decode("latin-1"), size)
    kind = "inline" if media_type in SHOWN else "attachment"
    headers = {
        "content-disposition": f"{kind}; filename*=UTF-8''{quote(name, safe='')}", "accept-ranges": "bytes",
        "cache-control": "private, no-store", "content-security-policy": "default-src 'none'; sandbox",
    }  # fmt: skip
    if span is None:
        return Response(b"", status_code=416, media_type=media_type, headers={"content-range": f"bytes */{size}"})
    first, last = span
    headers["content-length"] = str(last - first + 1)
    if (first, last) != (0, size - 1):
        headers["content-range"] = f"bytes {first}-{last}/{size}"
    status = 206 if "content-range" in headers else 200
    if request.method == "HEAD":
        return Response(b"", status_code=status, media_type=media_type, headers=headers)
    return Stream(pieces(path, first, last), status_code=status, media_type=media_type, headers=headers)


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte to send; the whole file for no or several ranges, None for one that cannot be met."""
    match = RANGE.fullmatch(header.replace(" ", ""))
    if not match or match[1] == match[2] == "":
        return 0, size - 1
    if match[1] == "":
        length = min(int(match[2]), size)
        return (size - length, size - 1) if length else None
    first, last = int(match[1]), min(int(match[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


async def pieces(path: Path, first: int, last: int) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0:
            chunk = await asyncio.to_thread(file.read, min(CHUNK, left))
            if not chunk:
                return
            left -= len(chunk)
            yield chunk
