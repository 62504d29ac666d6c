"""Writing a part of the pages anew: its source, and as whom to preview it."""

from __future__ import annotations

from forms import Form
from tables.email_address import canonical_address
from theming.partials.refused import Refused
from theming.words import _

PREVIEW = "preview"


class PartialForm(Form):
    takes = ("source", "email", "do")
    line = 0
    """The line of the source that is wrong; 0 when none is."""
    address = ""
    """Whom to preview it as; nothing for the samples."""
    complete = True
    """Whether the preview shows nothing but what that customer really has."""

    def check(self) -> None:
        self.values["source"] = self.values["source"].replace("\r\n", "\n").replace("\r", "\n")
        typed = self.values["email"].strip()
        if typed and self.previews:
            try:
                self.address = canonical_address(typed[:320])
            except ValueError:
                self.errors["email"] = _("Enter an email address like name@example.com.")

    @property
    def previews(self) -> bool:
        return self.values["do"] == PREVIEW

    def refuse(self, refused: Refused) -> None:
        """Say beside the source what is wrong with it, and where."""
        self.line = refused.line
        why = _(refused.message, **refused.values)
        self.errors["source"] = _("Line %(line)s: %(why)s", line=refused.line, why=why) if refused.line else why

    @property
    def excerpt(self) -> str:
        """The line that is wrong with its neighbours, each with its number."""
        if not self.line:
            return ""
        lines = self.values["source"].split("\n")
        shown = range(max(self.line - 2, 1), min(self.line + 1, len(lines)) + 1)
        return "\n".join(
            f"{'>' if number == self.line else ' '} {number:>4}  {lines[number - 1][:160]}" for number in shown
        )
