"""The keys of a vendor's Stripe account; neither is ever shown again."""

from __future__ import annotations

import re

from forms import Form
from theming.words import _

KEY = re.compile(r"(?:sk|rk)_(?:test|live)_[A-Za-z0-9]{8,200}")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,200}")


class KeyForm(Form):
    """`key` is what was typed; it stands in no value, so that no page shows it."""

    takes = ("api_token",)

    def check(self) -> None:
        self.key = self.values["api_token"].strip()
        self.values["api_token"] = ""
        if not KEY.fullmatch(self.key):
            self.errors["api_token"] = _("Paste the whole secret key: it begins with sk_ or rk_.")


class SigningSecretForm(Form):
    takes = ("secret",)

    def check(self) -> None:
        self.secret = self.values["secret"].strip()
        self.values["secret"] = ""
        if not SECRET.fullmatch(self.secret):
            self.errors["secret"] = _("Paste the whole signing secret: it begins with whsec_.")
