"""The document that a PDF is made of: the same paper as on the page, with all it needs inside it."""

from __future__ import annotations

from functools import cache
from typing import Any

from settings import ROOT
from theming import words
from theming.center import Center
from theming.environment import environment


@cache
def sheet() -> str:
    return (ROOT / "static" / "paper.css").read_text()


def document(center: Center, template: str, paper: dict[str, Any], size: str) -> str:
    """HTML for `print/<template>.html` on sheets of this size (`A4`, `letter`)."""
    tag = words.language.get()
    return environment(center.theme).get_template("print/_document.html").render(
        partial=f"print/{template}.html", paper=paper, size=size, sheet=sheet(), look=center.paper_style,
        title=f"{paper['kind']} {paper['number']}", lang=tag.replace("_", "-"), dir=words.direction(tag),
    )  # fmt: skip
