"""Events as ClickFunnels would send them, for the console's test sender: signed with the vendor's own secret."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import database
from integrations.clickfunnels.envelope import stamp
from integrations.clickfunnels.signature import SIGNATURE, TIMESTAMP, sign
from tables.base import public_id
from tables.contact import Contact
from tables.customer import Customer
from tables.enrollment import Enrollment
from tables.order import Order
from tables.webhook_event import TEST

CONTACT, ORDER, GONE, UNKNOWN = (
    "contact.created",
    "one-time-order.completed",
    "contact.deleted",
    "form_submission.created",
)
KINDS = (CONTACT, ORDER, GONE, UNKNOWN)


async def belongs_to_a_customer(vendor_id: int, email: str) -> bool:
    """Whether somebody real has this address: a test would then stand in their account."""
    customer = await Customer.by_email(vendor_id, email)
    if customer is None:
        return False
    contacts = await Contact.select(Contact.clickfunnels_id).where(
        Contact.vendor == vendor_id, Contact.customer == customer.id
    )
    if not contacts or any(not row["clickfunnels_id"].startswith(TEST) for row in contacts):
        return True
    return await has_a_place(vendor_id, customer.id)


async def has_a_place(vendor_id: int, customer_id: int) -> bool:
    """Whether they are enrolled, or have bought what no test sent: then they are somebody real by now."""
    orders = Order.exists().where(
        Order.vendor == vendor_id, Order.customer == customer_id, Order.clickfunnels_id.not_like(f"{TEST}%")
    )
    enrolled = Enrollment.exists().where(Enrollment.vendor == vendor_id, Enrollment.customer == customer_id)
    return bool(await orders or await enrolled)


def sample(kind: str, email: str) -> tuple[str, bytes]:
    """The event's id and the body of one of KINDS, about somebody with this address."""
    event_id, now = f"{TEST}{public_id()}", stamp(database.now())
    person = {"id": TEST + short(email), "email_address": email}
    records: dict[str, dict[str, Any]] = {
        CONTACT: {**person, "first_name": "Test", "last_name": "Customer", "created_at": now, "updated_at": now},
        ORDER: order(person, now),
        GONE: {**person, "updated_at": now},
        UNKNOWN: {"id": TEST + "form", "updated_at": now, "data": {"email": email}},
    }
    envelope = {"event_id": event_id, "event_type": kind, "created_at": now, "data": records[kind]}
    return event_id, json.dumps(envelope, ensure_ascii=False).encode()


def order(person: Mapping[str, Any], now: str) -> dict[str, Any]:
    """A paid order of one, about nothing that is for sale."""
    number = f"{TEST}{public_id()[:8]}"
    line = {
        "id": number, "quantity": 1, "original_product": {"name": "Test purchase"},
        "products_price": {"amount": "1.00", "currency": "USD"},
    }  # fmt: skip
    return {
        "id": number, "order_number": number.upper(), "order_type": "one-time-order", "currency": "USD",
        "total_amount": "1.00", "billing_status": "paid", "service_status": "completed", "created_at": now,
        "updated_at": now, "contact": dict(person), "line_items": [line],
    }  # fmt: skip


def signed(body: bytes, secret: str) -> dict[bytes, bytes]:
    """The headers ClickFunnels would send with this body now."""
    seconds = str(int(database.now().timestamp())).encode()
    return {TIMESTAMP: seconds, SIGNATURE: sign(seconds, body, secret)}


def short(email: str) -> str:
    """The same contact for the same address, each time."""
    return hashlib.sha256(email.encode()).hexdigest()[:16]
