"""What webhooks may and may not do once the account they speak of was deleted."""

import pytest

import database
from jobs.close_accounts import close_accounts
from jobs.stopping import Stopping
from tables import Address, Contact, Customer, Enrollment, Invoice, Mail, Order, PaymentMethod, PhoneNumber, closing
from tests.integrations.clickfunnels.payloads import (
    SECRET_PATH,
    contact,
    deliver,
    enrollment,
    event,
    fulfillment,
    invoice,
    order,
    verdict,
)

ASSERTED = (Address, PhoneNumber, PaymentMethod, Enrollment)


@pytest.fixture
async def closed(acme, clock):
    """Ann bought, was enrolled, and had her account deleted; returns the empty customer."""
    await deliver(acme, event("contact.created", contact(0), 0), event("order.completed", order(1), 1),
                  event("courses/enrollment.created", enrollment(4), 4))  # fmt: skip
    customer = await Customer.objects().first()
    await closing.schedule(acme.id, customer.id)
    clock.forward(days=15)
    await close_accounts(Stopping())
    await Mail.delete(force=True)
    return await Customer.objects().first()


def later(clock):
    """Minutes on the payloads' own clock that lie after the deletion."""
    from tests.integrations.clickfunnels.payloads import START

    return (clock.now() - START).total_seconds() / 60 + 10


async def untouched(acme, closed):
    """That nothing personal has come back."""
    customer = await Customer.objects().get((Customer.vendor == acme.id) & (Customer.id == closed.id))
    assert customer.to_dict() == closed.to_dict()
    for table in ASSERTED:
        assert await table.count() == 0, table
    assert await Customer.count() == 1
    row = await Contact.objects().first()
    assert (row.customer, row.email, row.first_name) == (None, None, "")
    assert await Mail.count() == 0


@pytest.mark.parametrize("kind", ["contact.created", "contact.updated", "contact.identified"])
async def test_news_of_a_contact_alone_opens_nothing(acme, closed, clock, kind):
    sent = event(kind, contact(later(clock), first_name="Annie"), later(clock))
    await deliver(acme, sent)
    assert "nothing was learned" in (await verdict(acme, sent))["outcome"]
    await untouched(acme, closed)


async def test_news_of_an_old_order_stays_with_the_empty_customer(acme, closed, clock):
    sent = event("order.updated", order(later(clock), billing_status="refunded"), later(clock))
    await deliver(acme, sent)
    assert (await verdict(acme, sent))["status"] == "processed"
    row = await Order.objects().first()
    assert (row.billing_status, row.customer, row.shipping_address) == ("refunded", closed.id, "{}")
    assert row.payment_method is None
    assert "247 Herminia Neck" in row.billing_address
    await untouched(acme, closed)


async def test_old_events_sent_again_bring_nothing_back(acme, closed):
    again = [event("contact.updated", contact(2), 2), event("order.completed", order(1), 1),
             event("order.updated", order(3), 3), event("courses/enrollment.created", enrollment(4), 4)]  # fmt: skip
    await deliver(acme, *again)
    assert (await verdict(acme, again[-1]))["status"] == "ignored"
    await untouched(acme, closed)


async def test_an_old_order_that_comes_late_is_left_alone(acme, closed):
    sent = event("order.completed", order(5, id=124, order_number="1002"), 5)
    await deliver(acme, sent)
    assert "before the account was deleted" in (await verdict(acme, sent))["outcome"]
    assert await Order.count() == 1
    await untouched(acme, closed)


async def test_bills_and_parcels_of_old_orders_are_still_kept(acme, closed, clock):
    await deliver(acme, event("orders/invoice.paid", invoice(later(clock)), later(clock)),
                  event("fulfillment.created", fulfillment(later(clock)), later(clock)))  # fmt: skip
    assert await Invoice.count() == 1
    await untouched(acme, closed)


async def test_a_new_purchase_opens_a_fresh_account(acme, closed, clock):
    when = later(clock)
    new = order(when, id=500, order_number="2001", created_at=event("x", {}, when)["created_at"])
    await deliver(acme, event("order.completed", new, when))
    fresh = await Customer.by_email(acme.id, "ann@example.com")
    assert fresh is not None
    assert fresh.id != closed.id
    assert (fresh.first_name, fresh.last_name) == ("Ann", "Haag")
    assert (await Order.objects().get(Order.number == "2001")).customer == fresh.id
    assert (await Order.objects().get(Order.number == "1001")).customer == closed.id
    assert await Mail.count().where(Mail.kind == "welcome", Mail.recipient == "ann@example.com") == 1
    assert (await Contact.objects().first()).erased_at is None
    await deliver(acme, event("contact.updated", contact(when + 5, first_name="Annie"), when + 5))
    assert (await Customer.by_email(acme.id, "ann@example.com")).first_name == "Annie"


async def test_a_new_purchase_with_only_the_contacts_id_waits_for_the_contact(acme, closed, clock):
    when = later(clock)
    made = event("x", {}, when)["created_at"]
    await deliver(acme, event("order.completed", order(when, id=500, order_number="2001", created_at=made, contact=None),
                              when))  # fmt: skip
    assert await Customer.count() == 1
    await deliver(acme, event("contact.updated", contact(when + 1), when + 1))
    fresh = await Customer.by_email(acme.id, "ann@example.com")
    assert (await Order.objects().get(Order.number == "2001")).customer == fresh.id


async def test_a_new_enrollment_opens_a_fresh_account_too(acme, closed, clock):
    when = later(clock)
    made = event("x", {}, when)["created_at"]
    await deliver(acme, event("courses/enrollment.created", enrollment(when, id=78, created_at=made), when))
    fresh = await Customer.by_email(acme.id, "ann@example.com")
    assert (await Enrollment.objects().first()).customer == fresh.id
    assert SECRET_PATH not in repr(await database.raw("SELECT * FROM enrollments"))


async def test_after_a_fresh_start_old_orders_still_stay_where_they_were(acme, closed, clock):
    when = later(clock)
    made = event("x", {}, when)["created_at"]
    await deliver(acme, event("order.completed", order(when, id=500, order_number="2001", created_at=made), when),
                  event("order.updated", order(when + 5, total_amount="1.00"), when + 5))  # fmt: skip
    old = await Order.objects().get(Order.number == "1001")
    assert (old.customer, old.total, old.shipping_address) == (closed.id, 100, "{}")
