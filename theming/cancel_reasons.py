"""Why somebody cancels: the vendor's own list, or the words that Stripe and ClickFunnels both know."""

from __future__ import annotations

import json

from theming.words import _


def stock() -> dict[str, str]:
    """The reasons of the payment processors by their code (ClickFunnels docs: orders, cancel_reason)."""
    return {
        "too_expensive": _("It is too expensive"), "unused": _("I do not use it enough"),
        "missing_features": _("Something is missing"), "low_quality": _("It is not good enough"),
        "too_complex": _("It is too complicated"), "switched_service": _("I use something else now"),
        "customer_service": _("I was not happy with the support"), "other": _("Another reason"),
    }  # fmt: skip


def reasons(own: str) -> list[tuple[str, str]]:
    """Values and labels to choose from; `own` is the vendor's list as JSON (`vendors.cancel_reasons`)."""
    lines = [line for line in json.loads(own or "[]") if isinstance(line, str)]
    return [(line, line) for line in lines] or list(stock().items())


def label(reason: str) -> str:
    """A reason in words, whoever's list it is from."""
    return stock().get(reason, reason)
