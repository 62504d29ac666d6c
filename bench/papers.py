"""What a PDF costs: an invoice of 200 lines, beside a bare table of as many rows and an invoice of 20.

    python -m bench.papers

All three take turns, and the ratios are taken round by round, so that a machine that slows down slows all of them.
No more than a second is wanted for 200 lines.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from integrations import pdf
from tables.paper import Figures, Piece, balanced
from theming import words
from theming.center import NOBODYS
from theming.paper_document import document
from theming.paper_words import PaperWords

ROUNDS = 7
LINES, FEW = 200, 20
CONTENT = {
    "number": "INV-7", "order": "1001", "issued_at": "2026-11-20T10:00:00+00:00", "due_at": None, "currency": "EUR",
    "status": "paid", "paid_at": "2026-11-20T10:00:00+00:00", "payment": {"processor": "stripe", "brand": "", "last4": ""},
    "seller": {"name": "Acme", "legal_name": "Acme Inc.", "postal_address": "1 Hive Lane", "tax_number": "12-34",
               "paper_footer": "Thank you"},
    "buyer": {"name": "Alice Ames", "company": "Honey GmbH", "vat": "DE123456789", "place": {"country": "DE"}},
}  # fmt: skip


def main() -> None:
    made: dict[str, list[float]] = {"page": [], "pdf": [], "few": [], "bare": []}
    pdf.write(bare(FEW))  # fonts are looked for once
    for _ in range(ROUNDS):
        html, seconds = timed(lambda: paper(LINES))
        made["page"].append(seconds)
        for name, source in (("pdf", html), ("few", paper(FEW)), ("bare", bare(LINES))):
            made[name].append(timed(lambda source=source: pdf.write(source))[1])
    costs = {f"{name}_ms": round(statistics.median(times) * 1000) for name, times in made.items()}
    for name in ("few", "bare"):
        ratios = [one / other for one, other in zip(made["pdf"], made[name], strict=True)]
        costs[f"pdf_to_{name}"] = round(statistics.median(ratios), 2)
    print(json.dumps(costs | {"lines": LINES, "bytes": len(pdf.write(paper(LINES)))}))


def paper(lines: int) -> str:
    """An invoice with every column, as the PDF is made of it."""
    sums = balanced(Figures(shipping=1200, discount=300), [
        Piece(f"Frame {place}, pine", 2, 1000, 190, starts="2026-11-01T00:00:00+00:00") for place in range(lines)
    ])  # fmt: skip
    content = CONTENT | sums | {"paid": sums["total"], "due": 0}
    with words.speaking("en"):
        spoken = PaperWords(NOBODYS)
        return document(NOBODYS, "invoice", spoken.invoice(content), spoken.size(content))


def bare(lines: int) -> str:
    """As many rows with no look at all: what WeasyPrint takes whatever we do."""
    row = "<tr><th>Frame, pine<br>November 1, 2026</th><td>2</td><td>€5.00</td><td>€1.90</td><td>€10.00</td></tr>"
    return (
        f'<html lang="en"><head><title>x</title></head><body><table><tbody>{row * lines}</tbody></table></body></html>'
    )


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    done = work()
    return done, time.perf_counter() - started


if __name__ == "__main__":
    main()
