"""What a payment method is called, and until when its card is good."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

import database
from forms import Form
from theming.words import _

DESCRIPTION_LENGTH = 120
YEARS = 40
"""How far ahead a card can expire at most."""


class MethodForm(Form):
    """An expiry that is left as it is asks for nothing; methods that have none take no dates."""

    takes: ClassVar[tuple[str, ...]] = ("description", "exp_month", "exp_year")

    def check(self) -> None:
        self.values = {name: " ".join(unicodedata.normalize("NFC", text).split()) for name, text in self.values.items()}
        if len(self.values["description"]) > DESCRIPTION_LENGTH:
            self.errors["description"] = _("Use %(count)s characters or fewer.", count=DESCRIPTION_LENGTH)
        if not self.values["exp_month"] and not self.values["exp_year"]:
            return
        now = database.now()
        month, year = number(self.values["exp_month"]), number(self.values["exp_year"])
        if year is not None and year < 100:
            year += 2000
        if month is None or not 1 <= month <= 12:
            self.errors["exp_month"] = _("Enter a month from 1 to 12.")
        if year is None or not now.year <= year <= now.year + YEARS:
            self.errors["exp_year"] = _("Enter a year, like %(year)s.", year=now.year + 3)
        if not self.errors and (year, month) < (now.year, now.month):
            self.errors["exp_month"] = _("This date is over already.")
        self.date = (month, year)

    date: tuple[int | None, int | None] = (None, None)
    """Month and year as numbers; empty where none was sent."""


def number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
