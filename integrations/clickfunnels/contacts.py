"""A contact, from its own events or inside another record: who a customer is and where their mail goes."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from integrations.clickfunnels import welcomes
from integrations.clickfunnels.envelope import Event, NotUnderstood, stamp
from integrations.clickfunnels.records import Parked, bury, known, record, told
from integrations.clickfunnels.time_zones import iana
from integrations.clickfunnels.values import Values, collect, identity, instant, part
from tables.contact import Contact
from tables.email_address import canonical_address
from tables.phone_number import PhoneNumber
from tables.webhook_event import WebhookEvent

COLUMNS = {"first_name": Contact.first_name, "last_name": Contact.last_name, "phone_number": Contact.phone}


async def update(event: Event) -> str:
    """contact.created, updated, identified, unsubscribed. Of somebody whose account was deleted nothing is learned."""
    before = await known(event, Contact, event.subject)
    if before is not None and before.erased_at:
        return f"contact {event.subject}: the account was deleted; nothing was learned"
    _, newest = await learn(event, event.data)
    return told(f"contact {event.subject}", newest)


async def remove(event: Event) -> str:
    """contact.deleted: their account stays, until they or the vendor decide otherwise."""
    return f"contact {event.subject} {await bury(event, Contact)}"


async def customer_of(event: Event, data: dict[str, Any]) -> int:
    """The customer a record belongs to, by the contact inside it or by its id; raises Parked until one is known."""
    inside = part(data, "contact")
    await begin_anew(event, data, identity(inside.get("id") or data.get("contact_id"), "contact_id"))
    if inside.get("id") is not None:
        contact, _ = await learn(event, inside)
    else:
        contact = await known(event, Contact, identity(data.get("contact_id"), "contact_id"))
    if contact is None or contact.customer is None:
        raise Parked(f"contact:{identity(inside.get('id') or data.get('contact_id'), 'contact_id')}")
    return contact.customer


async def begin_anew(event: Event, data: dict[str, Any], contact_id: str) -> None:
    """After an account was deleted a new purchase opens another; what is older is left alone (NotUnderstood)."""
    contact = await known(event, Contact, contact_id)
    if contact is None or contact.erased_at is None:
        return
    if (instant(data.get("created_at"), "created_at") or event.happened_at) <= contact.erased_at:
        raise NotUnderstood("from before the account was deleted")
    await contact.begin_anew()


async def learn(event: Event, data: dict[str, Any]) -> tuple[Contact, bool]:
    """Write down what a record says of a contact; returns the row and whether this was the newest news.

    Names and the proposed address follow the newest news. The sign-in is the oldest address there is news of, until
    it is proven, so that it is the same whatever came first. Telephone numbers add up.
    """
    clickfunnels_id = identity(data.get("id"), "id")
    contact, newest = await record(event, Contact, values_of(data), data)
    email = usable_address(data.get("email_address"))
    # A short contact has no time of its own; its address is as old as the event.
    version = f"{stamp(event.moment(data).astimezone(UTC))}|{stamp(event.created_at)}|{event.id}"
    customer = await contact.meet(version, email)
    if customer is not None:
        moved = await contact.correct_address(customer, email, version)
        await contact.inform(customer)
        number = collect(data, COLUMNS).get(Contact.phone)
        await PhoneNumber.learn(event.vendor_id, customer.id, number, "contact")
        if moved:
            await welcomes.send_again(event.vendor_id, customer.id)
        # Only now: an event that waits for this contact needs its customer, and would come straight back without.
        await WebhookEvent.wake(event.vendor_id, f"contact:{clickfunnels_id}")
    return contact, newest


def values_of(data: dict[str, Any]) -> Values:
    values = collect(data, COLUMNS)
    if "email_address" in data:
        values[Contact.email] = usable_address(data["email_address"])
    if "time_zone" in data:
        values[Contact.time_zone] = iana(data["time_zone"])
    return values


def usable_address(typed: object) -> str | None:
    """The canonical address, or None for one that no mail can be sent to: such a contact is kept without."""
    try:
        return canonical_address(typed) if isinstance(typed, str) else None
    except ValueError:
        return None
