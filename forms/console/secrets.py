"""Secrets of a center: one that another system made, or a new one."""

from __future__ import annotations

from forms import Form
from theming.words import _

SHORTEST, LONGEST = 32, 200


class SecretForm(Form):
    """`do` is `new`, `take` or, for single sign-on, `off`."""

    takes = ("do", "secret")

    def check(self) -> None:
        self.secret = self.values.pop("secret").strip()
        self.values["secret"] = ""
        if self.values["do"] == "take" and not SHORTEST <= len(self.secret) <= LONGEST:
            self.errors["secret"] = _("Paste the whole secret: it has at least %(count)s characters.", count=SHORTEST)
        elif self.values["do"] == "take" and not (self.secret.isascii() and self.secret.isprintable()):
            self.errors["secret"] = _("A secret has only plain letters, digits and signs.")


class WebhookSecretForm(SecretForm):
    """ClickFunnels' own may be shorter than ours."""

    def check(self) -> None:
        super().check()
        if self.values["do"] == "take" and 8 <= len(self.secret) < SHORTEST and self.secret.isascii():
            self.errors.pop("secret", None)
