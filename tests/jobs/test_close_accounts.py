import asyncio
import contextvars
from datetime import timedelta

import pytest

import database
from integrations import gravatar
from jobs.close_accounts import close_accounts
from jobs.stopping import Stopping
from tables import (
    TABLES,
    BillingCommand,
    Contact,
    CreditMemo,
    Customer,
    Export,
    Invoice,
    Mail,
    MailedLink,
    Order,
    PaperRevision,
    Parcel,
    Payment,
    SignInRequest,
    Subscription,
    closing,
)
from tables.closing import PERSONAL
from tests.world import PICTURE, dump, insert

STAYS = {
    "contacts",
    "orders",
    "subscriptions",
    "credit_memos",
    "paper_revisions",
    "stripe_customers",
    "billing_commands",
}
"""Contacts are emptied; what waits to be done about a subscription stays; the others are what tax law asks for."""


@pytest.fixture
async def close(world, clock):
    """Closes Alice's account, two weeks after she asked for it."""

    async def closed():
        await closing.schedule(world.acme.id, world.alice.id)
        clock.forward(days=14, seconds=1)
        assert await close_accounts(Stopping()) == 1
        return await Customer.objects().get((Customer.vendor == world.acme.id) & (Customer.id == world.alice.id))

    return closed


def test_every_table_that_names_a_customer_goes_or_has_a_reason_to_stay():
    naming = {
        table._meta.tablename for table in TABLES
        if any(column._meta.name == "customer" for column in table._meta.columns)
    }  # fmt: skip
    assert naming == STAYS | {table._meta.tablename for table in PERSONAL}


async def test_a_cancellation_that_waits_is_still_carried_out(world, close):
    subscription = await Subscription.by_public_id(world.acme.id, world.alice.id, world.alice.subscription)
    order = await Order.behind(world.acme.id, subscription.order)

    async def ask():
        return await BillingCommand.ask(
            world.acme.id,
            world.alice.id,
            "cancel",
            "manual",
            order=order,
            comment="Because of my illness",
            reason="other",
        )

    asked = await database.transaction(ask)
    await close()
    [left] = await BillingCommand.objects().where(BillingCommand.vendor == world.acme.id)
    assert (left.public_id, left.status, left.wish) == (asked.public_id, "sent", {"reason": "other"})


async def test_nothing_happens_before_its_time(world, clock):
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=13, hours=23)
    assert await close_accounts(Stopping()) == 0
    assert (await Customer.objects().get(Customer.id == world.alice.id)).closed_at is None


async def test_no_personal_fact_is_left_anywhere(world, close):
    await Customer.update({Customer.phone: "+1 212 555 0143", Customer.time_zone: "America/New_York",
                           Customer.password_hash: "$argon2id$", Customer.avatar: "face.webp"}).where(
        Customer.id == world.alice.id)  # fmt: skip
    await SignInRequest.update({SignInRequest.customer: None}).where(SignInRequest.customer == world.alice.id)
    before = await dump()
    await close()
    after = await dump()
    own = {
        name: [row for row in rows if row.get("vendor_id", world.acme.id) == world.acme.id]
        for name, rows in after.items()
    }
    own["mails"] = [row for row in own["mails"] if row["kind"] != "account_deleted"]
    for fact in ("alice@example.com", "Alice", "Ames", "555 0143", "12125550143", "America/New_York", "$argon2id$",
                 "face.webp", "pm_4242", "1Z9", "ups.com", "another browser"):  # fmt: skip
        assert fact in repr(before), fact
        found = {name for name, rows in own.items() if fact in repr(rows)}
        # A course's title is the vendor's, and has her name in it; tax law asks for the name on a paper.
        assert found <= {"courses"} | ({"paper_revisions"} if fact in ("Alice", "Ames") else set()), fact


