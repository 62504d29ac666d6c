"""The email step and the code."""

from __future__ import annotations

import re
import unicodedata

from forms import Form
from tables.email_address import canonical_address
from theming.words import _

LONGEST = 320
CODE = re.compile(r"[0-9]{6}")


class EmailForm(Form):
    takes = ("email", "next")

    def check(self) -> None:
        typed = self.values["email"].strip()
        try:
            self.email = canonical_address(typed[:LONGEST])
        except ValueError:
            self.errors["email"] = (
                _("Enter an email address like name@example.com.") if typed else _("Enter your email address.")
            )


class CodeForm(Form):
    takes = ("code",)

    def check(self) -> None:
        # Copied codes bring spaces, dashes and marks nobody sees; some keyboards have digits of their own.
        seen = "".join(sign for sign in self.values["code"] if unicodedata.category(sign) not in ("Cf", "Pd", "Zs"))
        self.code = "".join(str(unicodedata.decimal(sign, sign)) for sign in seen.strip())
        if not CODE.fullmatch(self.code):
            self.errors["code"] = _("Enter the 6 digits from the message.")
