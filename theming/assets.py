"""Static files under names that hold their hash, with .br and .gz beside them; made at start, served for ever."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

import brotli

from settings import ROOT, settings

OUT = settings.data_dir / "static"
COMPRESSED = frozenset({".css", ".js", ".svg", ".txt"})
FAVICON = "favicon.svg"


def sources() -> dict[str, Path]:
    """Name → file: `app.css` is ours, `themes/press/press.css` an operator theme's."""
    found = {path.name: path for path in sorted((ROOT / "static").iterdir()) if path.is_file()}
    for path in sorted((ROOT / "themes").glob("*/static/*")):
        if path.is_file():
            found[f"themes/{path.parts[-3]}/{path.name}"] = path
    return found


@cache
def manifest() -> dict[str, str]:
    """Name → address, writing each file that is not there yet."""
    return {name: f"/static/{publish(name, path)}" for name, path in sources().items()}


def publish(name: str, path: Path) -> str:
    content = path.read_bytes()
    hashed = f"{Path(name).stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    target = OUT / Path(name).parent / hashed
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in COMPRESSED:
            keep_smaller(target.with_name(hashed + ".br"), brotli.compress(content, quality=11), content)
            keep_smaller(target.with_name(hashed + ".gz"), gzip.compress(content, 9, mtime=0), content)
        # Written aside and moved, so that a second process never serves half a file.
        partial = target.with_name(hashed + ".partial")
        partial.write_bytes(content)
        partial.replace(target)
    return str(Path(name).parent / hashed)


def keep_smaller(target: Path, packed: bytes, content: bytes) -> None:
    if len(packed) < len(content):
        target.write_bytes(packed)


def static(name: str) -> str:
    """The address of a static file for templates; raises KeyError for a name that does not exist."""
    return manifest()[name]
