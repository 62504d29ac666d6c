"""The partials of vendors in this process, and `slot()`, by which a stock template gives way to one.

A vendor without any costs one look into a context variable. Whatever goes wrong while one is rendered, the stock part
is shown, and its vendor can read why.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from markupsafe import Markup

from settings import settings
from tables.vendor_partial import VendorPartial
from theming.partials.as_text import as_text
from theming.partials.partial import Partial
from theming.partials.refused import Refused
from theming.slots import MAIL, SLOTS

if TYPE_CHECKING:
    from theming.center import Center

log = structlog.get_logger("partials")


class Own(NamedTuple):
    """One partial of a vendor, with what it takes to tell them when it fails."""

    vendor_id: int
    row_id: int
    partial: Partial


class Showing(NamedTuple):
    """What the page or mail that is being made needs: whose it is, for whom, and which parts are the vendor's own."""

    center: Center
    person: Any
    own: Mapping[str, Own]


VENDORS = 500
"""How many vendors' partials are kept compiled."""
showing: ContextVar[Showing | None] = ContextVar("showing", default=None)
kept: dict[int, tuple[int, Mapping[str, Own]]] = {}
"""By vendor: how often they had changed when these were read, and what was read."""
told: set[int] = set()
"""Rows whose failing this process has noted already; a page shown a thousand times notes it once."""
writing: set[asyncio.Task[None]] = set()


def why_off(center: Center) -> str | None:
    """Why a center cannot have partials of its own; None when it can.

    Centers below one host share an origin: what got past every wall there could act in another vendor's center.
    """
    return "path" if settings.production and center.prefix else None


async def load(center: Center) -> None:
    """Read and compile the vendor's partials, if they have changed since; nothing to do for who has none."""
    if not center.partials_changed or center.vendor_id is None or why_off(center):
        return
    found = kept.get(center.vendor_id)
    if found is None or found[0] != center.partials_changed:
        if len(kept) >= VENDORS:
            kept.clear()
        own = {row.slot: Own(center.vendor_id, row.id, partial)
               for row in await VendorPartial.shown_at(center.vendor_id) if (partial := accepted(row))}  # fmt: skip
        kept[center.vendor_id] = (center.partials_changed, own)


def accepted(row: VendorPartial) -> Partial | None:
    """Checked again with today's rules; a version they refuse is left aside and says so in the console."""
    slot = SLOTS.get(row.slot)
    if slot is None:
        return None
    try:
        return Partial(slot, row.source)
    except Exception as error:
        line = error.line if isinstance(error, Refused) else 0
        fell_back(row.vendor, row.id, f"Line {line}: {error}" if line else str(error), row.slot)
        return None


def show(center: Center, person: Any = None) -> contextvars.Token[Showing | None]:
    """From here on `slot()` speaks for this center and this person."""
    found = kept.get(center.vendor_id) if center.partials_changed and center.vendor_id is not None else None
    return showing.set(Showing(center, person, found[1]) if found and not why_off(center) else None)


def slot(name: str, **values: Any) -> Markup | None:
    """What the vendor shows in place of a part of the page; None where the stock part stands."""
    now = showing.get()
    own = now.own.get(name) if now is not None else None
    return rendered(now, own, values) if now is not None and own is not None else None


def slots(name: str, each: str, rows: Sequence[Any]) -> list[Markup] | None:
    """The same for a whole list of which every row is one; None as soon as a single one fails."""
    shown = [slot(name, **{each: row}) for row in rows] if showing.get() is not None else []
    return [html for html in shown if html is not None] if shown and None not in shown else None


def slot_text(name: str, **values: Any) -> str | None:
    """The same for the text part of a mail."""
    html = slot(name, **values)
    return None if html is None else as_text(html)


def rendered(now: Showing, own: Own, values: dict[str, Any]) -> Markup | None:
    kind = own.partial.slot.kind
    try:
        data = {**around(now), **values}
        return own.partial.html(data, origin=now.center.origin if kind == MAIL else None)
    except Exception as error:
        fell_back(own.vendor_id, own.row_id, f"{type(error).__name__}: {error}", own.partial.slot.name)
        return None


def around(now: Showing) -> dict[str, Any]:
    """What every slot may use; each takes of it what it publishes."""
    url = now.center.url
    pages = {"home": "/", "courses": "/courses", "account": "/account", "orders": "/account/orders"}
    return {
        "center": now.center, "person": now.person, "links": {name: url(path) for name, path in pages.items()},
    }  # fmt: skip


def fell_back(vendor_id: int, row_id: int, why: str, name: str) -> None:
    """Log it and write it on the row, once in the life of this process, outside of whatever is going on."""
    if row_id in told:
        return
    told.add(row_id)
    log.warning("partial fell back", vendor=vendor_id, slot=name, why=why[:200])
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    # A context of its own: the one here may be inside a transaction.
    task = loop.create_task(note(vendor_id, row_id, why), context=contextvars.Context())
    writing.add(task)
    task.add_done_callback(writing.discard)


async def note(vendor_id: int, row_id: int, why: str) -> None:
    try:
        await VendorPartial.fell_back(vendor_id, row_id, why)
    except Exception as error:
        log.warning("could not note a fallen partial", vendor=vendor_id, why=type(error).__name__)
