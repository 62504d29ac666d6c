"""What stands around a record in a webhook: id, type and time, in both generations of names (ClickFunnels docs: webhooks)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from integrations.clickfunnels.values import clean, identity, instant

SOURCE = "clickfunnels"
DEEPEST = 32
NEVER = "-"
STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")


class NotUnderstood(Exception):
    """The event is of a kind there is no rule for; it is kept and left alone."""


@dataclass(frozen=True)
class History:
    """How an import looks at purchases: those before `ends_at` are no news to anybody."""

    ends_at: datetime
    welcomes: bool


@dataclass(frozen=True)
class Event:
    """One webhook, with the record it speaks of in `data`; or a record of an import, which has a `history`."""

    vendor_id: int
    id: str
    type: str
    data: dict[str, Any]
    created_at: datetime | None
    received_at: datetime
    history: History | None = None

    @property
    def happened_at(self) -> datetime:
        return self.created_at or self.received_at

    @property
    def heard_at(self) -> datetime | None:
        """When it happened, to whom it is news; None for an import, which mails nobody of it."""
        return None if self.history else self.happened_at

    @property
    def subject(self) -> str:
        """The ClickFunnels id of the record."""
        return identity(self.data.get("id"), "id")

    def moment(self, data: Mapping[str, Any]) -> datetime:
        """When a record was as `data` tells: its own last change, or else when the event was made."""
        return instant(data.get("updated_at"), "updated_at") or self.happened_at

    def version(self, data: Mapping[str, Any]) -> str:
        """Grows with the record's age, and is the same for no two events (tables/base.Remote).

        A record without `updated_at` is a short one inside another (an enrollment's contact): it sorts below every
        whole one (a bare `|` would sort above), and the event's own time decides among the short.
        """
        updated = stamp(instant(data.get("updated_at"), "updated_at"))
        return f"{updated or NEVER}|{stamp(self.created_at)}|{self.id}"


def stamp(time: datetime | None) -> str:
    """A UTC time as text that sorts."""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z") if time else ""


def parse(body: str) -> dict[str, Any] | None:
    """The JSON object in a body; None for anything else, and for one nested deeper than 32."""
    if depth(body) > DEEPEST:
        return None
    try:
        envelope = json.loads(body, parse_float=Decimal)
    except ValueError:
        return None
    return envelope if isinstance(envelope, dict) else None


def depth(body: str) -> int:
    """How deep a JSON text nests, found without nesting ourselves."""
    level = deepest = 0
    for bracket in BRACKET.finditer(STRING.sub("", body)):
        level += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, level)
    return deepest


def label(envelope: Mapping[str, Any] | None, *names: str) -> str:
    """The first of these members that is a plain text or number, else an empty text."""
    for value in ((envelope or {}).get(name) for name in names):
        if isinstance(value, str | int) and not isinstance(value, bool) and (text := clean(str(value)).strip()):
            return text
    return ""


def event_of(row: Any) -> Event:
    """The event kept in a row of the inbox; raises ValueError for a body that holds none."""
    envelope = parse(row["body"])
    if envelope is None:
        raise ValueError("the body is not a JSON object, or nests too deep")
    data = unwrapped(envelope)
    if data.get("id") is None:
        data = {**data, "id": envelope.get("subject_id")}
    return Event(
        vendor_id=row["vendor_id"], id=row["event_id"], type=row["event_type"], data=data,
        created_at=instant(envelope.get("created_at"), "created_at"), received_at=received(row["received_at"]),
    )  # fmt: skip


def unwrapped(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The record itself; the first version of the webhooks wrapped it as `{id, type, attributes}`."""
    data = envelope.get("data")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise NotUnderstood("the event carries no record")
    attributes = data.get("attributes")
    if isinstance(attributes, dict) and "type" in data:
        return {"id": data.get("id"), **attributes}
    if envelope.get("api_version") in (1, "1") or ("attributes" in data and "type" in data):
        raise NotUnderstood("a version 1 event that cannot be unwrapped")
    return data


def received(at: datetime | str) -> datetime:
    """SQLite hands a RETURNING row's times back as text."""
    return at if isinstance(at, datetime) else instant(at, "received_at") or datetime.min
