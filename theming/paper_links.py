"""The addresses of papers, for pages and mails alike."""

from __future__ import annotations

from typing import Any

from tables.invoice import OWN_PAPER


def invoice_path(order: Any, invoice: Any = None) -> str:
    """The page of an invoice below the center (`/account/orders/…`); without an invoice the order's own paper."""
    return f"/account/orders/{order.number}/invoices/{invoice.paper_name if invoice else OWN_PAPER}"


def memo_path(memo: Any) -> str:
    """The page of a credit memo below the center."""
    return f"/account/credit-memos/{memo.number}"


def pdf(path: str) -> str:
    """The same paper as a file."""
    return f"{path}/pdf"
