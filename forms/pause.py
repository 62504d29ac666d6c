"""Pausing a subscription: for a while, or until a day of one's own."""

from __future__ import annotations

from datetime import date, timedelta

from forms import Form
from tables.periods import months_later
from theming.words import _

MONTHS = ("1", "2", "3")
OWN = "date"
LONGEST_MONTHS = 12


class PauseForm(Form):
    """`today` is the day in the center's time zone."""

    takes = ("length", "until")
    today: date
    day: date | None = None

    def check_on(self, today: date) -> None:
        """Fill `day`, the first day it goes on again, or `errors`."""
        self.today = today
        if self.values["length"] in MONTHS:
            self.day = months_later(today, int(self.values["length"]))
        elif self.values["length"] == OWN:
            self.check_day(self.values["until"].strip())
        else:
            self.errors["length"] = _("Choose how long it should pause.")

    def check_day(self, typed: str) -> None:
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            self.errors["until"] = _("Enter the date as year, month and day, for example %(date)s.", date=self.example)
            return
        last = months_later(self.today, LONGEST_MONTHS)
        if not self.today < day <= last:
            self.errors["until"] = _("Choose a day after today and no later than %(date)s.", date=last.isoformat())
        else:
            self.day = day

    @property
    def example(self) -> str:
        return (self.today + timedelta(days=45)).isoformat()
