"""The links and the search above a list of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from theming.words import _

Words = dict[str, Any]


def state_labels() -> dict[str, str]:
    """What people look for, in their words; the first is everything."""
    return {
        "": _("All"),
        "paid": _("Paid"),
        "to-pay": _("To pay"),
        "refunded": _("Refunded"),
        "canceled": _("Canceled"),
    }


def order_filters(here: str, chosen: Mapping[str, str], years: Sequence[int]) -> Words:
    """Each choice as a link that keeps the others; a year that was asked for is named even if it holds nothing."""
    listed = sorted({*years, *([int(chosen["year"])] if chosen["year"] else [])}, reverse=True)
    return {
        "action": here, "q": chosen["q"], "everything": address(here, chosen, q="") if chosen["q"] else None,
        "kept": {name: chosen[name] for name in ("state", "year") if chosen[name]},
        "states": [choice(here, chosen, "state", value, label) for value, label in state_labels().items()],
        "years": [
            choice(here, chosen, "year", value, label)
            for value, label in [("", _("All years")), *((str(year), str(year)) for year in listed)]
        ] if len(listed) > 1 or chosen["year"] else [],
    }  # fmt: skip


def choice(here: str, chosen: Mapping[str, str], name: str, value: str, label: str) -> Words:
    return {"label": label, "href": address(here, chosen, **{name: value}), "current": chosen[name] == value}


def address(here: str, chosen: Mapping[str, str], **changes: str) -> str:
    """The address of the list with these choices; what is empty is left out."""
    asked = {name: value for name, value in {**chosen, **changes}.items() if value}
    return f"{here}?{urlencode(asked)}" if asked else here
