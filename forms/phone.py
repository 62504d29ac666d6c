"""Telephone numbers: one for the list, its label, and one that takes the place of the one on file."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from forms import Form
from tables.dialing import e164
from theming.phone_words import examples
from theming.words import _

LABEL_LENGTH = 60


class NumberForm(Form):
    """A number typed any way; `country` is whose it is when its country's code is missing."""

    takes: ClassVar[tuple[str, ...]] = ("number", "country")

    def check(self) -> None:
        typed = self.values["number"].strip()
        self.number = e164(typed, self.values["country"] or None) or ""
        if not self.number:
            national, international = examples(self.values["country"])
            self.errors["number"] = _("Enter a phone number, like %(national)s or %(international)s.",
                                      national=national, international=international)  # fmt: skip


class LabelForm(Form):
    takes: ClassVar[tuple[str, ...]] = ("label",)

    def check(self) -> None:
        self.values["label"] = " ".join(unicodedata.normalize("NFC", self.values["label"]).split())
        if len(self.values["label"]) > LABEL_LENGTH:
            self.errors["label"] = _("Use %(count)s characters or fewer.", count=LABEL_LENGTH)


class PhoneForm(NumberForm, LabelForm):
    takes: ClassVar[tuple[str, ...]] = ("number", "country", "label")

    def check(self) -> None:
        NumberForm.check(self)
        LabelForm.check(self)
