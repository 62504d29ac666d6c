"""What each event makes us look at: the one table to look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from integrations.clickfunnels.envelope import NotUnderstood
from integrations.stripe import account, catalogue, invoices, people, purchases, setups, subscriptions
from integrations.stripe.events import Event, required
from integrations.stripe.looks import Look
from integrations.stripe.values import identity, inside

if TYPE_CHECKING:
    from stripe import StripeClient

Effect = Callable[["StripeClient", Event, datetime | None], Awaitable[Look]]


async def subscription(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await subscriptions.look(stripe, event.vendor_id, event.id, heard_at)


async def schedule(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    """A change of plan that is to come belongs to its subscription."""
    key = identity(event.subject.get("subscription")) or identity(event.subject.get("released_subscription"))
    return await subscriptions.look(stripe, event.vendor_id, required(key), heard_at)


async def invoice(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await invoices.look(stripe, event.vendor_id, event.id, heard_at)


async def credit_note(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    key = required(identity(event.subject.get("invoice")))
    return await invoices.look(stripe, event.vendor_id, key, heard_at, credited=True)


async def invoice_payment(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await invoices.look(stripe, event.vendor_id, required(identity(event.subject.get("invoice"))), heard_at)


async def payment(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    """Charges and refunds name their payment intent; what is older than those is not mirrored."""
    subject = event.subject
    key = subject.get("id") if subject.get("object") == "payment_intent" else identity(subject.get("payment_intent"))
    return await purchases.look(stripe, event.vendor_id, required(key), heard_at)


async def session(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    mode = event.subject.get("mode")
    if mode == "setup":
        return await setups.look(stripe, event.vendor_id, event.id)
    if mode == "subscription" and (key := identity(event.subject.get("subscription"))):
        return await subscriptions.look(stripe, event.vendor_id, key, heard_at)
    return await payment(stripe, event, heard_at)


async def setup_intent(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await setups.look_intent(stripe, event.vendor_id, required(identity(event.subject.get("customer"))))


async def payment_method(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    """One that was removed names its customer only among what it was before."""
    key = identity(event.subject.get("customer")) or identity(inside(event.before, "customer"))
    look = people.look if key else people.look_method
    return await look(stripe, event.vendor_id, key or event.id)


async def person(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await people.look(stripe, event.vendor_id, event.id)


async def product(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await catalogue.look_product(stripe, event.vendor_id, event.id)


async def price(stripe: StripeClient, event: Event, heard_at: datetime | None) -> Look:
    return await catalogue.look_price(stripe, event.vendor_id, event.id)


EFFECTS: dict[str, Effect] = {
    "customer": person, "customer.subscription": subscription, "subscription_schedule": schedule, "invoice": invoice,
    "invoice_payment": invoice_payment, "credit_note": credit_note, "payment_intent": payment, "charge": payment,
    "charge.refund": payment, "refund": payment, "checkout.session": session, "setup_intent": setup_intent,
    "payment_method": payment_method, "product": product, "price": price,
}  # fmt: skip
WITHOUT = frozenset({"invoice.upcoming", "invoice.deleted", "customer.created"})
"""Of these nothing follows: a bill that is not made yet, a draft thrown away, somebody who bought nothing yet."""
LISTED = (
    "checkout.session.completed", "checkout.session.async_payment_succeeded", "checkout.session.expired",
    "setup_intent.succeeded",
    "customer.updated", "customer.deleted", "customer.subscription.created", "customer.subscription.updated",
    "customer.subscription.deleted", "customer.subscription.paused", "customer.subscription.resumed",
    "subscription_schedule.created", "subscription_schedule.updated", "subscription_schedule.released",
    "subscription_schedule.canceled", "invoice.finalized", "invoice.updated", "invoice.paid", "invoice.payment_failed",
    "invoice.voided", "invoice.marked_uncollectible", "charge.refunded", "refund.created", "refund.updated", "refund.failed",
    "credit_note.created", "credit_note.updated", "credit_note.voided", "payment_method.attached", "payment_method.updated",
    "payment_method.automatically_updated", "payment_method.detached", "product.updated", "product.deleted",
    "price.created", "price.updated", "price.deleted",
)  # fmt: skip
"""What a vendor ticks for the endpoint at Stripe."""


def effect_of(event_type: str) -> Effect:
    """The effect of a type by what stands before its last word; raises NotUnderstood where there is none."""
    if event_type == account.TAKING_IN:
        return account.look_page
    effect = None if event_type in WITHOUT else EFFECTS.get(event_type.rpartition(".")[0])
    if effect is None:
        raise NotUnderstood(f"no rule for {event_type}" if event_type else "no rule for an event without a type")
    return effect
