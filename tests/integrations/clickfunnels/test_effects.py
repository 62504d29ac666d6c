import importlib

import pytest

import database
from integrations.clickfunnels import contacts, courses, money, orders
from integrations.clickfunnels.effects import EFFECTS, effect_of, plain, topic_of
from integrations.clickfunnels.envelope import NotUnderstood
from tables import WebhookEvent


@pytest.mark.parametrize(("spellings", "effect"), [
    (["contact.created", "contacts.created", "CONTACT.Identified", "contact.unsubscribed"], contacts.update),
    (["contact.deleted"], contacts.remove),
    (["order.created", "orders.updated", "order.completed", "one-time-order.completed", "one_time_order.completed",
      "subscription.activated", "subscription.trial_converted", "subscription.line_items.changed"], orders.update),
    (["one_time_order.refunded", "one-time-order.refunded"], orders.refund),
    (["orders/invoice.paid", "order.invoice.paid", "orders.invoices.past-due"], money.update_invoice),
    (["one-time-order.invoice.paid", "subscription.invoice.paid", "subscription/invoice.paid"], money.update_either),
    (["orders/transaction.created", "orders/transactions.updated"], money.update_payment),
    (["renewal-invoice-payment-declined", "renewal_invoice_payment_declined"], money.update_either),
    (["course.published", "courses.updated"], courses.update_course),
    (["courses/section.created", "course.section.published"], courses.update_section),
    (["courses/lesson.updated"], courses.update_lesson),
    (["courses/enrollment.suspended", "courses.enrollments.created"], courses.update_enrollment),
    (["courses/enrollment.course_completed", "courses/enrollment.course-completed"], courses.complete_course),
    (["courses/enrollment.deleted"], courses.remove_enrollment),
])  # fmt: skip
def test_every_spelling_finds_its_effect(spellings, effect):
    assert [effect_of(spelling) for spelling in spellings] == [effect] * len(spellings)


@pytest.mark.parametrize("name", [
    "", ".", "contact", "contact.", "contacts/applied_tag.created", "contact/applied_tag.deleted",
    "orders/invoices/restock.created", "form_submission.created", "communities/post.created", "created",
    "appointments/scheduled_event.created", "sales/opportunity.closed", "platform_application.disconnected",
])  # fmt: skip
def test_there_is_no_rule_for_anything_else(name):
    with pytest.raises(NotUnderstood, match="no rule"):
        effect_of(name)


def test_the_table_is_written_in_plain_names():
    for topic, rules in EFFECTS.items():
        for verb in rules:
            name = f"{topic}.{verb}" if topic else verb
            assert plain(name) == name


@pytest.mark.parametrize(
    ("event_type", "topic"),
    [("contact.created", "contact"), ("contacts/applied_tag.created", "contact"), ("orders/invoice.paid", "order"),
     ("one-time-order.completed", "order"), ("one_time_order.refunded", "order"), ("order.created", "order"),
     ("subscription.line_items.changed", "subscription"), ("renewal-invoice-payment-declined", "subscription"),
     ("courses/enrollment.created", "course"), ("products/variant.updated", "product"), ("fulfillment.created", "fulfillment"),
     ("form_submission.created", "other"), ("contact", "contact"), ("", "other"), ("   ", "other"), ("%", "other")],
)  # fmt: skip
async def test_what_an_event_is_about_now_and_in_rows_from_before(acme, event_type, topic):
    """The migration sorts what is there already as the code sorts what comes."""
    migration = importlib.import_module("migrations.customer_center_2026_11_23t00_65_00_000000")
    assert topic_of(event_type) == topic
    await WebhookEvent.keep(acme.id, "clickfunnels", "e1", event_type, "{}", "")
    await database.engine.run_ddl(migration.TOPICS)
    row = await WebhookEvent.select().where(WebhookEvent.vendor == acme.id).first()
    assert row["topic"] == topic
