"""Two accounts of one vendor become one, and nobody else's is touched."""

import pytest

import database
from tables import (
    TENANT_TABLES,
    Address,
    BillingCommand,
    Completion,
    Contact,
    Customer,
    Enrollment,
    Mail,
    MailedLink,
    Order,
    PaymentMethod,
    PhoneNumber,
    Session,
    SignInRequest,
)
from tables.address_parts import fingerprints
from tables.email_address import canonical_address
from tables.merging import FORGOTTEN, MOVED, ONCE, absorb
from tests.world import dump, insert


async def merge(survivor, absorbed):
    """As rows that were read just now."""
    one, other = [await Customer.objects().get(Customer.id == row.id) for row in (survivor, absorbed)]

    async def work():
        await absorb(one, other)

    await database.transaction(work)
    return await Customer.objects().get(Customer.id == survivor.id), await Customer.objects().get(
        Customer.id == absorbed.id
    )


async def owned(table, customer):
    return await table.select().where(table.customer == customer.id)


def test_every_table_of_customers_is_thought_of():
    ours = {table for table in TENANT_TABLES if any(column._meta.name == "customer" for column in table._meta.columns)}
    assert ours == {*MOVED, *(table for table, _ in ONCE), *FORGOTTEN, Session, SignInRequest}


async def test_what_is_still_wished_about_a_card_goes_along(alice, bob):
    cards = {}
    for own, reference in ((alice, "pm_both"), (bob, "pm_both"), (bob, "pm_own")):
        card = PaymentMethod(vendor=own.vendor, customer=own.id, processor="stripe", reference=reference)
        await card.save()
        cards[own.id, reference] = card
    own = await BillingCommand.ask(bob.vendor, bob.id, "remove_method", "stripe", method=cards[bob.id, "pm_own"])
    both = await BillingCommand.ask(bob.vendor, bob.id, "default_method", "stripe", method=cards[bob.id, "pm_both"])
    await merge(alice, bob)
    now = {row.id: row for row in await BillingCommand.objects().where(BillingCommand.vendor == alice.vendor)}
    assert (now[own.id].customer, now[own.id].payment_method) == (alice.id, cards[bob.id, "pm_own"].id)
    assert (now[both.id].customer, now[both.id].payment_method) == (alice.id, None)


async def test_everything_goes_along(world):
    tables = [*MOVED, *(table for table, _ in ONCE)]
    had = {table: len(await owned(table, world.alice.customer)) for table in tables}
    assert all(had.values())
    await merge(world.bob, world.alice.customer)
    assert {table: len(await owned(table, world.bob)) for table in tables} == had
    assert {table: len(await owned(table, world.alice.customer)) for table in tables} == dict.fromkeys(tables, 0)


async def test_what_both_have_is_there_once(world):
    mine, bob = {"vendor": world.acme.id, "customer": world.bob.id}, world.bob
    await insert(Address, {**mine, "fingerprint": "f" * 64, "city": "Hudson"}, {**mine, "fingerprint": "e" * 64})
    await insert(PhoneNumber, {**mine, "number": "+12125550143", "digits": "12125550143"})
    await insert(PaymentMethod, {**mine, "processor": "stripe", "reference": "pm_4242"})
    await insert(Completion, {**mine, "lesson_clickfunnels_id": "303"}, {**mine, "lesson_clickfunnels_id": "301"})
    await merge(bob, world.alice.customer)
    for table, same in ONCE:
        values = [row[same] for row in await owned(table, bob)]
        assert len(values) == len(set(values)), table
        assert await owned(table, world.alice.customer) == []
    assert {row["lesson_clickfunnels_id"] for row in await owned(Completion, bob)} == {"301", "303"}
    assert {row["fingerprint"][0] for row in await owned(Address, bob)} == {"e", "f"}


async def test_nobody_comes_in_as_the_absorbed_one(world, signed_in):
    one = await signed_in(world.alice.customer)
    _, gone = await merge(world.bob, world.alice.customer)
    assert (await one.get("/acme/account")).status_code == 303
    assert all(row["revoked_at"] for row in await owned(Session, gone))
    assert all(row["used_at"] for row in await owned(SignInRequest, gone))
    assert await owned(MailedLink, gone) == []
    assert gone.disabled_at
    assert gone.merged_into == world.bob.id
    assert (gone.first_name, gone.phone, gone.password_hash) == ("", None, None)


async def test_the_absorbed_address_can_never_be_typed(world):
    _, gone = await merge(world.bob, world.alice.customer)
    assert gone.email.endswith("@invalid.invalid")
    assert gone.email.startswith(f"merged-{gone.public_id}")
    await Customer.update({Customer.public_id: "aBcDeFgHiJkLmNoPqRsTuV"}).where(Customer.id == world.bob.id)
    _, bob = await merge(await Customer.open(world.acme.id, "third@example.com"), world.bob)
    assert canonical_address(bob.email) != bob.email


async def test_the_survivor_learns_what_only_the_other_knew(world):
    await Customer.update({
        Customer.phone: "+1", Customer.time_zone: "UTC", Customer.welcomed_at: database.now(),
        Customer.default_address: (await owned(Address, world.alice.customer))[0]["id"],
    }).where(Customer.id == world.alice.id)  # fmt: skip
    before = world.bob.created_at
    survivor, _ = await merge(world.bob, world.alice.customer)
    assert (survivor.first_name, survivor.phone, survivor.time_zone) == ("Bob", "+1", "UTC")
    assert survivor.welcomed_at
    assert survivor.created_at <= before
    assert survivor.default_address == (await owned(Address, world.bob))[0]["id"]


