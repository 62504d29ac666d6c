"""The test sender of the inbox."""

from __future__ import annotations

from collections.abc import Sequence

from forms.console.people import AddressedForm
from theming.console.webhook_words import samples
from theming.words import _


class SampleForm(AddressedForm):
    """Which event to send, and whom it is about."""

    takes = ("kind", "email")

    @property
    def kinds(self) -> Sequence[str]:
        return [sample["value"] for sample in samples()]

    def check(self) -> None:
        self.check_email()
        if self.values["kind"] not in self.kinds:
            self.errors["kind"] = _("Choose which event to send.")
