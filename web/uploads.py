"""A form with a file in it: streamed to disk as it comes, capped, and taken only behind a good form token (ASVS 5.2).

A route takes such forms when its options say so (`opt={"upload": True}`); any other answers 415. The browser sends the
fields in the order of the page, so the token comes first: bytes of a file are kept only when it has matched.
"""

from __future__ import annotations

import asyncio
import errno
import mimetypes
import os
import re
import secrets
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from litestar import Litestar, post
from multipart import MultipartError, PushMultipartParser, parse_options_header

from settings import settings
from web import csrf, edge
from web.errors import Refused
from web.tenancy import CONSOLE

FOLDER = settings.data_dir / "uploads"
"""Where a file lies until somebody wants it; on the same disk as where it goes."""
PIECE = 1024 * 1024
FIELD_BYTES = 64 * 1024
MOST_PARTS = 60
NAME_LENGTH = 200
UNKNOWN = "application/octet-stream"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

PARAMETER = re.compile(r"\\{\w+:str\\}")

types = mimetypes.MimeTypes()


def announce(app: Litestar) -> None:
    """Tell the edge which paths take files: it turns such forms away everywhere else before they are read."""
    edge.uploads[:] = [
        pattern_of(route.path)
        for route in app.routes
        if any(handler.opt.get("upload") for handler in getattr(route, "route_handlers", ()))
    ]


def pattern_of(path: str) -> re.Pattern[str]:
    """A route's path as it is asked for from outside."""
    outside = re.escape(path).replace(re.escape(CONSOLE), "/console", 1)
    return re.compile(PARAMETER.sub("[^/]+", outside))


@dataclass
class Taken:
    """A file as it was sent: its bytes lie at `path` until the form is done with."""

    path: Path
    name: str
    size: int = 0

    @property
    def media_type(self) -> str:
        """By the name's ending: what the browser says about it is the sender's word."""
        return (types.guess_type(self.name)[0] or UNKNOWN)[:100]

    async def read(self) -> bytes:
        return await asyncio.to_thread(self.path.read_bytes)

    async def move(self, target: Path) -> None:
        """Put it in its place, whole and on disk; raises OSError."""
        await asyncio.to_thread(target.parent.mkdir, parents=True, exist_ok=True, mode=0o700)
        await asyncio.to_thread(os.replace, self.path, target)


@dataclass
class Upload:
    """The fields of a form and its file, if one was sent. `problem` is `too_large`, `no_room` or empty."""

    fields: dict[str, str] = field(default_factory=dict)
    file: Taken | None = None
    problem: str = ""


def is_multipart(state: Any) -> bool:
    return state["headers"].get(b"content-type", b"").lower().startswith(b"multipart/")


@asynccontextmanager
async def upload_of(request: Any, most_bytes: int) -> AsyncIterator[Upload]:
    """The form with its file, of at most so many bytes; what is not moved away by the end is deleted.

    A form without a file may also come as a plain one, which has been checked already. Raises Refused: 403 for a bad
    token, 400 for what is no form.
    """
    state = request.scope["state"]
    reader = Reader(request, most_bytes)
    try:
        if is_multipart(state):
            await reader.read()
            state["form"] = reader.upload.fields
        else:
            reader.upload.fields = state["form"]
        yield reader.upload
    finally:
        await reader.discard()


class Reader:
    """Reads one multipart body, piece by piece."""

    def __init__(self, request: Any, most_bytes: int) -> None:
        self.request, self.state, self.most = request, request.scope["state"], most_bytes
        self.upload = Upload()
        self.trusted = False
        self.text, self.name = bytearray(), ""
        self.buffer, self.handle = bytearray(), -1
        self.path: Path | None = None

    async def read(self) -> None:
        kind, options = parse_options_header(self.state["headers"][b"content-type"].decode("latin-1"))
        try:
            with PushMultipartParser(
                options.get("boundary", ""), max_segment_count=MOST_PARTS, strict=kind == "multipart/form-data"
            ) as parser:
                async for chunk in self.request.stream():
                    if chunk:
                        for event in parser.parse(bytes(chunk)):
                            await self.take(event)
        except MultipartError:
            raise Refused(400) from None
        self.trust()

    async def take(self, event: Any) -> None:
        """The beginning of a part, some bytes of it, or (None) its end."""
        if isinstance(event, bytes | bytearray):
            await self.add(event)
        elif event is None:
            await self.end()
        elif event.filename is not None:
            await self.begin_file(event.filename)
        else:
            self.name, self.text = event.name or "", bytearray()

    async def begin_file(self, name: str) -> None:
        """An empty file field has no name; of several files the first is taken."""
        self.trust()
        self.name = ""
        if not name or self.upload.file:
            self.path = None
            return
        await asyncio.to_thread(FOLDER.mkdir, parents=True, exist_ok=True, mode=0o700)
        self.path = FOLDER / f"{secrets.token_hex(16)}.part"
        self.upload.file = Taken(self.path, safe_name(name))
        await self.on_disk(self.open)

    async def add(self, data: bytes | bytearray) -> None:
        if self.name:
            self.text += data
            if len(self.text) > FIELD_BYTES:
                raise Refused(413)
        elif self.path and self.upload.file:
            self.upload.file.size += len(data)
            if self.upload.file.size > self.most:
                self.upload.problem = self.upload.problem or "too_large"
            self.buffer += data
            if len(self.buffer) >= PIECE:
                await self.flush()

    async def end(self) -> None:
        if self.name:
            self.upload.fields.setdefault(self.name, printable(self.text.decode("utf-8", errors="replace")))
            self.name = ""
        elif self.path:
            await self.flush()
            if self.handle >= 0:
                await self.on_disk(self.close)
            self.path = None

    async def flush(self) -> None:
        """Write what has come; after a problem it is only read, so that the sender hears of it."""
        data, self.buffer = bytes(self.buffer), bytearray()
        if data and not self.upload.problem:
            await self.on_disk(lambda: write(self.handle, data))

    async def on_disk(self, work: Any) -> None:
        try:
            await asyncio.to_thread(work)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self.upload.problem = "no_room"

    def open(self) -> None:
        assert self.path is not None
        self.handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def close(self) -> None:
        handle, self.handle = self.handle, -1
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def trust(self) -> None:
        """Only our own page's form, with this session's token; asked before the first byte of a file."""
        if not self.trusted and not csrf.matches(self.state, self.upload.fields.get(csrf.FIELD, "")):
            raise Refused(403)
        self.trusted = True

    async def discard(self) -> None:
        if self.handle >= 0:
            os.close(self.handle)
        if self.upload.file:
            await asyncio.to_thread(self.upload.file.path.unlink, missing_ok=True)


def write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def printable(value: str) -> str:
    """What a database and a mail can hold: no NUL or other controls but line ends, no lone surrogates."""
    return "".join(sign for sign in value if sign in "\n\t" or (sign >= " " and not "\ud800" <= sign <= "\udfff"))


def safe_name(sent: str) -> str:
    """A file's name without folders, controls and signs that turn text around, cut so that its ending stays."""
    name = unicodedata.normalize("NFC", sent.replace("\\", "/").rpartition("/")[2])
    name = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C").strip(" .")
    ending = PurePosixPath(name).suffix[:20]
    return (name[: NAME_LENGTH - len(ending)] + ending if len(name) > NAME_LENGTH else name) or "file"


def file_form(path: str, **options: Any) -> Any:
    """A handler for a form with a file; `options` are the route's own, its role say."""
    return post(path, opt={"upload": True, **options}, request_max_body_size=None)
