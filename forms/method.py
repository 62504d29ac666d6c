"""Choosing one of the payment methods on file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from forms import Form
from theming.words import _


class MethodForm(Form):
    takes = ("method",)
    chosen: Any = None

    def check_among(self, methods: Sequence[Any], needed: bool = True) -> None:
        """Fill `chosen` from those that may be chosen, or `errors`."""
        self.chosen = next((one for one in methods if one.public_id == self.values["method"]), None)
        if self.chosen is None and needed:
            self.errors["method"] = _("Choose one of these payment methods.")
