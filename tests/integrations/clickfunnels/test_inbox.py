import asyncio
import json

import pytest

import database
from integrations import clickfunnels
from integrations.clickfunnels import inbox
from tables import Contact, Customer, Enrollment, Mail, Order, Product, WebhookEvent
from tests.integrations.clickfunnels.payloads import (
    SECRET_PATH,
    body,
    contact,
    deliver,
    drain,
    enrollment,
    event,
    invoice,
    order,
    product,
    verdict,
)


async def kept(vendor):
    return await WebhookEvent.select().where(WebhookEvent.vendor == vendor.id).order_by(WebhookEvent.id)


async def test_an_event_is_kept_once(acme, globex):
    sent = event("product.created", product())
    assert [await clickfunnels.receive(acme.id, body(sent)) for _ in range(3)] == [True, False, False]
    assert await clickfunnels.receive(globex.id, body(sent))
    (row,) = await kept(acme)
    assert (row["source"], row["event_id"], row["event_type"]) == ("clickfunnels", sent["event_id"], "product.created")
    assert (row["body"], row["status"]) == (body(sent).decode(), "received")


async def test_the_older_generation_of_names(acme):
    sent = event("", product()) | {"uuid": "u-1", "event_type_id": "product.created", "id": 4, "public_id": "x"}
    del sent["event_id"], sent["event_type"]
    await clickfunnels.receive(acme.id, body(sent))
    (row,) = await kept(acme)
    assert (row["event_id"], row["event_type"]) == ("u-1", "product.created")


@pytest.mark.parametrize("raw", [
    b"", b"\xff\xfe", b"not json", b"[]", b"{", b'"x"', b"a\x00b", b"[" * 100_000, b'{"event_id": {}}',
    b'{"event_id": "\\ud800\\u0000"}', b'{"a": ' + b"1" * 5000 + b"}",
    b'{"event_id": "' + b"x" * 200 + b'", "event_type": ["contact.created"]}',
])  # fmt: skip
async def test_whatever_comes_is_kept_to_be_looked_at(acme, raw):
    assert await clickfunnels.receive(acme.id, raw)
    assert not await clickfunnels.receive(acme.id, raw)
    (row,) = await kept(acme)
    assert (row["event_type"], len(row["event_id"])) == ("", 64)
    await drain()
    (row,) = await kept(acme)
    assert row["status"] in ("failed", "ignored")


async def test_the_way_into_a_course_is_not_kept(acme):
    await deliver(acme, event("courses/enrollment.created", enrollment()))
    (row,) = await kept(acme)
    assert SECRET_PATH not in row["body"]
    assert json.loads(row["body"])["data"]["current_path"] is None
    assert row["status"] == "processed"


async def test_the_verdicts(acme):
    for sent, status, outcome in (
        (event("product.created", product()), "processed", "product 6503 updated"),
        (event("product.updated", product(-5), -5), "processed", "older news of product 6503; it stays as it is"),
        (event("form_submission.created", {"id": 1}), "ignored", "no rule for form_submission.created"),
        (event("contacts/applied_tag.created", {"id": 1}), "ignored", "no rule for contacts/applied_tag.created"),
        (event("contact.created", {"id": 1, "type": "contact"}, api_version=1), "ignored",
         "a version 1 event that cannot be unwrapped"),
        (event("order.completed", order(contact=contact(email_address="ann@example.com"))), "processed",
         "order 1001 updated"),
    ):  # fmt: skip
        await deliver(acme, sent)
        assert await verdict(acme, sent) == {
            "status": status, "outcome": outcome, "error": None, "waiting_for": None,
        }  # fmt: skip
    assert not [row for row in await kept(acme) if "@" in row["outcome"] or "Haag" in row["outcome"]]


async def test_a_failed_event_changes_nothing_is_kept_with_its_error_and_can_be_worked_again(acme, monkeypatch):
    wrong = event("order.completed", order(line_items=[{"id": 1, "quantity": "Ann's secret"}]))
    await deliver(acme, wrong)
    (row,) = await kept(acme)
    assert (row["status"], row["error"]) == ("failed", "ValueError: quantity: not a whole number")
    assert row["body"] == body(wrong).decode()
    assert not await Order.exists()
    assert not await Mail.exists()

    await WebhookEvent.update({WebhookEvent.body: body(event("order.completed", order())).decode()}).where(
        WebhookEvent.id == row["id"]
    )
    await drain()
    assert not await Order.exists()
    await WebhookEvent.replay(acme.id, [row["id"]])
    await drain()
    assert await Order.count() == 1
    assert (await kept(acme))[0]["error"] is None


async def test_an_error_rolls_back_what_came_before_it(acme, monkeypatch):
    async def broken(*_):
        raise RuntimeError("ann@example.com")

    monkeypatch.setattr("integrations.clickfunnels.orders.CreditMemo.derive", broken)
    await deliver(acme, event("order.completed", order()))
    (row,) = await kept(acme)
    assert (row["status"], row["error"]) == ("failed", "RuntimeError")
    assert not await Customer.exists()
    assert not await Contact.exists()


