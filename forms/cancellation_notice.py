"""Cancelling without signing in: no more is asked than the law allows (BGB, section 312k, 2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms import Form
from tables.cancellation_notice import CAUSE, KINDS
from tables.email_address import canonical_address
from theming.words import _

LENGTHS = {"name": 200, "contract": 200, "reason": 2000}
SOONEST, ON_DATE = "soonest", "date"
YEARS = range(2000, 3000)
"""No contract ends in the others, and at their very ends no date can be told in every time zone."""


class CancellationNoticeForm(Form):
    takes = ("kind", "reason", "name", "email", "contract", "ends", "date")

    def check(self) -> None:
        values = self.values
        for name, length in LENGTHS.items():
            values[name] = values[name].strip() if name == "reason" else " ".join(values[name].split())
            if len(values[name]) > length:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=length)
        if values["kind"] not in KINDS:
            self.errors["kind"] = _("Choose one of these.")
        elif values["kind"] == CAUSE and not values["reason"]:
            self.errors["reason"] = _("Say why.")
        if not values["name"]:
            self.errors["name"] = _("Enter your name.")
        self.check_address()
        if not values["contract"]:
            self.errors["contract"] = _("Say which contract: the order number, or the name of the product.")
        self.check_end()

    def check_address(self) -> None:
        typed = self.values["email"].strip()
        try:
            self.email = canonical_address(typed[:254])
        except ValueError:
            self.errors["email"] = (
                _("Enter an email address like name@example.com.") if typed else _("Enter your email address.")
            )

    def check_end(self) -> None:
        self.ends_on: str | None = None
        if self.values["ends"] == SOONEST:
            return
        if self.values["ends"] != ON_DATE:
            self.errors["ends"] = _("Choose one of these.")
            return
        try:
            day = date.fromisoformat(self.values["date"].strip())
        except ValueError:
            day = date.min
        if day.year in YEARS:
            self.ends_on = day.isoformat()
        else:
            self.errors["date"] = _("Enter a date like 2027-01-31.")

    @property
    def declared(self) -> dict[str, Any]:
        """The columns of the notice."""
        plain = {name: self.values[name] for name in ("kind", "name", "contract")}
        reason = self.values["reason"] if self.values["kind"] == CAUSE else ""
        return plain | {"reason": reason, "email": self.email, "ends_on": self.ends_on}
