"""A new address to sign in with."""

from __future__ import annotations

from forms.sign_in import EmailForm
from theming.words import _


class NewEmailForm(EmailForm):
    takes = ("email",)

    def differ(self, current: str) -> None:
        """Refuse the address that is in use already."""
        if not self.errors and self.email == current:
            self.errors["email"] = _("This is the address you sign in with now. Enter another one.")
