"""WeasyPrint, where it is installed (the extra `pdf`): a document as PDF, made in one of two threads.

It reads the vendor's logo and our own static files from the disk, and asks nobody for anything.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlsplit

import structlog
from PIL import ImageFile

from integrations.pictures import MEDIA
from tables.hashing import Busy
from theming.assets import OUT

THREADS = 2
WAITING = 10
BASE = "http://paper.invalid/"
"""Where a paper's addresses are said to be: nowhere (RFC 2606)."""
FOLDERS = {"media": (MEDIA, re.compile(r"[0-9a-f]{64}\.(webp|png)")), "static": (OUT, re.compile(r"[\w.-]+"))}
"""What a paper may show, by the first part of its address."""
MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "svg": "image/svg+xml", "css": "text/css"}

log = structlog.get_logger("pdf")
threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pdf")
places = BoundedSemaphore(THREADS + WAITING)


@cache
def weasyprint() -> Any:
    """The library, or None where it or one of the system's libraries that it needs is missing."""
    try:
        logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells of every rule that is for screens alone
        library = importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        log.warning("no PDF", error=str(error)[:300])
        return None
    # It makes Pillow take broken pictures, for the whole process: those that people upload are still to be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return library


def available() -> bool:
    return weasyprint() is not None


async def make(html: str) -> bytes:
    """A document as PDF; raises tables.hashing.Busy when ten are waiting already. Ask `available` first."""
    if not places.acquire(blocking=False):
        raise Busy
    job = threads.submit(write, html)
    # Not in a `finally`: a request that is given up leaves its work in the queue.
    job.add_done_callback(lambda _: places.release())
    return await asyncio.wrap_future(job)


def write(html: str) -> bytes:
    """Tagged, with title and language (PDF/UA-1), in the calling thread."""
    page = weasyprint().HTML(string=html, base_url=BASE, url_fetcher=fetcher())
    return bytes(page.write_pdf(pdf_variant="pdf/ua-1"))


@cache
def fetcher() -> Any:
    """What WeasyPrint asks for every address in a document."""
    urls = importlib.import_module("weasyprint.urls")

    class Ours(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            content, media_type = kept(url)
            return urls.URLFetcherResponse(url, body=content, headers={"Content-Type": media_type})

    return Ours()


def kept(url: str) -> tuple[bytes, str]:
    """A file of ours by its address in a paper; raises ValueError for any other address, whoever would answer there."""
    parts = urlsplit(url)
    folder, _, name = parts.path.removeprefix("/").partition("/")
    if f"{parts.scheme}://{parts.netloc}/" != BASE or folder not in FOLDERS or parts.query:
        raise ValueError(f"not ours: {url[:200]}")
    place, pattern = FOLDERS[folder]
    if not pattern.fullmatch(name) or not (place / name).is_file():
        raise ValueError(f"not kept: {url[:200]}")
    return (place / name).read_bytes(), MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
