"""A logo and what it says to those who do not see it."""

from __future__ import annotations

from forms import Form
from theming.words import _

LONGEST = 200


class LogoForm(Form):
    """The file comes beside it (`web.requests.file_of`)."""

    takes = ("logo_alt",)

    def check(self) -> None:
        self.values["logo_alt"] = " ".join(self.values["logo_alt"].split())
        if len(self.values["logo_alt"]) > LONGEST:
            self.errors["logo_alt"] = _("Use %(count)s characters or fewer.", count=LONGEST)
