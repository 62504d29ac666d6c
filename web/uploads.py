"""Forms with a file in them: only on routes that say so, and only after the form's own fields have been checked.

A route asks for it with `opt={"upload": <bytes of the largest file>}`; everywhere else multipart is refused unread (415).
"""

from __future__ import annotations

import io
import re
from typing import Any, NamedTuple

from litestar import Litestar
from multipart import MultipartError, MultipartParser, parse_options_header

from web import edge
from web.errors import Refused
from web.tenancy import CONSOLE

OPTION = "upload"
OVERHEAD = 32 * 1024
"""What the other fields and the lines between them may take besides the file."""
MOST_PARTS = 40
LONGEST_FIELD = 32 * 1024
PARAMETER = re.compile(r"\\{\w+:str\\}")


class Upload(NamedTuple):
    """A file that was sent. What it was called and what it says it is, is for nobody to believe, so it is not kept."""

    content: bytes


def announce(app: Litestar) -> None:
    """Tell the edge which paths take files, and how large: it turns the others away before they are read."""
    edge.uploads[:] = [
        (pattern_of(route.path), handler.opt[OPTION] + OVERHEAD)
        for route in app.routes
        for handler in getattr(route, "route_handlers", ())
        if OPTION in handler.opt
    ]


def pattern_of(path: str) -> re.Pattern[str]:
    """A route's path as it is asked for from outside."""
    outside = re.escape(path).replace(re.escape(CONSOLE), "/console", 1)
    return re.compile(PARAMETER.sub("[^/]+", outside))


def parts(content_type: bytes, body: bytes) -> tuple[list[tuple[str, str]], dict[str, Upload]]:
    """The fields in their order, and the files by the names of their fields; raises Refused for what is neither."""
    kind, options = parse_options_header(content_type.decode("latin-1"))
    if kind.lower() != "multipart/form-data" or not options.get("boundary"):
        raise Refused(400)
    fields: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    try:
        parser = MultipartParser(
            io.BytesIO(body), options["boundary"], content_length=len(body), strict=True, part_limit=MOST_PARTS,
            spool_limit=len(body) + 1, memory_limit=2 * len(body) + 1, disk_limit=0,
        )  # fmt: skip
        for part in parser:
            if part.filename is None:
                fields.append((part.name, text(part)))
            elif part.size:
                files.setdefault(part.name, Upload(part.raw))
    except (MultipartError, UnicodeError, LookupError):
        raise Refused(400) from None
    return fields, files


def text(part: Any) -> str:
    if part.size > LONGEST_FIELD:
        raise Refused(400)
    return str(part.raw.decode("utf-8", "replace"))
