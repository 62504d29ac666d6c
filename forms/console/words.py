"""A vendor's own words for one message in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from forms import Form
from theming.console.message_list import Message
from theming.own_words import placeholders
from theming.words import _

MOST_FORMS = 6
LONGEST = 2000
FIELDS = tuple(f"text_{form}" for form in range(MOST_FORMS))


class WordsForm(Form):
    """One field for each form the language has; `do` is `save` or `reset`."""

    takes = (*FIELDS, "do")

    @classmethod
    def for_message(cls, values: Mapping[str, str], message: Message) -> Self:
        """The form as it was sent, checked against the message it is for."""
        form = cls(values)
        form.message = message
        form.check()
        return form

    message: Message

    def check(self) -> None:
        for name in FIELDS:
            self.values[name] = text = self.values[name].replace("\r\n", "\n").strip()
            if len(text) > LONGEST:
                self.errors[name] = _("Use %(count)s characters or fewer.", count=LONGEST)
            elif text and (wrong := self.wrong_placeholders(text)):
                self.errors[name] = wrong

    def wrong_placeholders(self, text: str) -> str | None:
        """Every value the stock words show must be in the vendor's; only a number may go unsaid, where a form says it."""
        one, many = placeholders(self.message.source), placeholders(self.message.plural or self.message.source)
        number, given = {"num"} if self.message.plural else set(), placeholders(text)
        if missing := (one & many) - given - number:
            return _("Keep these as they are, they are filled in: %(names)s", names=listed(missing))
        if strange := given - one - many - number:
            return _("Nothing is known that could be filled in for: %(names)s", names=listed(strange))
        return None

    def forms(self, count: int) -> dict[int, str]:
        """What was typed, form by form, as far as the language has them."""
        return {form: text for form, name in enumerate(FIELDS[:count]) if (text := self.values[name])}


def listed(names: set[str]) -> str:
    return ", ".join(f"%({name})s" for name in sorted(names))
