"""What people look for in their orders: it stands in the address, so that it can be kept and shared."""

from __future__ import annotations

import unicodedata

from forms import Form
from tables.order_list import STATES, Wanted

LONGEST = 100
FIRST_YEAR = 1970


class OrderSearch(Form):
    takes = ("state", "year", "q")

    def check(self) -> None:
        """An unknown state or year is no mistake of somebody who typed: such an address does not exist."""
        words = " ".join(unicodedata.normalize("NFC", self.values["q"]).split())
        self.values["q"] = words[:LONGEST].strip()
        if self.values["state"] not in ("", *STATES):
            self.errors["state"] = "unknown"
        year = self.values["year"]
        if year and not (year.isascii() and year.isdigit() and len(year) == 4 and FIRST_YEAR <= int(year) < 9999):
            self.errors["year"] = "unknown"

    @property
    def wanted(self) -> Wanted:
        year = self.values["year"]
        return Wanted(self.values["state"], int(year) if year else None, self.values["q"].removeprefix("#").strip())
