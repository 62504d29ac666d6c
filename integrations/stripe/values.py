"""Stripe's numbers, times and texts made fit for our columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import database
from integrations.clickfunnels.values import clean
from tables.money import to_minor

ZERO_DECIMALS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMALS = frozenset("BHD JOD KWD OMR TND".split())
"""How many digits Stripe's amounts have after the point; two for all others, ISK and UGX too (Stripe docs: currencies)."""
INTERVALS = {"day": "days", "week": "weeks", "month": "months", "year": "years"}


def minor(amount: int | None, currency: str) -> int | None:
    """Stripe's smallest unit as ours, exactly: the two differ where Stripe keeps digits that a currency no longer has."""
    if amount is None:
        return None
    digits = 0 if currency in ZERO_DECIMALS else 3 if currency in THREE_DECIMALS else 2
    return to_minor(Decimal(amount).scaleb(-digits), currency)


def currency_of(data: Mapping[str, Any]) -> str:
    """A currency in capitals; Stripe writes it small."""
    found = str(data.get("currency") or "").upper()
    if not re.fullmatch(r"[A-Z]{3}", found):
        raise ValueError("currency: not a currency")
    return found


def instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def text(value: Any, length: int) -> str:
    """One line without control characters, cut to its column."""
    return " ".join(clean(str(value or "")).split())[:length].rstrip()


def inside(data: Mapping[str, Any], *names: str) -> Any:
    """What stands at the end of a path; None where one of its steps is missing."""
    found: Any = data
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def identity(value: Any) -> str | None:
    """The id of an object that may have been expanded."""
    return value.get("id") if isinstance(value, Mapping) else value


def moment() -> str:
    """The time as a version that sorts: taken before a request, so that the later look wins."""
    return database.now().isoformat(timespec="microseconds").replace("+00:00", "Z")


def unit_amount(price: Mapping[str, Any]) -> int | None:
    """What one costs; None for a price in tiers or with parts of a cent, which no single amount tells."""
    return minor(price.get("unit_amount"), currency_of(price))
