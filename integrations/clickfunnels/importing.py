"""A page of an import becomes rows by the code that works webhooks: a record is news of itself (docs/clickfunnels-import.md).

Its version is `updated_at|updated_at|-`: newer than all that is older, and older than each webhook that tells of the
same moment, so that whoever comes first the same news stays.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, NamedTuple

import database
from integrations.clickfunnels.api import Api, Missing, Page
from integrations.clickfunnels.effects import effect_of
from integrations.clickfunnels.envelope import Event, History, NotUnderstood
from integrations.clickfunnels.inbox import described
from integrations.clickfunnels.records import Parked
from integrations.clickfunnels.values import clean, identity, instant
from tables.contact import Contact
from tables.course import Course, Lesson, Section
from tables.enrollment import Completion, Enrollment
from tables.import_refusal import ImportRefusal
from tables.import_run import ImportRun, Place
from tables.invoice import Invoice
from tables.order import Order
from tables.parcel import Parcel
from tables.payment import Payment
from tables.price import Price
from tables.product import Product, Variant
from tables.taken_completion import TakenCompletion
from tables.vendor import Vendor

API_ID = "-"
"""Sorts below the id of every event."""
AT_ONCE = 100
NO_LIST = "ClickFunnels does not have this list"
NEVER_PAID = frozenset({"draft", "abandoned"})
"""Orders without payments: an abandoned cart each would be a request each."""


class Resource(NamedTuple):
    """One list of the API: what event a record of it is like, and whose list it is where there is one for each."""

    path: str
    event_type: str
    table: Any
    parent: Any = None


RESOURCES: dict[str, Resource] = {
    "products": Resource("/workspaces/{}/products", "product.updated", Product),
    "variants": Resource("/products/{}/variants", "products/variant.updated", Variant, Product),
    "prices": Resource("/products/{}/prices", "products/price.updated", Price, Product),
    "contacts": Resource("/workspaces/{}/contacts", "contact.updated", Contact),
    "courses": Resource("/workspaces/{}/courses", "course.updated", Course),
    "sections": Resource("/courses/{}/sections", "courses/section.updated", Section, Course),
    "lessons": Resource("/courses/sections/{}/lessons", "courses/lesson.updated", Lesson, Section),
    "orders": Resource("/workspaces/{}/orders", "order.updated", Order),
    "invoices": Resource("/workspaces/{}/orders/invoices", "orders/invoice.updated", Invoice),
    "transactions": Resource("/orders/{}/transactions", "orders/transaction.updated", Payment, Order),
    "fulfillments": Resource("/workspaces/{}/fulfillments", "fulfillment.updated", Parcel),
    "enrollments": Resource("/courses/{}/enrollments", "courses/enrollment.updated", Enrollment, Course),
    "completions": Resource("/courses/{}/lesson_completions", "", Completion, Course),
}
"""In this order, so that what a record points at is there before it."""
NAMES = list(RESOURCES)
FIRST = NAMES[0]


async def page(run: ImportRun, api: Api) -> bool:
    """Take the next page in one transaction with the new place; whether there is more to do.

    False also when the run was stopped meanwhile, or is another worker's: then nothing of the page is kept.
    Raises api.Refused and api.Busy.
    """
    resource = RESOURCES[run.resource]
    parent = await parent_of(run, resource)
    found, refusal = await asked(run, api, resource, parent)

    async def work() -> bool:
        await Vendor.hold(run.vendor)
        if not await run.hold():
            return False
        tally = Counter({"seen": len(found.records)})
        for data in found.records:
            tally[await taken(run, resource, parent, data)] += 1
        if refusal:
            tally["refused"] += 1
            await ImportRefusal.note(run, parent.clickfunnels_id if parent else "", refusal)
        place = await following(run, found)
        await run.advance(tally, place)
        return place is not None

    return await database.transaction(work)


async def asked(run: ImportRun, api: Api, resource: Resource, parent: Any) -> tuple[Page, str]:
    """The next page; a list that is not there is empty, with the reason."""
    if resource.parent and parent is None:
        return Page([], None), ""
    owner = parent.clickfunnels_id if parent else run.workspace
    try:
        return await api.page(resource.path.format(owner), run.after), ""
    except Missing:
        if parent is None and run.resource == FIRST:
            raise
        return Page([], None), "ClickFunnels does not have what this list belongs to" if parent else NO_LIST


async def parent_of(run: ImportRun, resource: Resource) -> Any:
    """The row whose list is read, as it is now; None when it has gone since."""
    if resource.parent is None or run.parent is None:
        return None
    return await resource.parent.objects().where(
        resource.parent.vendor == run.vendor, resource.parent.id == run.parent
    ).first()  # fmt: skip


async def taken(run: ImportRun, resource: Resource, parent: Any, data: dict[str, Any]) -> str:
    """Write down one record: new, changed, unchanged or refused. One that is refused leaves nothing behind."""
    try:
        return await database.attempt(lambda: take(run, resource, parent, data))
    except Parked as waiting:
        kind, _, number = waiting.key.partition(":")
        reason = f"it belongs to the {kind} {number}, which ClickFunnels' lists do not have, or which has no address"
    except NotUnderstood as left:
        reason = str(left)
    except Exception as error:
        if isinstance(error, (*database.RETRIED, database.Unavailable)):
            raise
        reason = described(error)
    await ImportRefusal.note(run, clean(str(data.get("id") or "")), reason)
    return "refused"


async def take(run: ImportRun, resource: Resource, parent: Any, data: dict[str, Any]) -> str:
    if resource.table is Completion:
        return await complete(run.vendor, data)
    event = news(run, resource, parent, data)
    before = await resource.table.known(run.vendor, event.subject)
    if before is not None and data.get("updated_at") and before.version == event.version(data):
        return "unchanged"
    await effect_of(event.type)(event)
    after = await resource.table.known(run.vendor, event.subject)
    if before is None:
        return "new" if after else "unchanged"
    return "unchanged" if after.version == before.version else "changed"


def news(run: ImportRun, resource: Resource, parent: Any, data: dict[str, Any]) -> Event:
    """The record as an event of the moment it was last changed; one without any time is as old as what it is part of."""
    if resource.table is Price and parent is not None:
        data = {**data, "product_id": parent.clickfunnels_id}
    moment = instant(data.get("updated_at"), "updated_at") or instant(data.get("created_at"), "created_at")
    moment = moment or began(parent) or run.created_at
    return Event(
        vendor_id=run.vendor, id=API_ID, type=resource.event_type, data=data, created_at=moment, received_at=moment,
        history=History(run.history_ends_at, run.welcomes),
    )  # fmt: skip


def began(parent: Any) -> datetime | None:
    return parent.placed_at if isinstance(parent, Order) else None


async def complete(vendor_id: int, data: dict[str, Any]) -> str:
    """A completed lesson, which counts once: a customer may have undone it since it was taken."""
    key = identity(data.get("enrollment_id"), "enrollment_id")
    enrollment = await Enrollment.known(vendor_id, key)
    if enrollment is None:
        raise Parked(f"enrollment:{key}")
    done_at, lesson = instant(data.get("completed_at"), "completed_at"), identity(data.get("lesson_id"), "lesson_id")
    if done_at is None:
        raise NotUnderstood("without a time of completion")
    if not await TakenCompletion.claim(vendor_id, identity(data.get("id"), "id")):
        return "unchanged"
    await Completion.mark(vendor_id, enrollment.customer, lesson, done_at)
    return "new"


async def following(run: ImportRun, found: Page) -> Place | None:
    """Where to go on: the list's next page, the next row that has such a list, or the next list."""
    if found.next:
        return Place(run.resource, run.parent, found.next)
    if RESOURCES[run.resource].parent and (parent := await next_parent(run, run.resource, run.parent or 0)):
        return Place(run.resource, parent)
    for name in NAMES[NAMES.index(run.resource) + 1 :]:
        if RESOURCES[name].parent is None:
            return Place(name)
        if parent := await next_parent(run, name, 0):
            return Place(name, parent)
    return None


async def next_parent(run: ImportRun, name: str, above: int) -> int | None:
    """The vendor's next row that ClickFunnels knows, too: its ids are numbers."""
    table = RESOURCES[name].parent
    while True:
        rows = await table.select().where(
            table.vendor == run.vendor, table.id > above, table.deleted_at.is_null()
        ).order_by(table.id).limit(AT_ONCE)  # fmt: skip
        for row in rows:
            if row["clickfunnels_id"].isdigit() and row.get("billing_status") not in NEVER_PAID:
                return int(row["id"])
        if len(rows) < AT_ONCE:
            return None
        above = rows[-1]["id"]
