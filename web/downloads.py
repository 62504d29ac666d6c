"""Texts that were sent to us by others, as files: saved, and never shown by a browser as anything else."""

from __future__ import annotations

from litestar import Response


def as_text(text: str, name: str) -> Response[bytes]:
    """A text file with this name (plain letters, digits, hyphens and dots)."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(text.encode("utf-8", "replace"), media_type="text/plain", headers=headers)
