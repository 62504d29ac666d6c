"""Which changes of a price customers may make themselves."""

from __future__ import annotations

from forms import Form
from tables.price import FLAGS
from theming.console.price_words import SAID, VALUES
from theming.words import _


class PriceForm(Form):
    takes = FLAGS

    def check(self) -> None:
        for name in FLAGS:
            if self.values[name] not in (SAID, *VALUES):
                self.errors[name] = _("Choose one of these.")

    @property
    def flags(self) -> dict[str, bool | None]:
        """What is set by hand; what is left to ClickFunnels is missing."""
        return {name: VALUES[value] for name, value in self.values.items() if value in VALUES}
