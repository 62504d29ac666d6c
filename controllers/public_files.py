"""What every host serves to anybody: the vendor's style sheet, pictures by hash, and the two files browsers ask for."""

from __future__ import annotations

import asyncio
import re

from litestar import Request, Response

from integrations.pictures import MEDIA
from settings import ROOT
from web.errors import Refused
from web.requests import Part, screen
from web.tenancy import by_slug

IMMUTABLE = "public, max-age=31536000, immutable"
PICTURE = re.compile(r"[0-9a-f]{64}\.(webp|png)")
FAVICON = (ROOT / "static" / "favicon.ico").read_bytes()
ROBOTS = "User-agent: *\nDisallow: /\n"


@screen("/theme/{slug:str}/{sheet:str}")
async def theme(request: Request, slug: Part, sheet: Part) -> Response:
    """`theme.<hash>.css`: kept for ever under its own hash; an older hash gets today's sheet for a minute."""
    center = await by_slug(slug)
    if center is None or not re.fullmatch(r"theme\.[0-9a-f]{12}\.css", sheet):
        raise Refused(404)
    current = sheet == f"theme.{center.style_hash}.css"
    headers = {"cache-control": IMMUTABLE if current else "public, max-age=60"}
    return Response(center.style.encode(), media_type="text/css", headers=headers)


@screen("/media/{name:str}")
async def media(request: Request, name: Part) -> Response:
    """A re-encoded picture by its hash: public, and nothing private is ever kept here."""
    match = PICTURE.fullmatch(name)
    try:
        content = await asyncio.to_thread((MEDIA / name).read_bytes) if match else None
    except FileNotFoundError:
        content = None
    if match is None or content is None:
        raise Refused(404)
    headers = {"cache-control": IMMUTABLE, "content-security-policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=f"image/{match[1]}", headers=headers)


@screen("/favicon.ico")
async def favicon(request: Request) -> Response:
    return Response(FAVICON, media_type="image/x-icon", headers={"cache-control": "public, max-age=86400"})


@screen("/robots.txt")
async def robots(request: Request) -> Response:
    """Nothing here is for search engines."""
    return Response(ROBOTS.encode(), media_type="text/plain", headers={"cache-control": "public, max-age=86400"})


ROUTES = [theme, media, favicon, robots]