async def test_what_the_survivor_has_stays(world):
    await Customer.update({Customer.phone: "+1", Customer.phone_proven_at: database.now()}).where(
        Customer.id == world.alice.id
    )
    await Customer.update({Customer.phone: "+2", Customer.default_address: 77}).where(Customer.id == world.bob.id)
    survivor, _ = await merge(world.bob, world.alice.customer)
    assert (survivor.phone, survivor.phone_proven_at, survivor.default_address) == ("+2", None, 77)


async def test_a_default_that_was_a_double_is_none(world):
    (address,) = await owned(Address, world.alice.customer)
    await Customer.update({Customer.default_address: address["id"]}).where(Customer.id == world.alice.id)
    await insert(Address, {"vendor": world.acme.id, "customer": world.bob.id, "fingerprint": address["fingerprint"]})
    survivor, _ = await merge(world.bob, world.alice.customer)
    assert survivor.default_address is None


async def test_later_news_of_the_absorbed_contact_reaches_the_survivor(world):
    await merge(world.bob, world.alice.customer)
    contact = await Contact.known(world.acme.id, "11")
    customer = await contact.meet("9", "alice@example.com")
    assert customer.id == world.bob.id


async def test_merges_add_up(world):
    third = await Customer.open(world.acme.id, "third@example.com")
    await merge(world.bob, world.alice.customer)
    await merge(third, world.bob)
    rows = await Customer.select().where(Customer.merged_into == third.id)
    assert {row["id"] for row in rows} == {world.bob.id, world.alice.id}
    assert len(await owned(Order, third)) > 2


async def test_other_vendors_and_other_customers_are_left_alone(world):
    other = await Customer.open(world.acme.id, "other@example.com")
    await insert(Mail, {"vendor": world.acme.id, "customer": other.id, "public_id": "o", "kind": "x", "dedupe_key": "o",
                        "message_id": "<o@x>", "recipient": "o@x", "sender": "x@x", "subject": "", "body_text": "",
                        "body_html": ""})  # fmt: skip
    ours = {world.bob.id, world.alice.id}

    def others(tables):
        return {name: [row for row in rows if row.get("customer_id") not in ours
                       and not (name == "customers" and row["id"] in ours)]
                for name, rows in tables.items()}  # fmt: skip

    before = await dump()
    await merge(world.bob, world.alice.customer)
    assert others(await dump()) == others(before)


async def test_accounts_of_two_vendors_never_become_one(world):
    for survivor, absorbed in ((world.bob, world.twin), (world.bob, world.bob)):
        with pytest.raises(ValueError, match="one vendor"):
            await merge(survivor, absorbed)


async def test_a_course_bought_twice_is_shown_once(world, signed_in):
    await insert(Enrollment, {"vendor": world.acme.id, "customer": world.bob.id, "clickfunnels_id": "501",
                              "course_clickfunnels_id": "100", "suspended": True})  # fmt: skip
    await merge(world.bob, world.alice.customer)
    one = await signed_in(world.bob)
    for path in ("/acme/courses", "/acme/account/courses"):
        assert (await one.get(path)).text.count("Keeping bees with Alice") in (1, 2)
    page = await one.get(f"/acme/courses/{world.alice.course}")
    assert page.text.count(">Lesson 301<") == 1
    lesson = await one.get(f"/acme/courses/{world.alice.course}/lessons/{world.alice.lesson}")
    assert "Look <strong>closely</strong>" in lesson.text


@pytest.mark.parametrize("deleted_by", ["survivor", "absorbed"])
async def test_what_one_has_deleted_and_the_other_has_stays(world, deleted_by):
    both = {"survivor": world.bob, "absorbed": world.alice.customer}
    parts = {"street_one": "1 Hive Street", "city": "Hudson", "country": "US"}
    for name, customer in both.items():

        async def work(name=name, customer=customer):
            address, _ = await Address.add(customer.vendor, customer.id, parts)
            phone, _ = await PhoneNumber.add(customer.vendor, customer.id, "+442079460018")
            if name == deleted_by:
                await address.discard()
                await phone.discard()

        await database.transaction(work)
    await merge(world.bob, world.alice.customer)
    addresses = [row for row in await owned(Address, world.bob) if row["fingerprint"] in fingerprints(parts)]
    assert [(row["city"], row["deleted_at"]) for row in addresses] == [("Hudson", None)]
    phones = await PhoneNumber.written(world.acme.id, world.bob.id, "+442079460018")
    assert [(row.number, row.deleted_at) for row in phones] == [("+442079460018", None)]


async def test_what_both_have_deleted_stays_deleted(world):
    parts = {"street_one": "1 Hive Street", "city": "Hudson", "country": "US"}
    for customer in (world.bob, world.alice.customer):

        async def work(customer=customer):
            address, _ = await Address.add(customer.vendor, customer.id, parts)
            await address.discard()

        await database.transaction(work)
    await merge(world.bob, world.alice.customer)
    await Address.learn(world.acme.id, world.bob.id, parts, database.now())
    assert [row.deleted_at is None for row in await Address.written(world.acme.id, world.bob.id, parts)] == [False]


async def test_no_choice_of_the_person_stays_with_the_absorbed_one(world):
    await Customer.update({Customer.language: "de", Customer.time_zone: "Europe/Berlin"}).where(
        Customer.id == world.alice.id
    )
    _, gone = await merge(world.bob, world.alice.customer)
    assert (gone.language, gone.time_zone) == (None, None)
