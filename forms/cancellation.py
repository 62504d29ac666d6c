"""Cancelling a subscription: why, if somebody wants to say."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from forms import Form
from theming.change_words import leaving
from theming.words import _

LONGEST = 500
OTHER = "other"


class Reason(NamedTuple):
    key: str
    """Its value in the form."""
    code: str
    """Stripe's word for it (Stripe docs: cancellation_details.feedback)."""
    text: str

    @property
    def own(self) -> str:
        """The vendor's own words for it; what is ours is said anew in every reader's language."""
        return self.text if self.key != self.code else ""


def stock() -> list[Reason]:
    return [Reason(code, code, text) for code, text in leaving().items()]


def reasons_of(listed: str) -> list[Reason]:
    """The vendor's own list (JSON: texts, or pairs of Stripe's code and a text), else ours."""
    own: list[Any] = json.loads(listed or "[]")
    pairs = [(OTHER, one) if isinstance(one, str) else tuple(one)[:2] for one in own]
    return [Reason(str(place), *pair) for place, pair in enumerate(pairs, 1)] or stock()


class CancellationForm(Form):
    takes = ("reason", "comment")

    def __init__(self, values: Mapping[str, str] | None = None, reasons: list[Reason] | None = None) -> None:
        super().__init__(values)
        self.reasons = reasons or stock()

    @classmethod
    def read(cls, values: Mapping[str, str], reasons: list[Reason] | None = None) -> Self:
        form = cls(values, reasons)
        form.check()
        return form

    def check(self) -> None:
        """Nothing has to be said; what is said has to be short enough to be passed on."""
        self.values["comment"] = " ".join(unicodedata.normalize("NFC", self.values["comment"]).split())
        if len(self.values["comment"]) > LONGEST:
            self.errors["comment"] = _("Use %(count)s characters or fewer.", count=LONGEST)
        if self.values["reason"] and self.chosen is None:
            self.errors["reason"] = _("Choose one of these reasons, or none.")

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(reason.key, reason.text) for reason in self.reasons]

    @property
    def chosen(self) -> Reason | None:
        return next((reason for reason in self.reasons if reason.key == self.values["reason"]), None)
