from itertools import permutations

import database
from tables import Contact, Customer, Mail, Order, PhoneNumber, Vendor
from tests.integrations.clickfunnels.payloads import (
    contact,
    deliver,
    dump,
    enrollment,
    event,
    order,
)


async def test_a_contact_becomes_a_customer(acme):
    await deliver(acme, event("contact.created", contact()))
    customer = await Customer.objects().first()
    assert (customer.email, customer.first_name, customer.last_name) == ("ann@example.com", "Ann", "Haag")
    assert customer.time_zone == "America/Los_Angeles"
    assert (await PhoneNumber.objects().first()).number == "1-292-348-1125 x8995"
    assert not await Mail.exists()


async def test_a_contact_without_a_usable_address_is_kept_without(acme):
    for number, address in enumerate((None, "", "not an address", "a@b", 5, "a@example.com, b@example.com")):
        await deliver(acme, event("contact.created", contact(id=number + 1, email_address=address)))
    assert {row.email for row in await Contact.objects()} == {None}
    assert await Contact.count() == 6
    assert not await Customer.exists()


async def test_a_new_address_is_only_proposed(acme):
    await deliver(acme, event("contact.created", contact(1), 1))
    await deliver(acme, event("contact.updated", contact(2, email_address="new@example.com"), 2))
    customer = await Customer.objects().first()
    assert (customer.email, customer.email_proposed) == ("ann@example.com", "new@example.com")
    await deliver(acme, event("contact.updated", contact(3), 3))
    assert (await Customer.objects().first()).email_proposed is None
    assert await Customer.count() == 1


async def test_older_news_puts_the_address_right_until_somebody_has_signed_in(acme):
    await deliver(acme, event("contact.updated", contact(2, email_address="new@example.com"), 2))
    await deliver(acme, event("contact.created", contact(1), 1))
    customer = await Customer.objects().first()
    assert (customer.email, customer.email_proposed) == ("ann@example.com", "new@example.com")

    await Customer.update({Customer.first_signed_in_at: database.now()}, force=True)
    await deliver(acme, event("contact.identified", contact(0, email_address="first@example.com"), 0))
    assert (await Customer.objects().first()).email == "ann@example.com"


async def test_the_address_does_not_depend_on_the_order_of_arrival():
    news = [
        event("contact.created", contact(1), 1),
        event("contact.updated", contact(2, email_address="new@example.com"), 2),
        event("courses/enrollment.created", enrollment(3, contact=None), 3),
        event("courses/enrollment.updated", enrollment(4, contact={"id": 45, "email_address": "c@example.com"}), 4),
        event("contact.updated", contact(5, email_address=None), 5),
        event("contact.updated", contact(6, phone_number="5"), 6),
    ]
    dumps = []
    for number, arrival in enumerate([*permutations(news)][::37]):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival)
        dumps.append(await dump(vendor))
    for found in dumps:
        assert found == dumps[0]
    assert dumps[0]["Customer"][0]["email"] == "ann@example.com"


async def test_the_welcome_follows_an_address_that_was_put_right(acme):
    await deliver(acme, event("order.completed", order(5, contact=contact(2, email_address="new@example.com")), 5))
    await deliver(acme, event("contact.created", contact(1), 1))
    mails = await Mail.select().order_by(Mail.id)
    assert [mail["recipient"] for mail in mails] == ["new@example.com", "ann@example.com"]
    assert "Keeping Bees" in mails[1]["body_text"]
    assert await Customer.count() == 1


async def test_an_address_that_somebody_else_has_is_not_taken(acme):
    await Customer.open(acme.id, "ann@example.com")
    await deliver(acme, event("contact.updated", contact(2, email_address="new@example.com"), 2))
    await deliver(acme, event("contact.created", contact(1), 1))
    assert {row.email for row in await Customer.objects()} == {"ann@example.com", "new@example.com"}


async def test_two_contacts_with_one_address_are_one_customer_with_the_newest_name():
    news = [event("contact.created", contact(1), 1), event("contact.created", contact(2, id=46, first_name="A."), 2)]
    for number, arrival in enumerate((news, news[::-1])):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival)
        (customer,) = await Customer.objects().where(Customer.vendor == vendor.id)
        assert customer.first_name == "A."


async def test_names_the_customer_typed_are_not_overwritten(acme):
    await deliver(acme, event("contact.created", contact(1), 1))
    await (await Customer.objects().first()).rename("Annie", "H.")
    await deliver(acme, event("contact.updated", contact(2, phone_number="5"), 2))
    customer = await Customer.objects().first()
    assert (customer.first_name, customer.phone) == ("Annie", "5")


async def test_a_deleted_contact_keeps_its_account(acme):
    await deliver(acme, event("order.completed", order(1), 1), event("contact.deleted", {"id": 45}, 5))
    row = await Contact.objects().first()
    assert row.deleted_at is not None
    assert row.customer == (await Customer.objects().first()).id
    await deliver(acme, event("order.updated", order(6, contact=None), 6))
    assert (await Order.objects().first()).customer == row.customer


async def test_a_short_contact_does_not_overwrite_a_whole_one(acme):
    await deliver(acme, event("contact.created", contact(1), 1))
    short = {"id": 45, "email_address": "other@example.com", "first_name": "X"}
    await deliver(acme, event("courses/enrollment.created", enrollment(9, contact=short), 9))
    row = await Contact.objects().first()
    assert (row.email, row.first_name) == ("ann@example.com", "Ann")
    assert (await Customer.objects().first()).email == "ann@example.com"
    assert await Customer.count() == 1