async def test_the_vendors_papers_stay(world, close):
    customer = await close()
    order = await Order.objects().get((Order.vendor == world.acme.id) & (Order.number == world.alice.order))
    assert (order.customer, order.total, order.summary) == (customer.id, 24900, "Hive kit of A")
    assert order.shipping_address == "{}"
    for table in (Invoice, Payment, CreditMemo, PaperRevision):
        assert await table.count().where(table.vendor == world.acme.id) >= 1
    memo = await CreditMemo.objects().get(CreditMemo.number == world.alice.memo)
    assert (memo.amount, memo.customer) == (5000, customer.id)


async def test_the_billing_address_stays_with_the_order(world, close):
    await Order.update({Order.billing_address: '{"street_one": "1 Bill Road"}'}).where(Order.vendor == world.acme.id)
    await close()
    order = await Order.objects().get((Order.vendor == world.acme.id) & (Order.number == world.alice.order))
    assert order.billing_address == '{"street_one": "1 Bill Road"}'


async def test_nobody_can_sign_in_to_it_any_more(world, close, signed_in, browser):
    one = await signed_in(world.alice.customer)
    customer = await close()
    assert customer.email.endswith("@invalid.invalid")
    assert customer.closed_at == customer.disabled_at is not None
    assert (await one.get("/acme/account")).status_code == 303
    stranger = browser()
    for address in ("alice@example.com", customer.email):
        await stranger.submit(await stranger.get("/acme/sign-in"), "/acme/sign-in", email=address)
    assert await Mail.count().where(Mail.vendor == world.acme.id, Mail.kind == "sign_in") == 0


async def test_the_files_of_its_copies_go_with_it(world, close):
    path = Export.path_of(world.acme.id, world.alice.export)
    assert path.exists()
    await close()
    assert not path.exists()
    assert Export.path_of(world.globex.id, world.zoe.export).exists()


async def test_a_last_message_goes_out_and_is_then_forgotten(world, close):
    await close()
    (mail,) = await Mail.select().where(Mail.vendor == world.acme.id)
    assert (mail["kind"], mail["recipient"], mail["customer_id"]) == ("account_deleted", "alice@example.com", None)
    assert "Hello Alice" in mail["body_text"]
    await Mail.sent(mail)
    assert await Mail.count().where(Mail.vendor == world.acme.id) == 0


async def test_other_customers_and_vendors_keep_everything(world, close):
    def of_others(state):
        found = {}
        for name, rows in state.items():
            found[name] = [
                row for row in rows
                if row.get("vendor_id") == world.globex.id or row.get("customer_id") == world.bob.id
                or (name == "customers" and row["id"] == world.bob.id)
            ]  # fmt: skip
        return found

    before = of_others(await dump())
    await close()
    assert of_others(await dump()) == before


async def test_a_contact_is_left_as_a_tombstone(world, close):
    await close()
    contact = await Contact.objects().get((Contact.vendor == world.acme.id) & (Contact.clickfunnels_id == "11"))
    assert contact.erased_at is not None
    assert (contact.customer, contact.email, contact.first_name, contact.phone) == (None, None, "", None)


async def test_who_changed_their_mind_at_the_last_moment_keeps_everything(world, clock):
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=14, seconds=1)
    (row,) = await closing.lease(5)
    await database.transaction(lambda: closing.withdraw(world.acme.id, world.alice.id))
    assert await database.transaction(lambda: closing.erase(row["vendor_id"], row["id"])) is None
    assert await close_accounts(Stopping()) == 0
    assert (await Customer.objects().get(Customer.id == world.alice.id)).email == "alice@example.com"


async def test_two_workers_close_an_account_once(world, clock):
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=14, seconds=1)
    assert sum(await asyncio.gather(*(close_accounts(Stopping()) for _ in range(3)))) == 1
    assert await Mail.count().where(Mail.kind == "account_deleted") == 1


async def test_a_worker_that_died_leaves_it_to_another(world, clock):
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=14, seconds=1)
    assert len(await closing.lease(5)) == 1
    assert await close_accounts(Stopping()) == 0
    clock.forward(seconds=closing.LEASE / timedelta(seconds=1) + 1)
    assert await close_accounts(Stopping()) == 1


