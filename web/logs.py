"""One line for each event: JSON in production, readable in development; never a token, a code or an address."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from settings import settings

ADDRESS = re.compile(r"[^\s@\"'<>]+@[^\s@\"'<>]+")
SECRET = re.compile(r"(sign-in/link/|password/|token=)[\w%.~-]+")


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """The last net: whatever an exception's text may carry, addresses and tokens do not reach the log."""
    return {name: clean(value) if isinstance(value, str) else value for name, value in event.items()}


def clean(text: str) -> str:
    """The text without addresses and tokens."""
    if "@" in text:
        text = ADDRESS.sub("…@…", text)
    return SECRET.sub(r"\1…", text) if "/" in text or "=" in text else text


def configure() -> None:
    """Set up structlog for this process; what uvicorn and other libraries log goes the same way, redacted too."""
    plain = settings.log_format == "text"
    steps: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    last = structlog.dev.ConsoleRenderer(colors=False) if plain else structlog.processors.JSONRenderer()
    theirs = logging.StreamHandler(sys.stderr)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    theirs.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=steps, processors=[remove, last], use_get_message=True)
    )
    logging.basicConfig(handlers=[theirs], level=logging.WARNING, force=True)
    structlog.configure(
        processors=[*steps, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=settings.production,
    )
