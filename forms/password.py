"""Signing in with a password, asking for the mail to set one, and setting it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Self

from zxcvbn_rs_py import zxcvbn

from forms import Form
from forms.sign_in import EmailForm
from tables.hashing import LONGEST_PASSWORD, normal, possible
from theming.words import _

SHORTEST = 10
STRONG = 3
MEASURED = 72
"""Characters that zxcvbn looks at: its time grows faster than the text does."""
SHORTEST_OWN = 3

TRIED_FIRST = frozenset({"ThisIsATop10Password", "ThisIsATop100Password", "ThisIsACommonPassword"})


class PasswordForm(EmailForm):
    takes = ("email", "password", "next")

    def check(self) -> None:
        super().check()
        self.password = normal(self.values["password"])
        if not self.password:
            self.errors["password"] = _("Enter your password.")


class NewPasswordForm(Form):
    """Length and strength, and no rule about kinds of characters (NIST SP 800-63B 3.1.1.2, ASVS 6.2)."""

    takes = ("password", "password_confirmation")

    def __init__(self, values: Mapping[str, str] | None = None, own_words: Iterable[str] = ()) -> None:
        super().__init__(values)
        self.own_words = tuple(own_words)

    @classmethod
    def read_for(cls, values: Mapping[str, str], own_words: Iterable[str]) -> Self:
        """The form as it was sent; `own_words` are what somebody who knows this person would guess first."""
        form = cls(values, own_words)
        form.check()
        return form

    def check(self) -> None:
        self.password = normal(self.values["password"])
        if problem := length_problem(self.password) or weakness(self.password, self.own_words):
            self.errors["password"] = problem
        elif normal(self.values["password_confirmation"]) != self.password:
            self.errors["password_confirmation"] = _("The two passwords are not the same. Type both again.")


def length_problem(password: str) -> str | None:
    if not password:
        return _("Enter a new password.")
    if len(password) < SHORTEST:
        return _("Use %(count)s characters or more. A few words are fine.", count=SHORTEST)
    return None if possible(password) else _("Use %(count)s characters or fewer.", count=LONGEST_PASSWORD)


def weakness(password: str, own_words: Iterable[str] = ()) -> str | None:
    """Why a password is too easy to guess, in plain words; None for a good one.

    zxcvbn brings its lists along (30,000 passwords people use, and the commonest words and names); it estimates
    guesses as rank times variations, so that nothing on them reaches the score we ask for, with capitals or digits in
    place of letters or without: a list of our own beside them would refuse nothing more. Own words count for nothing:
    what is left must do alone.
    """
    measured = password[:MEASURED]
    own = spellings(own_words)
    judged = zxcvbn(measured)
    if int(judged.score) < STRONG:
        return advice(repr(judged.feedback.warning).rpartition(".")[2] if judged.feedback else "")
    rest = measured.casefold()
    for word in own:
        rest = rest.replace(word, "")
    if own and rest != measured.casefold() and (not rest.strip() or int(zxcvbn(rest).score) < STRONG):
        return _("Your name, your email address and our name are what others try first. Add another word or two.")
    return None


def spellings(words: Iterable[str]) -> list[str]:
    """Each text as a whole, without its gaps, and in its parts; the longest first."""
    found = set()
    for text in words:
        lowered = normal(text).casefold()
        found |= {lowered, re.sub(r"\W+", "", lowered), *re.split(r"[\W_]+", lowered)}
    return sorted((word for word in found if len(word) >= SHORTEST_OWN), key=len, reverse=True)


def advice(warning: str) -> str:
    """The library's reason as a sentence of ours."""
    if warning in TRIED_FIRST:
        return _("This is one of the passwords people try first. Use a few words that do not belong together.")
    if warning.startswith("Repeats"):
        return _("Repeated characters and words are easy to guess. Add other words.")
    if warning.startswith(("Sequences", "StraightRows", "ShortKeyboard")):
        return _("Rows like abc, 123 or qwerty are easy to guess. Use a few words instead.")
    if warning.startswith(("Dates", "RecentYears")):
        return _("Dates and years are easy to guess. Use a few words instead.")
    if warning.startswith("AWord"):
        return _("One word alone is easy to guess. Add other words.")
    if "Names" in warning:
        return _("Names are easy to guess. Add other words.")
    if warning.startswith("ThisIsSimilar"):
        return _("This is very like a password people try first. Add another word or two.")
    return _("This is too easy to guess. Add another word or two.")
