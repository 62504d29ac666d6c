"""What pages and mails say about accounts."""

from __future__ import annotations

from typing import Any

from theming.words import _

PROCESSORS = {"stripe": "Stripe", "payments_ai": "Payments AI"}


def what_moves() -> list[str]:
    """What becomes one when two accounts do."""
    return [
        _("Orders, subscriptions, invoices and credit memos"), _("Courses and the lessons you have completed"),
        _("Addresses, phone numbers and payment methods"),
    ]  # fmt: skip


def spent_title(reason: str) -> str:
    """The title of a mailed link's page when it does nothing any more: the same as its heading."""
    return {
        "done": _("This is done already"), "used": _("This link was already used"), "expired": _("This link is too old"),
        "worn": _("This link was tried too often"),
    }.get(reason, _("This link does not work"))  # fmt: skip


def payment_method(row: Any) -> dict[str, Any]:
    """A payment method's name and its reference's end. row has processor and reference."""
    name = PROCESSORS.get(row["processor"], row["processor"])
    return {
        "label": _("Payment method with %(name)s", name=name) if name else _("Payment method"),
        "detail": _("Reference ending in %(tail)s", tail=row["reference"][-4:]),
    }  # fmt: skip
