"""Many at once: a mailed link counts once, and what different parts do at the same time ends in one of their orders."""

import asyncio
import json
from datetime import timedelta

from integrations import clickfunnels
from jobs.apply_webhooks import apply_webhooks
from jobs.stopping import Stopping
from tables import Customer, Mail, MailedLink, Order, WebhookEvent, closing
from tables.email_change import CHANGE, UNDO, EmailChange, Moved
from tables.hashing import passwords
from tests.client import forms
from tests.integrations.clickfunnels.payloads import contact, event, order

PASSWORD = "violin meadow sprocket two"
HASH = passwords.hash(PASSWORD)
FIFTY = 50


async def press_all(browser, path):
    """Fifty browsers open a link, and then press its button in the same moment."""
    browsers = [browser() for _ in range(FIFTY)]
    pages = [forms(await one.get(path))[path] for one in browsers]
    answers = await asyncio.gather(*(one.post(path, form) for one, form in zip(browsers, pages, strict=True)))
    return sorted(answer.status_code for answer in answers)


async def test_fifty_undo_a_change_once(alice, browser):
    await Customer.update({Customer.email: "thief@example.com"}).where(Customer.id == alice.id)
    moved = Moved(await Customer.by_id(alice.vendor, alice.id), "alice@example.com", False)
    _, token = await EmailChange.offer_undo(moved)
    assert await press_all(browser, f"/acme/email/undo/{token}") == [303] + [410] * (FIFTY - 1)
    assert await Mail.count().where(Mail.kind == "email_restored") == 2
    assert (await Customer.by_id(alice.vendor, alice.id)).email == "alice@example.com"


async def test_fifty_merge_two_accounts_once(world, browser):
    await MailedLink.withdraw(world.acme.id, world.alice.id, UNDO)
    _, token = await EmailChange.ask(world.bob, "alice@example.com", 0, mailed=True)
    assert await press_all(browser, f"/acme/email/{token}") == [303] + [410] * (FIFTY - 1)
    assert await Mail.count().where(Mail.kind == "email_changed") == 1
    assert (await Customer.by_id(world.acme.id, world.alice.id)).merged_into == world.bob.id


async def test_two_accounts_that_ask_for_each_other_become_one(world, browser):
    """Both links are pressed at once; whoever comes second is part of the other by then."""
    await MailedLink.withdraw(world.acme.id, world.alice.id, UNDO)
    alice, bob = world.alice.customer, world.bob
    paths = []
    for customer, other in ((alice, bob), (bob, alice)):
        _, token = await EmailChange.ask(customer, other.email, 0, mailed=True)
        paths.append(f"/acme/email/{token}")
    browsers = [browser() for _ in paths]
    pages = [forms(await one.get(path))[path] for one, path in zip(browsers, paths, strict=True)]
    answers = await asyncio.gather(
        *(one.post(path, form) for one, path, form in zip(browsers, paths, pages, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    rows = [await Customer.by_id(world.acme.id, customer.id) for customer in (alice, bob)]
    assert [row.merged_into is None for row in rows].count(True) == 1
    survivor = next(row for row in rows if row.merged_into is None)
    assert await Order.count().where(Order.customer == survivor.id) == await Order.count().where(
        Order.vendor == world.acme.id
    )


async def test_fifty_ask_for_one_deletion(bob, browser):
    _, token = await MailedLink.make(bob.vendor, bob.id, closing.PURPOSE, bob.email, timedelta(hours=1))
    assert await press_all(browser, f"/acme/deletion/{token}") == [303] + [410] * (FIFTY - 1)
    assert await Mail.count().where(Mail.kind == "deletion_scheduled") == 1


async def test_signing_in_merging_and_news_at_once_leave_nobody_inside_the_absorbed_account(acme, bob, browser):
    """Each holds rows of both customers in an order of its own: a deadlock is tried again, and nobody sees it."""
    for sent in (event("contact.created", contact(0), 0), event("order.completed", order(1), 1)):
        await clickfunnels.receive(acme.id, json.dumps(sent).encode())
    await apply_webhooks(Stopping())
    ann = await Customer.objects().get(Customer.id != bob.id)
    for customer in (ann, bob):
        await Customer.set_password(acme.id, customer.id, HASH)
    _, token = await EmailChange.ask(bob, ann.email, 0, mailed=True)
    link, browsers = f"/acme/email/{token}", []
    for number in range(8):
        sent = event("order.updated", order(2 + number, id=str(7000 + number), order_number=f"N{number}"), 2 + number)
        await clickfunnels.receive(acme.id, json.dumps(sent).encode())

    async def enter(customer, number):
        one = browser(ip=f"203.0.113.{number}")
        if customer is ann:
            browsers.append(one)
        page = await one.get("/acme/sign-in/password")
        return await one.submit(page, "/acme/sign-in/password", email=customer.email, password=PASSWORD)

    async def merge():
        one = browser()
        page = await one.get(link)
        await asyncio.sleep(0.05)
        return await one.submit(page, link)

    *answers, _ = await asyncio.gather(
        merge(), *(enter(customer, number) for number in range(4) for customer in (ann, bob)),
        apply_webhooks(Stopping()),
    )  # fmt: skip
    assert answers[0].status_code == 303
    assert {answer.status_code for answer in answers} <= {303, 422}
    gone = await Customer.by_id(acme.id, ann.id)
    assert gone.merged_into == bob.id
    inside = [await one.get("/acme/account") for one in browsers]
    assert [page.status_code for page in inside] == [303] * len(browsers)
    assert await Order.count().where(Order.customer == ann.id) == 0
    assert await Order.count().where(Order.customer == bob.id) == 9
    assert {row["status"] for row in await WebhookEvent.select()} == {"processed"}
    assert await MailedLink.open_of(acme.id, bob.id, CHANGE) is None