async def test_what_was_merged_into_it_goes_too(world, close):
    old = await Customer.open(world.acme.id, "alice.old@example.com", first_name="Alice")
    await Customer.update({Customer.merged_into: world.alice.id}).where(Customer.id == old.id)
    await close()
    assert "alice.old" not in repr(await dump())


async def test_parcels_say_no_more_where_they_went(world, close):
    await close()
    ours = await Parcel.objects().get((Parcel.vendor == world.acme.id) & (Parcel.number == "P-A1"))
    theirs = await Parcel.objects().get((Parcel.vendor == world.globex.id) & (Parcel.number == "P-Z1"))
    assert (ours.tracking_code, ours.tracking_url) == (None, None)
    assert theirs.tracking_code == "1Z9"


async def test_what_was_written_to_former_addresses_goes_too(world, close):
    """Before an account was known there, or filed under nobody."""
    former = "alice.before@example.com"
    letter = {"vendor": world.acme.id, "kind": "x", "sender": "x", "subject": "x", "body_text": "x", "body_html": "x",
              "message_id": "x", "created_at": database.now(), "state": "sent"}  # fmt: skip
    await insert(
        Mail,
        {**letter, "public_id": "1", "dedupe_key": "1", "recipient": former, "customer": world.alice.id},
        {**letter, "public_id": "2", "dedupe_key": "2", "recipient": former},
        {**letter, "public_id": "3", "dedupe_key": "3", "recipient": "bob@example.com", "customer": world.alice.id},
        {**letter, "public_id": "4", "dedupe_key": "4", "recipient": "bob@example.com"},
    )
    await MailedLink.make(world.acme.id, None, "password", former, closing.GRACE)
    await SignInRequest.ask(world.acme.id, None, former, "b", "", await SignInRequest.make_secrets())
    await close()
    after = await dump()
    assert former not in repr({name: after[name] for name in ("mails", "mailed_links", "sign_in_requests")})
    assert [row["dedupe_key"] for row in after["mails"] if row["recipient"] == "bob@example.com"] == ["4"]


async def test_the_picture_goes_at_once_unless_somebody_has_the_same(world, close):
    path = gravatar.AVATARS / PICTURE
    await Customer.update({Customer.avatar: PICTURE}).where(Customer.id.is_in([world.alice.id, world.zoe.id]))
    await close()
    assert path.exists()
    await closing.schedule(world.globex.id, world.zoe.id)
    await Customer.update({Customer.closes_at: database.now()}).where(Customer.id == world.zoe.id)
    assert await close_accounts(Stopping()) == 1
    assert not path.exists()


async def test_keeping_it_and_closing_it_at_once_end_in_one_of_the_two(world, clock):
    """Whoever is told that the account stays has it."""
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=14, seconds=1)

    async def keep():
        return await database.transaction(lambda: closing.withdraw(world.acme.id, world.alice.id))

    await asyncio.gather(close_accounts(Stopping()), *(keep() for _ in range(8)))
    customer = await Customer.by_id(world.acme.id, world.alice.id)
    assert (customer.closed_at is None) == (customer.email == "alice@example.com")


async def test_nobody_keeps_it_between_the_look_and_the_end(world, clock, monkeypatch):
    """Taking it back waits for the row that is being emptied, and then finds nothing to keep."""
    await MailedLink.delete(force=True)  # the one that asked for it was used two weeks ago
    await closing.schedule(world.acme.id, world.alice.id)
    clock.forward(days=14, seconds=1)
    forget, kept = closing.forget_addresses, []

    async def slowly(*given):
        kept.append(asyncio.create_task(database.transaction(lambda: closing.withdraw(world.acme.id, world.alice.id)),
                                        context=contextvars.Context()))  # fmt: skip
        await asyncio.sleep(0.2)
        return await forget(*given)

    monkeypatch.setattr(closing, "forget_addresses", slowly)
    await close_accounts(Stopping())
    assert await kept[0] is None
    assert (await Customer.by_id(world.acme.id, world.alice.id)).closed_at
