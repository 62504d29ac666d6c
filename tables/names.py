"""People's names, as far as they are known."""

from __future__ import annotations


def full_name(first_name: str, last_name: str, otherwise: str = "") -> str:
    return " ".join(part for part in (first_name, last_name) if part) or otherwise


def initials(first_name: str, last_name: str, email: str) -> str:
    """One or two capital letters for the avatar."""
    letters = "".join(part[:1] for part in (first_name, last_name) if part) or email[:1]
    return letters.upper()
