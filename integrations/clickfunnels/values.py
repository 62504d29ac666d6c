"""The values of a payload made fit for their columns. A ValueError names the key and never shows the value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from piccolo.columns import BigInt, Boolean, Column, Integer, Text, Timestamptz, Varchar

from tables.base import LOCAL
from tables.money import to_minor

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
CURRENCY = re.compile(r"[A-Z]{3}")
ID_LENGTH = 64
LARGEST_INTEGER = 2**31 - 1

Values = dict[Any, Any]


def collect(data: Mapping[str, Any], columns: Mapping[str, Column], currency: str = "USD") -> Values:
    """The columns a payload speaks of: a key it lacks leaves its column as it is (older generations lack some)."""
    return {column: read(column, key, data[key], currency) for key, column in columns.items() if key in data}


def named(values: Values) -> dict[str, Any]:
    """The same by the columns' names, for making a row."""
    return {column._meta.name: value for column, value in values.items()}


def read(column: Column, key: str, value: Any, currency: str) -> Any:
    """A value as its column takes it; the column's default stands for null where null cannot be."""
    found = convert(column, key, value, currency)
    return column.get_default_value() if found is None and not column._meta.null else found


def convert(column: Column, key: str, value: Any, currency: str) -> Any:
    name = column._meta.name
    if value is None or value == "":
        return None
    if isinstance(column, Timestamptz):
        return instant(value, key)
    if isinstance(column, Boolean):
        return flag(value, key)
    if isinstance(column, BigInt):
        return to_minor(value, currency)
    if isinstance(column, Integer):
        return whole(value, key)
    if name.endswith("clickfunnels_id"):
        return identity(value, key)
    if name.endswith("_url"):
        return web_address(value, column.length)
    return text(column, key, value)


def text(column: Varchar | Text, key: str, value: Any) -> str:
    """Text without control characters, cut to the column; only long text keeps its lines."""
    if isinstance(value, bool | dict | list):
        raise ValueError(f"{key}: not a text")
    kept = clean(str(value))
    return " ".join(kept.split())[: column.length].rstrip() if isinstance(column, Varchar) else kept


def clean(value: str) -> str:
    """Without what a database or a page cannot hold: NUL, control characters, halves of surrogate pairs."""
    return UNPRINTABLE.sub("", value)


def web_address(value: Any, length: int | None) -> str | None:
    """An http(s) address; cut short or with another scheme it would be worse than none."""
    if not isinstance(value, str):
        return None
    address = clean(value).strip()
    return address if WEB_ADDRESS.fullmatch(address) and len(address) <= (length or len(address)) else None


def instant(value: Any, key: str) -> datetime | None:
    """An ISO 8601 time in UTC; None stays None. Raises ValueError for what is no time."""
    if value is None or value == "":
        return None
    try:
        time = datetime.fromisoformat(value)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{key}: not a time") from None


def flag(value: Any, key: str) -> bool:
    """A boolean, also as 0 and 1."""
    if value in (True, False, 0, 1):
        return bool(value)
    raise ValueError(f"{key}: not true or false")


def whole(value: Any, key: str) -> int:
    """A whole number that a column holds, also as text."""
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,10}(?:\.0+)?", str(value)):
        raise ValueError(f"{key}: not a whole number")
    number = int(str(value).partition(".")[0])
    if abs(number) > LARGEST_INTEGER:
        raise ValueError(f"{key}: too large")
    return number


def identity(value: Any, key: str) -> str:
    """A ClickFunnels id, always as text; raises ValueError when it is missing."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{key}: no id")
    found = clean(str(value)).strip()
    if not found or len(found) > ID_LENGTH or found.startswith(LOCAL):
        raise ValueError(f"{key}: no id")
    return found


def currency_of(data: Mapping[str, Any], otherwise: str) -> str:
    """A payload's currency in capitals (examples have both)."""
    value = data.get("currency")
    if value is None or value == "":
        return otherwise
    if not isinstance(value, str) or not CURRENCY.fullmatch(value.strip().upper()):
        raise ValueError("currency: not a currency")
    return value.strip().upper()


def part(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A record inside a record, or an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def parts(data: Mapping[str, Any], key: str) -> Iterator[dict[str, Any]]:
    """The records in a list; raises ValueError when it is something else."""
    for item in as_list(data.get(key), key):
        if not isinstance(item, dict):
            raise ValueError(f"{key}: not a list of records")
        yield item


def as_list(value: Any, key: str) -> list[Any]:
    if value is None or isinstance(value, list):
        return value or []
    raise ValueError(f"{key}: not a list")


def as_json(value: Mapping[str, str]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
