"""Finding customers, adding one, and their names."""

from __future__ import annotations

import unicodedata

from forms import Form
from forms.console.people import AddressedForm
from tables.customer_list import STATES
from theming.words import _

LONGEST_SEARCH = 100
LONGEST_NAME = 100
ORDERS = ("name",)


class CustomerSearch(Form):
    """It stands in the address: a state or an order that there is not is an address that does not exist."""

    takes = ("q", "state", "by")

    def check(self) -> None:
        self.values["q"] = " ".join(self.values["q"].split())[:LONGEST_SEARCH].strip()
        if self.values["state"] not in ("", *STATES):
            self.errors["state"] = "unknown"
        if self.values["by"] not in ("", *ORDERS):
            self.errors["by"] = "unknown"


class NamesForm(Form):
    takes = ("first_name", "last_name")

    def check(self) -> None:
        for name in ("first_name", "last_name"):
            self.values[name] = " ".join(unicodedata.normalize("NFC", self.values[name]).split())
            if len(self.values[name]) > LONGEST_NAME:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=LONGEST_NAME)


class CustomerForm(NamesForm, AddressedForm):
    takes = ("email", "first_name", "last_name", "mail")

    def check(self) -> None:
        self.check_email()
        super().check()

    @property
    def mails(self) -> bool:
        return self.values["mail"] == "1"
