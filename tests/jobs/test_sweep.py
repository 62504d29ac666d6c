import os

import pytest

import database
from integrations import gravatar
from jobs.stopping import Stopping
from jobs.sweep import clear_uploads, sweep
from settings import settings
from tables import TABLES, Customer, Export, Mail, RateLimit, Session, SignInRequest, WebhookEvent, webhook_event
from tables.export import FOLDER
from tests.tables.test_rate_limit import LIMIT
from tests.world import insert


async def test_what_has_run_out_is_forgotten_once_an_hour(alice, clock):
    async def fill():
        await Session.start(alice.vendor, alice.id, "test", "", "")
        await SignInRequest.ask(alice.vendor, alice.id, alice.email, "b", "", await SignInRequest.make_secrets())
        await RateLimit.take(LIMIT, "a")

    async def left():
        return [len(await table.select()) for table in (Session, SignInRequest, RateLimit)]

    await fill()
    await sweep(Stopping())
    assert await left() == [1, 1, 1]
    clock.forward(days=60)
    await sweep(Stopping())
    assert await left() == [0, 0, 0]
    await fill()
    clock.forward(minutes=59)
    await sweep(Stopping())
    assert (await left())[2] == 1


async def test_files_of_exports_go_with_their_rows_and_halves_after_a_while(alice, clock):
    folder = FOLDER / str(alice.vendor)
    folder.mkdir(parents=True, exist_ok=True)
    await database.transaction(lambda: Export.ask(alice.vendor, alice.id))
    (export,) = await Export.of(alice.vendor, alice.id)
    whole, nobodys = folder / f"{export.public_id}.zip", folder / "nobodys.zip"
    half = folder / f"{export.public_id}.0011223344556677.part"
    for path in (whole, nobodys, half):
        path.write_bytes(b"PK")
        os.utime(path, (clock.now().timestamp(),) * 2)
    await sweep(Stopping())
    assert [path.exists() for path in (whole, nobodys, half)] == [True, False, True]
    clock.forward(hours=2)
    await sweep(Stopping())
    assert [path.exists() for path in (whole, half)] == [True, False]
    clock.forward(days=7)
    await sweep(Stopping())
    assert not whole.exists()
    assert await Export.count() == 0


async def test_bodies_of_events_that_ended_are_emptied_after_ninety_days(acme, globex, clock):
    statuses = ("processed", "ignored", "failed", "parked", "received")
    for vendor in (acme, globex):
        for status in statuses:
            await WebhookEvent.keep(vendor.id, "clickfunnels", status, "contact.created", '{"name": "Alice"}')
    for row in await WebhookEvent.lease(20):
        if row["event_id"] == "parked":
            await WebhookEvent.park(row, "contact:1")
        elif row["event_id"] != "received":
            await WebhookEvent.settle(row, row["event_id"])

    async def emptied():
        await sweep(Stopping())
        rows = await WebhookEvent.select().where(WebhookEvent.body == "")
        return sorted((row["vendor_id"], row["event_id"]) for row in rows)

    clock.forward(days=89, hours=22)
    assert await emptied() == []
    clock.forward(hours=3)
    assert await emptied() == sorted((vendor.id, status) for vendor in (acme, globex) for status in statuses[:2])
    ids = [row["id"] for row in await WebhookEvent.select(WebhookEvent.id).where(WebhookEvent.vendor == acme.id)]
    assert (await WebhookEvent.replay(acme.id, ids), await WebhookEvent.bodiless(acme.id, ids)) == (3, 2)
    assert not await WebhookEvent.keep(acme.id, "clickfunnels", "processed", "contact.created", "{}")


async def test_many_bodies_are_emptied_some_at_a_time(acme, clock, monkeypatch):
    monkeypatch.setattr(webhook_event, "AT_ONCE", 2)
    for number in range(5):
        await WebhookEvent.keep(acme.id, "clickfunnels", str(number), "x", "{}")
    for row in await WebhookEvent.lease(20):
        await WebhookEvent.settle(row, "processed")
    clock.forward(days=91)
    await sweep(Stopping())
    assert await WebhookEvent.count().where(WebhookEvent.body == "") == 5


async def test_messages_for_nobody_are_forgotten_after_thirty_days(world, clock):
    letter = {"vendor": world.acme.id, "kind": "x", "sender": "x", "subject": "x", "body_text": "x", "body_html": "x",
              "message_id": "x", "created_at": clock.now(), "recipient": "somebody@example.com"}  # fmt: skip
    await insert(
        Mail, {**letter, "public_id": "1", "dedupe_key": "1", "state": "sent"},
        {**letter, "public_id": "2", "dedupe_key": "2", "state": "queued"},
    )  # fmt: skip
    before = await Mail.count()
    clock.forward(days=29, hours=23)
    await sweep(Stopping())
    assert await Mail.count() == before
    clock.forward(hours=2)
    await sweep(Stopping())
    assert await Mail.count() == before - 1
    assert not await Mail.exists().where(Mail.dedupe_key == "1")


async def test_pictures_that_nobody_has_any_more_go(world, clock):
    kept, nobodys, fresh = (gravatar.AVATARS / (sign * 64 + ".webp") for sign in "abc")
    for path, age in ((kept, 3600), (nobodys, 3600), (fresh, 0)):
        path.write_bytes(b"RIFF")
        os.utime(path, (clock.now().timestamp() - age,) * 2)
    await Customer.update({Customer.avatar: kept.name}).where(Customer.id == world.zoe.id)
    await sweep(Stopping())
    assert [path.exists() for path in (kept, nobodys, fresh)] == [True, False, True]
    fresh.unlink()


async def test_halves_of_files_that_were_being_sent_go_after_a_day(migrated, clock):
    folder = settings.data_dir / "uploads"
    folder.mkdir(exist_ok=True)
    (folder / "cut-off.part").write_bytes(b"half")
    clear_uploads()
    assert (folder / "cut-off.part").exists()
    clock.forward(days=2)
    clear_uploads()
    assert not (folder / "cut-off.part").exists()


@pytest.mark.parametrize(
    "table", [table for table in TABLES if hasattr(table, "sweep")], ids=lambda table: table.__name__
)
async def test_every_table_that_can_forget_is_swept(table, monkeypatch):
    called = []

    async def forget():
        called.append(table)

    monkeypatch.setattr(table, "sweep", forget)
    await sweep(Stopping())
    assert called == [table]
