"""What a customer adds to an invoice: the company it is for, and its VAT number."""

from __future__ import annotations

import re
import unicodedata

from forms import Form
from theming.words import _

LONGEST = 200
BETWEEN = re.compile(r"[\s.\-]+")
VAT = re.compile(r"[A-Z0-9]{4,20}")
"""The longest in the EU has 14 signs (VIES), and those of other countries are longer."""


class InvoiceDetailsForm(Form):
    takes = ("company_name", "vat_number", "keep")

    def check(self) -> None:
        self.values["company_name"] = " ".join(unicodedata.normalize("NFC", self.values["company_name"]).split())
        if len(self.values["company_name"]) > LONGEST:
            self.errors["company_name"] = _("Use %(count)s characters or fewer.", count=LONGEST)
        if self.values["vat_number"].strip() and not VAT.fullmatch(self.vat):
            self.errors["vat_number"] = _("Enter the VAT number with 4 to 20 letters and digits, like DE123456789.")

    @property
    def vat(self) -> str:
        """The number without what people set between its parts."""
        return BETWEEN.sub("", unicodedata.normalize("NFKC", self.values["vat_number"])).upper()

    @property
    def keeps(self) -> bool:
        return self.values["keep"] == "1"
