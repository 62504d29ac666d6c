"""Which of our customers a customer at Stripe is: the known one, else the one with that address, made now if need be."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integrations.clickfunnels.contacts import usable_address
from integrations.clickfunnels.envelope import NotUnderstood
from integrations.clickfunnels.records import Parked
from integrations.stripe.events import SOURCE, made_here
from integrations.stripe.values import text
from tables.customer import Customer
from tables.stripe_customer import StripeCustomer
from tables.webhook_event import WebhookEvent


class Buyer(NamedTuple):
    """Whose purchase it is; of somebody whose account was deleted nothing personal is learned."""

    id: int
    closed: bool


async def buyer_of(vendor_id: int, person: dict[str, Any], bought_at: datetime | None) -> Buyer:
    """The customer a purchase belongs to; raises Parked until an address is known, NotUnderstood where none will be.

    After an account was deleted only a purchase made since opens another.
    """
    known = await StripeCustomer.known(vendor_id, person["id"]) if person.get("id") else None
    customer = await Customer.by_id(vendor_id, known.customer) if known else None
    if customer is not None and (
        customer.closed_at is None or bought_at is None or bought_at <= customer.closed_at
    ):  # fmt: skip
        return Buyer(customer.id, customer.closed_at is not None)
    opened = await Customer.open(vendor_id, address_of(person), **names_of(person))
    if person.get("id"):
        await StripeCustomer.give(vendor_id, opened.id, person["id"])
        await greet(vendor_id, person["id"], opened.id)
    return Buyer(opened.id, False)


def address_of(person: dict[str, Any]) -> str:
    if person.get("deleted"):
        raise NotUnderstood("the customer was deleted at Stripe before they were known here")
    email = usable_address(person.get("email"))
    if email is None:
        raise Parked(f"stripe:{person.get('id')}")
    return email


def names_of(person: dict[str, Any]) -> dict[str, str]:
    """Stripe has one line for a name."""
    first, _, last = text(person.get("individual_name") or person.get("name"), 240).rpartition(" ")
    return {"first_name": (first or last)[:120], "last_name": last[:120] if first else ""}


async def greet(vendor_id: int, reference: str, customer_id: int) -> None:
    """Have the cards of somebody new fetched: what was told of them before had nobody it belonged to.

    A look of its own, begun after this transaction, so that no card falls between the two.
    """
    event_id, body = made_here("customer.linked", f"{reference}-{customer_id}", {"id": reference, "object": "customer"})
    await WebhookEvent.keep(vendor_id, SOURCE, event_id, "customer.linked", body, "contact")
