"""How news of a record becomes a row, whatever came first: the newest values, and whether it is deleted.

A row's values are those of the newest whole record (`version`). That it was deleted is kept apart from them, since a
deletion carries no values: a row is deleted as long as no deletion is older than the record it shows. Both follow
from the set of events alone, not from their order. A short record without `updated_at` has no say in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from integrations.clickfunnels.envelope import NEVER, Event
from integrations.clickfunnels.values import Values, identity, instant


class Parked(Exception):
    """The event speaks of a record that has not arrived; `key` is what to wait for, such as `order:123`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


async def known(event: Event, table: Any, clickfunnels_id: str) -> Any:
    """The vendor's row of a record, or None."""
    return await table.known(event.vendor_id, clickfunnels_id)


async def record(event: Event, table: Any, values: Values, data: dict[str, Any]) -> tuple[Any, bool]:
    """Write down what `data` says of a record; returns the row and whether it was the newest news."""
    clickfunnels_id = identity(data.get("id"), "id")
    row = await known(event, table, clickfunnels_id)
    updated = instant(data.get("updated_at"), "updated_at")
    if row is not None and row.deleted_at and updated and updated > row.deleted_at:
        values = {**values, table.deleted_at: None}
    return await table.record(event.vendor_id, clickfunnels_id, event.version(data), values)


async def bury(event: Event, table: Any) -> str:
    """Mark a record as deleted; returns what changed.

    An unknown one leaves an empty row behind, so that an older `created` that comes late is known to be deleted.
    """
    row = await known(event, table, event.subject)
    if row is None:
        await table.record(event.vendor_id, event.subject, "", {table.deleted_at: event.happened_at})
        return "deleted before it was known"
    if event.happened_at < (shown(row) or event.happened_at):
        return "deleted once, but there is newer news; nothing changed"
    if row.deleted_at is None or row.deleted_at < event.happened_at:
        await table.update({table.deleted_at: event.happened_at}).where(
            table.vendor == event.vendor_id, table.id == row.id
        )
    return "deleted"


async def bury_known(event: Event, table: Any, kind: str) -> str:
    """The same for a record that cannot stand empty (it needs its customer): its deletion waits for it instead."""
    if await known(event, table, event.subject) is None:
        raise Parked(f"{kind}:{event.subject}")
    return await bury(event, table)


def shown(row: Any) -> datetime | None:
    """When the record was as the row shows it; None for a row that has seen no whole record."""
    updated = row.version.partition("|")[0]
    return None if updated == NEVER else instant(updated, "version")


def told(what: str, newest: bool) -> str:
    """One sentence for the inbox."""
    return f"{what} updated" if newest else f"older news of {what}; it stays as it is"
