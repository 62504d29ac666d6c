"""Telephone numbers as the templates show them, in the reader's style."""

from __future__ import annotations

from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat

from tables.customer import Customer
from tables.dialing import e164, spellings
from tables.phone_number import PhoneNumber
from theming.center import Center
from theming.countries import choices, home
from theming.words import _

Words = dict[str, Any]
ELSEWHERE = "GB"
"""Whose numbers are the example where a country has none of its own."""


def shown_phone(number: str, region: str | None) -> str:
    """A number as people in a region write it: their own without the country's code; what is no number as it came."""
    if e164(number) != number and not e164(number, certain=True):
        return number
    found = phonenumbers.parse(number)
    own = phonenumbers.region_code_for_number(found) == region
    return phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL)


def examples(region: str | None) -> tuple[str, str]:
    """A number of a country as it is written there, and as it is written abroad."""
    found = phonenumbers.example_number(region or ELSEWHERE) or phonenumbers.example_number(ELSEWHERE)
    assert found is not None
    return (
        phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL),
        phonenumbers.format_number(found, PhoneNumberFormat.INTERNATIONAL),
    )


class PhoneWords:
    """Turns rows into what `partials/account/…` expects, for a reader at home in `region`."""

    def __init__(self, center: Center, country: str) -> None:
        self.center, self.region = center, home(country, center.locale)

    def shown(self, number: str) -> str:
        return shown_phone(number, self.region)

    def tile(self, phone: PhoneNumber, default: PhoneNumber | None, customer: Customer) -> Words:
        on_file = bool(set(spellings(customer.phone or "")) & set(spellings(phone.number)))
        origins = {"order": _("Given with an order")}
        return {
            "number": self.shown(phone.number), "label": phone.label, "href": self.href(phone),
            "is_default": default is not None and phone.id == default.id,
            "note": _("On file with %(name)s", name=self.center.name) if on_file else origins.get(phone.origin),
        }  # fmt: skip

    def href(self, phone: PhoneNumber) -> str:
        return self.center.url(f"/account/phone-numbers/{phone.public_id}")

    def countries(self, *likely: str | None) -> list[tuple[str, str]]:
        """Every country that has telephone numbers, with its code: `United States (+1)`."""
        found = choices(self.center.locale, [*likely, self.region])
        codes = {region: phonenumbers.country_code_for_region(region) for region, _name in found}
        return [(region, f"{name} (+{codes[region]})") for region, name in found if codes[region]]

    def after_deleting(self, phone: PhoneNumber, default: PhoneNumber | None, after: PhoneNumber | None) -> str | None:
        """What becomes of the default when a number goes."""
        if default is None or default.id != phone.id:
            return None
        if after is None:
            return _("You will have no default phone number.")
        return _("Your default phone number will be: %(number)s.", number=self.shown(after.number))


def done(what: str) -> Words | None:
    """The notice above the list, after a form has led there."""
    texts = {
        "added": _("The phone number was added."), "known": _("You have this phone number already."),
        "updated": _("The phone number was updated."), "deleted": _("The phone number was deleted."),
        "default": _("This is your default phone number now."),
    }  # fmt: skip
    return {"tone": "good", "text": texts[what]} if what in texts else None
