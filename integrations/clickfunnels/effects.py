"""What each event does: the one table to look at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from integrations.clickfunnels import catalogue, contacts, courses, money, orders, parcels
from integrations.clickfunnels.envelope import Event, NotUnderstood
from tables.webhook_event import OTHER, TOPICS

Effect = Callable[[Event], Awaitable[str]]

ANY = "*"
EFFECTS: dict[str, dict[str, Effect]] = {
    "contact": {ANY: contacts.update, "deleted": contacts.remove},
    "order": {ANY: orders.update, "deleted": orders.remove},
    "one_time_order": {ANY: orders.update, "refunded": orders.refund, "deleted": orders.remove},
    "subscription": {ANY: orders.update, "deleted": orders.remove},
    "subscription.line_item": {"changed": orders.update},
    "order.invoice": {ANY: money.update_invoice},
    "one_time_order.invoice": {ANY: money.update_either},
    "subscription.invoice": {ANY: money.update_either},
    "order.transaction": {ANY: money.update_payment},
    "": {"renewal_invoice_payment_declined": money.update_either},
    "fulfillment": {ANY: parcels.update, "deleted": parcels.remove},
    "course": {ANY: courses.update_course, "deleted": courses.remove_course},
    "course.section": {ANY: courses.update_section, "deleted": courses.remove_section},
    "course.lesson": {ANY: courses.update_lesson, "deleted": courses.remove_lesson},
    "course.enrollment": {
        ANY: courses.update_enrollment, "course_completed": courses.complete_course,
        "deleted": courses.remove_enrollment,
    },
    "product": {ANY: catalogue.update_product, "deleted": catalogue.remove_product},
    "product.variant": {ANY: catalogue.update_variant, "deleted": catalogue.remove_variant},
    "product.price": {ANY: catalogue.update_price, "deleted": catalogue.remove_price},
}  # fmt: skip

ABOUT = {"one_time_order": "order", "renewal_invoice_payment_declined": "subscription"}
"""The topics that go by another's name."""


def effect_of(event_type: str) -> Effect:
    """The effect of a type; raises NotUnderstood when there is no rule for it."""
    topic, _, verb = plain(event_type).rpartition(".")
    rules = EFFECTS.get(topic, {})
    effect = rules.get(verb) or (rules.get(ANY) if verb else None)
    if effect is None:
        raise NotUnderstood(f"no rule for {event_type}" if event_type else "no rule for an event without a type")
    return effect


def topic_of(event_type: str) -> str:
    """What an event is about, as the inbox is filtered by it (`tables.webhook_event.TOPICS`)."""
    first = plain(event_type).partition(".")[0] if event_type.strip() else ""
    topic = ABOUT.get(first, first)
    return topic if topic in TOPICS else OTHER


def plain(event_type: str) -> str:
    """One spelling for a type's many: `orders/invoice.paid`, `order.invoice.paid` (ClickFunnels docs: webhook-event-types)."""
    *topic, verb = event_type.strip().lower().replace("-", "_").replace("/", ".").split(".")
    return ".".join([*(name.removesuffix("s") for name in topic), verb])
