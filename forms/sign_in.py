"""The email step and the code."""

from __future__ import annotations

import re

from forms import Form
from tables.customer import canonical_address
from theming.words import _

LONGEST = 320
CODE = re.compile(r"\d{6}")


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
        self.code = re.sub(r"[\s\-]", "", self.values["code"])
        if not CODE.fullmatch(self.code):
            self.errors["code"] = _("Enter the 6 digits from the message.")
