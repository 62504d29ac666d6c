"""Runs `trial.py`: what a source makes of the samples, or why it is refused, whatever it tries to do to its process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from theming.partials.limits import SOURCE_BYTES
from theming.partials.refused import N_, Refused
from theming.slots import Slot

SCRIPT = Path(__file__).with_name("trial.py")
SECONDS = 10
"""Of the clock: the two seconds of the processor can take longer on a busy machine."""
AT_ONCE = 2

places: dict[int, asyncio.Semaphore] = {}


class Shown(NamedTuple):
    html: Markup
    left_out: list[str]
    """Tags and attributes that were taken away."""


async def tried(slot: Slot, source: str, values: Any = None, *, origin: str | None = None) -> Shown:
    """What a source makes of `values` (of the samples, if None); raises Refused when it is not accepted or fails."""
    if len(source.encode(errors="replace")) > SOURCE_BYTES:
        raise Refused(N_("This is longer than %(most)s KB."), most=SOURCE_BYTES // 1024)
    asked = json.dumps({"slot": slot.name, "source": source, "values": values, "origin": origin})
    loop = asyncio.get_running_loop()
    async with places.setdefault(id(loop), asyncio.Semaphore(AT_ONCE)):
        answer = await answered(asked.encode())
    if answer is None:
        raise Refused(N_("It took too much time or memory when it was tried, so it is not used."))
    if "error" in answer:
        raise Refused(answer["error"], answer["line"], **answer["values"])
    return Shown(Markup(answer["html"]), answer["left_out"])  # noqa: S704 - cleaned in the child


async def answered(asked: bytes) -> dict[str, Any] | None:
    """The child's answer; None when it was ended, failed or said nothing. It inherits no environment."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(SCRIPT), env={}, cwd="/", stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(child.communicate(asked), SECONDS)
        return dict(json.loads(out)) if child.returncode == 0 else None
    except (TimeoutError, ValueError):
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
            await child.wait()
