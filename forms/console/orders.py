"""Finding orders, writing one down, and giving money back."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies

import database
from forms import Form
from forms.console.amounts import parse_amount
from tables.email_address import canonical_address
from tables.manual_order import Line
from tables.order_list import STATES
from tables.order_search import Filter, meaning
from theming.words import _

LONGEST_SEARCH = 100
FIRST_YEAR = 1970
BY = ("", "number", "address", "product")
LINES = 5
MOST = 9999
LONGEST = 9
NUMBER = re.compile(r"[A-Za-z0-9_-]{1,50}")
LONGEST_REASON = 300


class OrderFilter(Form):
    """It stands in the address: a state or a year that there is not is an address that does not exist."""

    takes = ("state", "year", "q", "by")

    def check(self) -> None:
        words = " ".join(unicodedata.normalize("NFC", self.values["q"]).split())
        self.values["q"] = words[:LONGEST_SEARCH].strip()
        if self.values["state"] not in ("", *STATES):
            self.errors["state"] = "unknown"
        year = self.values["year"]
        if year and not (year.isascii() and year.isdigit() and len(year) == 4 and FIRST_YEAR <= int(year) < 9999):
            self.errors["year"] = "unknown"
        if self.values["by"] not in BY:
            self.errors["by"] = "unknown"

    @property
    def wanted(self) -> Filter:
        year, words = self.values["year"], self.values["q"]
        by = (self.values["by"] or meaning(words)) if words else ""
        return Filter(self.values["state"], int(year) if year else None, words, by)


class RefundForm(Form):
    takes = ("amount", "reason", "mail")

    def check(self) -> None:
        self.values["reason"] = " ".join(self.values["reason"].split())
        if len(self.values["reason"]) > LONGEST_REASON:
            self.errors["reason"] = _("Use %(count)s characters or fewer.", count=LONGEST_REASON)

    def check_amount(self, currency: str, locale: str) -> None:
        try:
            self.amount = parse_amount(self.values["amount"], currency, locale)
        except ValueError as error:
            self.errors["amount"] = str(error)
            return
        if self.amount == 0:
            self.errors["amount"] = _("Enter an amount above zero.")

    @property
    def mails(self) -> bool:
        return self.values["mail"] == "1"


class ManualOrderForm(Form):
    takes = ("email", "number", "currency", "date", "paid",
             *(f"{part}_{place}" for place in range(1, LINES + 1) for part in ("name", "quantity", "amount")))  # fmt: skip

    def check_all(self, locale: str, zone: ZoneInfo) -> None:
        """Everything that is not in the database; what is typed is read in the vendor's way."""
        self.check_email()
        self.check_number()
        self.check_currency()
        self.check_date(zone)
        self.lines: list[Line] = []
        for place in range(1, LINES + 1):
            self.check_line(place, locale)
        if not self.lines and not any(
            name.startswith(("name_", "amount_", "quantity_", "currency")) for name in self.errors
        ):
            self.errors["name_1"] = _("Enter what was bought.")

    def check_email(self) -> None:
        try:
            self.email = canonical_address(self.values["email"].strip()[:320])
        except ValueError:
            self.errors["email"] = _("Enter the address of one of your customers.")

    def check_number(self) -> None:
        number = self.values["number"] = self.values["number"].strip().lstrip("#")
        if number and not NUMBER.fullmatch(number):
            self.errors["number"] = _("Use up to 50 of a to z, 0 to 9, hyphens and underscores.")

    def check_currency(self) -> None:
        currency = self.values["currency"] = self.values["currency"].strip().upper()
        if currency not in list_currencies():
            self.errors["currency"] = _("Enter a currency by its three letters, such as %(example)s.", example="USD")

    def check_date(self, zone: ZoneInfo) -> None:
        """A day in the vendor's time zone: today it is now, before that it is noon."""
        now = database.now().astimezone(zone)
        try:
            day = date.fromisoformat(self.values["date"].strip()) if self.values["date"].strip() else now.date()
        except ValueError:
            self.errors["date"] = _("Enter a date like %(example)s.", example=now.date().isoformat())
            return
        if day > now.date() or day.year < FIRST_YEAR:
            self.errors["date"] = _("Enter a date that is not in the future.")
            return
        noon = datetime.combine(day, time(12), zone)
        self.placed_at = (now if day == now.date() else noon).astimezone(UTC)

    def check_line(self, place: int, locale: str) -> None:
        """One line; left empty it is none."""
        name, quantity, amount = (f"{part}_{place}" for part in ("name", "quantity", "amount"))
        self.values[name] = " ".join(unicodedata.normalize("NFC", self.values[name]).split())
        if not self.values[name] and not self.values[amount].strip():
            return
        if not self.values[name] or len(self.values[name]) > 200:
            self.errors[name] = _("Enter a name of at most 200 characters.")
        typed = self.values[quantity].strip() or "1"
        if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST and 0 < int(typed) <= MOST):
            self.errors[quantity] = _("Enter a whole number from 1 to %(most)s.", most=MOST)
        if "currency" in self.errors:
            return
        try:
            cents = parse_amount(self.values[amount], self.values["currency"], locale)
        except ValueError as error:
            self.errors[amount] = str(error)
            return
        if not {name, quantity} & self.errors.keys():
            self.lines.append(Line(self.values[name], int(typed), cents))
