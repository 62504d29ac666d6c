"""What an address consists of, and what tells two of them apart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from tables.countries import country_code, english_name

PARTS = ("first_name", "last_name", "organization_name", "street_one", "street_two", "city", "region", "postal_code",
         "country")  # fmt: skip
"""What an order tells of an address."""
MORE = ("district", "sorting_code", "phone_number")
"""What a customer may add to one."""
ALL = (*PARTS, *MORE)


def fingerprints(parts: Mapping[str, str]) -> list[str]:
    """What tells an address from others: as it is kept now, and as it was when its country stands in words.

    A part that orders do not have counts only where it is filled in, so that old fingerprints stay good.
    """
    written = parts.get("country", "")
    code = country_code(written)
    countries = dict.fromkeys([code or written, written, english_name(code) if code else written])
    return [fingerprint({**parts, "country": country}) for country in countries]


def fingerprint(parts: Mapping[str, str]) -> str:
    text = "|".join([*(plain(parts.get(part, "")) for part in PARTS),
                     *(f"{part}={plain(parts[part])}" for part in MORE if parts.get(part))])  # fmt: skip
    return hashlib.sha256(text.encode()).hexdigest()


def plain(text: str) -> str:
    return " ".join(text.casefold().split())
