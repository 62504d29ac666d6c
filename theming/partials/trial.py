"""Checks and renders one source in a process of its own with little time and memory: run by `trying`, as a script.

Reads one JSON object (slot, source, values, origin) and writes one: html and left_out, or error, line and values.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

CPU_SECONDS = 2
MEMORY = 256 * 1024 * 1024


def confine() -> None:
    """Before anything else is loaded: processor time, memory, no file written, and after everybody else."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)


def tried(asked: dict[str, Any]) -> dict[str, Any]:
    from theming.partials.cleaning import cleaned, left_out
    from theming.partials.kinds import samples
    from theming.partials.partial import Partial
    from theming.partials.refused import Refused
    from theming.slots import SLOTS

    slot = SLOTS[asked["slot"]]
    try:
        partial = Partial(slot, asked["source"])
    except Refused as refused:
        return {"error": refused.message, "line": refused.line, "values": refused.values}
    values = asked["values"]
    raw = partial.raw(samples(slot.variables) if values is None else values)
    return {"html": cleaned(raw, origin=asked["origin"]), "left_out": left_out(raw)}


if __name__ == "__main__":
    confine()
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    print(json.dumps(tried(json.load(sys.stdin))))  # noqa: T201