async def test_an_unreachable_database_is_no_failure_of_the_event(acme, monkeypatch):
    async def away(*_):
        raise database.Unavailable("down")

    await clickfunnels.receive(acme.id, body(event("product.created", product())))
    (row,) = await WebhookEvent.lease(1)
    monkeypatch.setattr("integrations.clickfunnels.catalogue.record", away)
    with pytest.raises(database.Unavailable):
        await clickfunnels.apply(row)
    assert (await kept(acme))[0]["status"] == "received"


async def test_a_conflict_is_tried_again(acme, monkeypatch):
    from integrations.clickfunnels import catalogue, records

    calls = []

    async def conflicting(*arguments):
        calls.append(arguments)
        if len(calls) < 3:
            raise database.CONFLICT[0]("taken")
        return await records.record(*arguments)

    monkeypatch.setattr(catalogue, "record", conflicting)
    await deliver(acme, event("product.created", product()))
    assert (await kept(acme))[0]["status"] == "processed"
    assert len(calls) == 3 == inbox.ATTEMPTS


async def test_a_conflict_that_stays_is_a_failure(acme, monkeypatch):
    async def conflicting(*_):
        raise database.CONFLICT[1]("Key (email)=(ann@example.com) exists")

    monkeypatch.setattr("integrations.clickfunnels.catalogue.record", conflicting)
    await deliver(acme, event("product.created", product()))
    (row,) = await kept(acme)
    assert (row["status"], row["error"]) == ("failed", "UniqueViolationError")


async def test_five_times_at_once_is_one_effect(acme):
    raw = body(event("one-time-order.completed", order()))
    assert sorted(await asyncio.gather(*[clickfunnels.receive(acme.id, raw) for _ in range(5)])) == [False] * 4 + [True]
    (row,) = await WebhookEvent.lease(10)
    await asyncio.gather(*[clickfunnels.apply(row) for _ in range(5)])
    assert [await table.count() for table in (Customer, Contact, Order, Mail)] == [1, 1, 1, 1]
    assert (await kept(acme))[0]["status"] == "processed"


async def test_different_events_of_one_record_at_once(acme):
    for number in range(5):
        await clickfunnels.receive(acme.id, body(event("order.updated", order(number, total_amount=f"{number}.00"))))
    rows = await WebhookEvent.lease(10)
    await asyncio.gather(*[clickfunnels.apply(row) for row in rows])
    assert [row["status"] for row in await kept(acme)] == ["processed"] * 5
    assert (await Order.objects().first()).total == 400
    assert [await table.count() for table in (Customer, Contact, Order, Mail)] == [1, 1, 1, 1]


async def test_an_event_that_another_worker_has_done_is_left_alone(acme):
    await clickfunnels.receive(acme.id, body(event("product.created", product())))
    (row,) = await WebhookEvent.lease(1)
    await WebhookEvent.settle(row, "processed", "done elsewhere")
    await clickfunnels.apply(row)
    assert not await Product.exists()
    assert (await kept(acme))[0]["outcome"] == "done elsewhere"


async def test_events_wait_for_the_records_they_speak_of(acme):
    paid = event("orders/invoice.paid", invoice())
    bought = event("order.completed", order(contact=None))
    placed = event("courses/enrollment.created", enrollment(contact=None))
    await deliver(acme, paid, bought, placed)
    waiting = [(await verdict(acme, sent))["waiting_for"] for sent in (paid, bought, placed)]
    assert waiting == ["order:123", "contact:45", "contact:45"]
    assert not await Enrollment.exists()
    await deliver(acme, event("contact.identified", contact()))
    assert [(await verdict(acme, sent))["status"] for sent in (paid, bought, placed)] == ["processed"] * 3


async def test_a_contact_without_an_address_wakes_nobody(acme):
    nameless = contact(email_address=None, anonymous=1)
    first = event("order.completed", order(contact=nameless))
    second = event("order.updated", order(1, contact=nameless))
    await deliver(acme, first, second, event("contact.created", nameless))
    assert [(await verdict(acme, sent))["waiting_for"] for sent in (first, second)] == ["contact:45"] * 2
    await deliver(acme, event("contact.identified", contact(9)))
    assert [(await verdict(acme, sent))["status"] for sent in (first, second)] == ["processed"] * 2


async def test_the_same_ids_at_two_vendors_are_two_records(acme, globex):
    await deliver(acme, event("order.completed", order()))
    await deliver(globex, event("order.completed", order(9, total_amount="1.00", order_number="7")))
    await deliver(globex, event("orders/invoice.paid", invoice()), event("contact.deleted", {"id": 45}, 99))
    mine = await Order.objects().get(Order.vendor == acme.id)
    assert (mine.total, mine.number) == (12900, "1001")
    assert (await Contact.objects().get(Contact.vendor == acme.id)).deleted_at is None
    assert await Customer.count() == 2
    assert await Mail.count() == 2


async def test_waking_stays_within_the_vendor(acme, globex):
    waiting = event("orders/invoice.paid", invoice())
    await deliver(acme, waiting)
    await deliver(globex, event("order.completed", order()))
    assert (await verdict(acme, waiting))["status"] == "parked"
