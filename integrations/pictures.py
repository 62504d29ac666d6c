"""Pictures from public addresses, fetched with care and kept re-encoded: no visitor's browser goes there itself.

Only public addresses are called (a name is resolved once and that very address is used), redirects are followed by
hand, size and pixels are capped, and what is kept is a fresh WebP without any of the original's bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import ipaddress
import socket
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx
from PIL import Image, ImageOps

from settings import settings

MEDIA = settings.data_dir / "media"
BYTES_LIMIT = 8 * 1024 * 1024
PIXELS_LIMIT = 40_000_000
WIDEST = 1600
REDIRECTS = 3
TIMEOUT = httpx.Timeout(10.0)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITY = 82


class Unusable(Exception):
    """The address or what it serves cannot be used; the text says why, for the operator."""


class Absent(Unusable):
    """There is no picture at this address."""


class Kept(NamedTuple):
    path: str
    width: int
    height: int


async def fetch(url: str, folder: Path = MEDIA) -> Kept:
    """Fetch a picture and keep it in a folder; raises Unusable."""
    for _ in range(REDIRECTS + 1):
        response, content = await get(url)
        if response.is_redirect:
            url = urljoin(url, response.headers.get("location", ""))
            continue
        if response.status_code in (404, 410):
            raise Absent(f"answered {response.status_code}")
        if response.status_code != 200:
            raise Unusable(f"answered {response.status_code}")
        return await asyncio.to_thread(keep, content, folder)
    raise Unusable("too many redirects")


async def get(url: str) -> tuple[httpx.Response, bytes]:
    """One request to the address a name stands for, never to a private one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Unusable("not a web address")
    ip = await public_address(parts.hostname)
    netloc = f"[{ip}]" if ":" in ip else ip
    target = urlunsplit(parts._replace(netloc=f"{netloc}:{parts.port}" if parts.port else netloc, fragment=""))
    headers = {"host": parts.netloc, "user-agent": "CustomerCenter/1 (pictures)", "accept": "image/*"}
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
            request = client.build_request("GET", target, headers=headers, extensions={"sni_hostname": parts.hostname})
            response = await client.send(request, stream=True)
            try:
                return response, await limited(response)
            finally:
                await response.aclose()
    except httpx.HTTPError as error:
        raise Unusable(type(error).__name__) from None


async def limited(response: httpx.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > BYTES_LIMIT:
            raise Unusable("larger than 8 MB")
    return content


async def public_address(host: str) -> str:
    """The first address of a host, when all of them are public; raises Unusable."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unusable("unknown host") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Unusable("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global and not ip.is_multicast


def keep(content: bytes, folder: Path = MEDIA) -> Kept:
    """Re-encode a picture as WebP under its own hash; raises Unusable for what is no picture or too large."""
    upright = decode(content, PIXELS_LIMIT, WIDEST)
    return store(upright, folder, "webp", quality=QUALITY)


def decode(content: bytes, most_pixels: int, widest: int) -> Image.Image:
    """The first picture of a file, upright and no wider than that; its size is known before anything is unpacked."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > most_pixels:
                raise Unusable(f"more than {most_pixels // 1_000_000} million pixels")
            upright = ImageOps.exif_transpose(image).convert("RGBA" if has_alpha(image) else "RGB")
    except Unusable:
        raise
    # A file made to confuse its reader can end in about any error there is.
    except Exception as error:
        raise Unusable(f"not a picture: {type(error).__name__}") from None
    upright.thumbnail((widest, widest * 4))
    return upright


def store(image: Image.Image, folder: Path, suffix: str, **options: Any) -> Kept:
    """Write a picture anew, without any of the original's bytes, under the hash of what was written."""
    out = io.BytesIO()
    clean = Image.frombytes(image.mode, image.size, image.tobytes())
    clean.save(out, suffix.upper(), **options)
    name = f"{hashlib.sha256(out.getvalue()).hexdigest()}.{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{name}.partial"
    partial.write_bytes(out.getvalue())
    partial.replace(folder / name)
    return Kept(name, clean.width, clean.height)


def has_alpha(image: Image.Image) -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
