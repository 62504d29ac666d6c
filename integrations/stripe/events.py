"""What stands around an object in a webhook of Stripe (Stripe docs: the Event object)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from integrations.clickfunnels.envelope import NotUnderstood, parse

SOURCE = "stripe"
TOPICS = {
    "customer.subscription": "subscription", "subscription_schedule": "subscription", "customer": "contact",
    "payment_method": "contact", "setup_intent": "contact", "invoice": "order", "invoice_payment": "order",
    "charge": "order", "refund": "order", "payment_intent": "order", "credit_note": "order",
    "checkout.session": "order", "product": "product", "price": "product",
}  # fmt: skip
"""How the inbox is filtered (`tables.webhook_event.TOPICS`)."""


class Event(NamedTuple):
    """One webhook: what happened, to which object, as it was then."""

    vendor_id: int
    type: str
    subject: dict[str, Any]
    before: dict[str, Any]

    @property
    def id(self) -> str:
        """The object's id; raises NotUnderstood for one that has none."""
        return required(self.subject.get("id"))


def required(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise NotUnderstood("the event names nothing that can be fetched")
    return value


def event_of(row: Mapping[str, Any]) -> Event:
    """The event kept in a row of the inbox; raises ValueError for a body that holds none."""
    envelope = parse(row["body"])
    data = envelope.get("data") if envelope else None
    if not isinstance(data, dict) or not isinstance(data.get("object"), dict):
        raise ValueError("the body is no event of Stripe")
    before = data.get("previous_attributes")
    return Event(row["vendor_id"], row["event_type"], data["object"], before if isinstance(before, dict) else {})


def topic_of(event_type: str) -> str:
    """By the longest name that the type begins with."""
    parts = event_type.split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((TOPICS[name] for name in names if name in TOPICS), "other")


def made_here(event_type: str, key: str, subject: Mapping[str, Any]) -> tuple[str, str]:
    """The id and body of an event of our own making, which only says what to look at."""
    event_id = f"here:{event_type}:{key}"[:100]
    return event_id, json.dumps({"id": event_id, "object": "event", "type": event_type, "data": {"object": subject}})
