"""Telephone numbers: read from whatever was typed, and told apart however they are written."""

from __future__ import annotations

import hashlib
import hmac
import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from tables.sealed import derived_key

HASH_LENGTH = 40
LONGEST = 100
pepper = derived_key("deleted phone numbers")


def e164(text: str, region: str | None = None, *, certain: bool = False) -> str | None:
    """A number as it is dialled from anywhere (`+12125550143`, ITU-T E.164), an extension behind it (`;ext=5`, RFC 3966).

    `region` is the country of numbers without a country code. `certain` asks for a number that is given out, and not
    only of the right length: for regions that are guessed. None for what is no number.
    """
    try:
        found = phonenumbers.parse(text[:LONGEST], region)
    except NumberParseException:
        return None
    good = phonenumbers.is_valid_number if certain else phonenumbers.is_possible_number
    if not good(found):
        return None
    extension = f";ext={found.extension}" if found.extension else ""
    return phonenumbers.format_number(found, PhoneNumberFormat.E164) + extension


def digits_of(text: str) -> str:
    return re.sub(r"\D", "", text)


def spellings(number: str) -> list[str]:
    """The digits a number is known by: with its country's code, without, and as it is dialled inside the country."""
    digits = [digits_of(number)]
    if number.startswith("+") and e164(number):
        found = phonenumbers.parse(number)
        national = phonenumbers.format_number(found, PhoneNumberFormat.NATIONAL)
        digits += [phonenumbers.national_significant_number(found) + (found.extension or ""), digits_of(national)]
    return list(dict.fromkeys(digits))


def hidden(digits: str) -> str:
    """What stays of a number that was deleted: enough to know it again, and nothing to call."""
    return hmac.new(pepper, digits.encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]
