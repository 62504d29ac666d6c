"""What every host serves to anybody: the vendor's style sheet, pictures by hash, and the two files browsers ask for."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from litestar import Request, Response

from integrations.gravatar import AVATARS
from integrations.pictures import MEDIA
from settings import ROOT
from web.errors import Refused
from web.requests import Part, screen
from web.tenancy import by_slug

IMMUTABLE = "public, max-age=31536000, immutable"
PICTURE = re.compile(r"[0-9a-f]{64}\.(webp|png)")
AVATAR = re.compile(r"[0-9a-f]{64}\.(webp)")
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
    return await picture(MEDIA, PICTURE.fullmatch(name))


@screen("/avatar/{name:str}")
async def avatar(request: Request, name: Part) -> Response:
    """A customer's picture by its hash, which says nothing of whose it is."""
    return await picture(AVATARS, AVATAR.fullmatch(name))


@screen("/favicon.ico")
async def favicon(request: Request) -> Response:
    return Response(FAVICON, media_type="image/x-icon", headers={"cache-control": "public, max-age=86400"})


@screen("/robots.txt")
async def robots(request: Request) -> Response:
    """Nothing here is for search engines."""
    return Response(ROBOTS.encode(), media_type="text/plain", headers={"cache-control": "public, max-age=86400"})


ROUTES = [theme, media, avatar, favicon, robots]


async def picture(folder: Path, name: re.Match[str] | None) -> Response:
    """A kept file of this name in this folder, which can do nothing but be looked at."""
    try:
        content = await asyncio.to_thread((folder / name[0]).read_bytes) if name else None
    except FileNotFoundError:
        content = None
    if name is None or content is None:
        raise Refused(404)
    headers = {"cache-control": IMMUTABLE, "content-security-policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=f"image/{name[1]}", headers=headers)
