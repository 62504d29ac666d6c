from itertools import permutations

import pytest

import database
from tables import Customer, Enrollment, Mail, Order, Vendor
from tests.integrations.clickfunnels.payloads import contact, course, deliver, enrollment, event, order


async def mails(vendor):
    return await Mail.select().where(Mail.vendor == vendor.id)


async def test_the_first_purchase_is_welcomed_with_what_was_bought(acme):
    await deliver(acme, event("one-time-order.completed", order()))
    (mail,) = await mails(acme)
    assert (mail["kind"], mail["recipient"]) == ("welcome", "ann@example.com")
    assert "Keeping Bees" in mail["body_text"]
    assert "Ann" in mail["body_text"]
    await deliver(acme, event("one-time-order.completed", order(id=124, order_number="1002")))
    assert len(await mails(acme)) == 1


async def test_order_and_enrollment_in_any_order_are_one_of_each():
    story = [
        event("one-time-order.completed", order(3), 3),
        event("courses/enrollment.created", enrollment(4), 4),
        event("course.created", course(1), 1),
        event("contact.created", contact(0), 0),
    ]
    for number, arrival in enumerate(permutations(story)):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival, *arrival)
        counts = [await table.count().where(table.vendor == vendor.id) for table in (Customer, Order, Enrollment, Mail)]
        assert counts == [1, 1, 1, 1]


async def test_a_free_course_is_a_first_purchase_too(acme):
    await deliver(acme, event("course.created", course()), event("courses/enrollment.created", enrollment()))
    (mail,) = await mails(acme)
    assert "Keeping Bees" in mail["body_text"]


async def test_an_unknown_course_is_welcomed_without_its_name(acme):
    await deliver(acme, event("courses/enrollment.created", enrollment()))
    (mail,) = await mails(acme)
    assert "* " not in mail["body_text"]


@pytest.mark.parametrize("status", ["draft", "pending", "abandoned", "voided", "failed", "Pending"])
async def test_what_was_not_bought_is_not_welcomed(acme, status):
    await deliver(acme, event("order.created", order(1, billing_status=status), 1))
    assert not await mails(acme)
    await deliver(acme, event("order.completed", order(2), 2))
    assert len(await mails(acme)) == 1


async def test_a_suspended_enrollment_is_not_welcomed(acme):
    await deliver(acme, event("courses/enrollment.suspended", enrollment(suspended=True)))
    assert not await mails(acme)


async def test_late_news_of_a_purchase_is_welcomed_as_it_would_have_been(acme):
    await deliver(acme, event("order.updated", order(3, billing_status="voided"), 3))
    await deliver(acme, event("order.completed", order(2), 2))
    assert len(await mails(acme)) == 1
    assert (await Order.objects().first()).billing_status == "voided"


async def test_test_orders_are_welcomed_like_any_other(acme):
    await deliver(acme, event("order.completed", order(live_mode=False)))
    assert len(await mails(acme)) == 1


async def test_names_in_mails_are_text(acme):
    await deliver(acme, event("order.completed", order(contact=contact(first_name="<b>Ann</b>\r\nBcc: x@example.com"))))
    (mail,) = await mails(acme)
    assert "<b>Ann" not in mail["body_html"]
    assert "\nBcc:" not in mail["body_text"]


async def test_an_account_that_is_switched_off_is_not_invited(acme):
    await deliver(acme, event("contact.created", contact(0), 0))
    await Customer.update({Customer.disabled_at: database.now()}, force=True)
    await deliver(acme, event("order.completed", order(1), 1))
    assert await Mail.count() == 0
    await Customer.update({Customer.disabled_at: None}, force=True)
    await deliver(acme, event("order.updated", order(2), 2))
    assert [row["kind"] for row in await Mail.select()] == ["welcome"]
