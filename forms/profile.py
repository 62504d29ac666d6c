"""Manage account: names, default address, picture and language. Email and phone are shown there and cannot be sent."""

from __future__ import annotations

import unicodedata

from forms import Form
from theming.words import _, languages

LONGEST = 100


class ProfileForm(Form):
    takes = ("first_name", "last_name", "default_address", "language", "show_gravatar")

    def check(self) -> None:
        for name in ("first_name", "last_name"):
            self.values[name] = " ".join(unicodedata.normalize("NFC", self.values[name]).split())
            if len(self.values[name]) > LONGEST:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=LONGEST)
        if not self.errors and not self.values["first_name"] and not self.values["last_name"]:
            self.errors["first_name"] = _("Enter a first name or a last name.")
        if self.values["language"] and self.values["language"] not in languages():
            self.errors["language"] = _("Choose one of these languages.")

    @property
    def shows_gravatar(self) -> bool | None:
        """The box; None when the form had none. An empty box sends nothing itself, so a hidden 0 stands behind it."""
        return {"1": True, "0": False}.get(self.values["show_gravatar"])
