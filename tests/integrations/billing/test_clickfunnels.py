"""Wishes that ClickFunnels carries out: once, whatever is lost on the way, and told only when it shows them."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import database
from integrations import clickfunnels
from integrations.billing import Refused, Unreachable, holders, news, reckoning
from integrations.billing import clickfunnels as holder
from jobs.carry_out import carry_out
from jobs.stopping import Stopping
from tables import BillingCommand, Mail, Order, OrderLine, Vendor
from tables.billing_command import GIVE_UP
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, WORKSPACE
from tests.integrations.clickfunnels.payloads import at, body, deliver, drain, event, line, price, subscription

MONTHLY = {"payment_type": "subscription", "interval": "months", "interval_count": 1}
AT = "2026-01-31T10:00:00+00:00"


@pytest.fixture
async def shop(acme, clickfunnels_api):
    """ClickFunnels with Ann's subscription, which we know of by its webhook."""
    return await opened(acme, clickfunnels_api)


async def opened(vendor, fake):
    await Vendor.keep_token(vendor.id, TOKEN)
    await Vendor.keep_workspace(vendor.id, SUBDOMAIN, str(WORKSPACE))
    fake.records["prices"] = [
        price(id=51, public_id="mid", name="Plain", amount="39.99", **MONTHLY),
        price(id=52, public_id="dear", name="Large", amount="99.00", **MONTHLY),
        price(id=53, public_id="small", name="Small", amount="19.00", **MONTHLY),
    ]
    fake.targets = {51: {"upgrade": [52], "downgrade": [53]}}
    fake.records["orders"] = [ann()]
    await deliver(vendor, event("subscription.activated", ann(), 1))
    return fake


def ann(**changes):
    bought = line(products_price={"id": 51, "public_id": "mid", "amount": "39.99", "currency": "usd", "key": None,
                                  "interval": "months", "interval_count": 1, "duration": None})  # fmt: skip
    return subscription(1, line_items=[bought], next_charge_at=at(43_200)) | changes


async def order():
    return await Order.objects().first()


async def ask(kind, **wish):
    found = await order()

    async def work():
        made = await BillingCommand.ask(found.vendor, found.customer, kind, "clickfunnels", order=found, **wish)
        await news.asked(made)
        return made

    return await database.transaction(work)


async def to_plan(key, *, upgrade):
    return await ask("change_plan", price=str(key), at_period_end=not upgrade)


async def state(made):
    row = await BillingCommand.by_public_id(made.vendor, made.public_id)
    return row.status, row.tries


async def due(clock, **amount):
    clock.forward(**amount)
    return await carry_out(Stopping())


async def mails():
    return [row["kind"] for row in await Mail.select(Mail.kind).where(Mail.kind != "welcome").order_by(Mail.id)]


async def test_it_is_asked_for_what_its_api_knows(shop, acme):
    vendor = await Vendor.by_id(acme.id)
    found = await order()
    kept = {kind: holders.holder_of(vendor, found, kind).name for kind in ("cancel", "change_plan", "pause", "keep")}
    assert kept == {"cancel": "clickfunnels", "change_plan": "clickfunnels", "pause": "manual", "keep": "manual"}
    await Vendor.forget_token(acme.id)
    assert holders.holder_of(await Vendor.by_id(acme.id), found, "cancel").name == "manual"


async def test_a_cancellation_is_confirmed_by_the_answer(shop):
    made = await ask("cancel", reason="too_expensive", comment="Sorry")
    assert await carry_out(Stopping()) == 1
    found = await order()
    assert await state(made) == ("confirmed", 1)
    assert (found.service_status, found.cancel_reason) == ("canceled", "too-expensive")
    assert found.paid_until.isoformat() == AT
    assert await mails() == ["change_requested", "change_confirmed"]
    assert shop.done == {"cancel": 1}
    assert (await order()).canceled_at is not None


async def test_its_webhook_changes_nothing_more(shop, acme):
    await ask("cancel")
    await carry_out(Stopping())
    before = await mails()
    await deliver(acme, *shop.events)
    assert await mails() == before
    assert (await order()).service_status == "canceled"


@pytest.mark.parametrize("status", [500, 502, 408])
async def test_an_answer_that_is_lost_is_looked_for_and_not_asked_again(shop, clock, status):
    shop.scripted["cancel"] = [("after", status, {})]
    made = await ask("cancel")
    await carry_out(Stopping())
    assert await state(made) == ("sent", 1)
    assert await mails() == ["change_requested"]
    assert await due(clock, seconds=60) == 0, "it may still be under way"
    assert await due(clock, seconds=70) == 1
    assert await state(made) == ("confirmed", 2)
    assert shop.done == {"cancel": 1}
    assert [path for path in shop.asked if path.endswith("/cancel")] == ["/api/v2/orders/123/cancel"]


@pytest.mark.parametrize(("kind", "key"), [("cancel", None), ("upgrade", 52), ("downgrade", 53)])
async def test_killed_between_the_answer_and_writing_it_down(shop, clock, monkeypatch, kind, key):
    """What `kill -9` leaves behind: the request was answered, and nobody wrote it down."""

    class Killed(BaseException):
        pass

    async def never(*args):
        raise Killed

    made = await (ask("cancel") if key is None else to_plan(key, upgrade=kind == "upgrade"))
    with monkeypatch.context() as context:
        context.setattr(holder, "looked_again", never)
        with pytest.raises(Killed):
            await carry_out(Stopping())
    assert shop.done == {kind: 1}
    assert await state(made) == ("sent", 1)
    assert await due(clock, minutes=1) == 0
    assert await due(clock, minutes=2) == 1
    assert await state(made) == ("confirmed", 2)
    assert shop.done == {kind: 1}


async def test_an_upgrade_is_on_the_line_at_once(shop, acme):
    made = await to_plan(52, upgrade=True)
    await carry_out(Stopping())
    [bought] = await OrderLine.of(acme.id, (await order()).id)
    assert (bought.price_clickfunnels_id, bought.amount) == ("52", 9900)
    assert await state(made) == ("confirmed", 1)
    assert (await order()).pending_change is None
    await deliver(acme, *shop.events)
    assert await mails() == ["change_requested", "change_confirmed"]


async def test_a_downgrade_waits_for_the_next_period(shop, acme):
    made = await to_plan(53, upgrade=False)
    await carry_out(Stopping())
    found = await order()
    [bought] = await OrderLine.of(acme.id, found.id)
    assert bought.price_clickfunnels_id == "51"
    assert json.loads(found.pending_change)["price"] == "53"
    assert json.loads(found.pending_change)["at"] == AT
    assert await state(made) == ("confirmed", 1)
    shop.renew(123)
    await deliver(acme, *shop.events)
    [bought] = await OrderLine.of(acme.id, found.id)
    assert (bought.price_clickfunnels_id, (await order()).pending_change) == ("53", None)
    assert shop.done == {"downgrade": 1}


async def test_a_pending_change_that_never_comes_is_forgotten(shop, acme):
    await to_plan(53, upgrade=False)
    await carry_out(Stopping())
    shop.pending.clear()
    shop.renew(123)
    await deliver(acme, *shop.events)
    assert (await order()).pending_change is None


@pytest.mark.parametrize("said", ["not_eligible", "target_not_allowed"])
async def test_a_refusal_is_told_to_both(shop, acme, said):
    await Vendor.update({Vendor.support_email: "help@acme.example"}).where(Vendor.id == acme.id)
    shop.scripted["perform"] = [("before", 422, {"error": said})]
    made = await to_plan(52, upgrade=True)
    await carry_out(Stopping())
    assert await state(made) == ("refused", 1)
    assert await mails() == ["change_requested", "change_refused", "console/request_refused"]
    assert shop.done == {}


async def test_a_change_that_is_there_already_is_only_mirrored(shop, acme):
    made = await to_plan(52, upgrade=True)
    shop.operation("/orders/line_items/2/changes/perform", {"orders_line_items_change": {"products_price_id": 52}})[1]()
    await carry_out(Stopping())
    assert await state(made) == ("confirmed", 1)
    assert shop.done == {"upgrade": 1}


async def test_a_token_that_opens_nothing_leaves_time_to_mend_it(shop, acme, clock):
    made = await ask("cancel")
    await Vendor.keep_token(acme.id, "revoked")
    await carry_out(Stopping())
    row = await BillingCommand.by_public_id(acme.id, made.public_id)
    assert (row.status, "API token" in row.error) == ("sent", True)
    await Vendor.keep_token(acme.id, TOKEN)
    assert await due(clock, minutes=16) == 1
    assert (await state(made))[0] == "confirmed"


async def test_without_a_token_it_waits_as_well(shop, acme):
    made = await ask("cancel")
    await Vendor.forget_token(acme.id)
    with pytest.raises(Unreachable, match="token"):
        await holder.perform(await Vendor.by_id(acme.id), made)


async def test_what_was_taken_is_never_asked_for_again(shop, acme, clock):
    """ClickFunnels says yes and does not show it: it settles later, by a webhook."""
    shop.scripted["perform"] = [("before", 200, {})]
    made = await to_plan(52, upgrade=True)
    await carry_out(Stopping())
    assert await state(made) == ("sent", 1)
    assert await due(clock, hours=2) == 1
    assert [path for path in shop.asked if path.endswith("/perform")] == ["/api/v2/orders/line_items/2/changes/perform"]
    assert await due(clock, hours=GIVE_UP / timedelta(hours=1)) == 1
    assert (await state(made))[0] == "refused"
    row = await BillingCommand.by_public_id(acme.id, made.public_id)
    assert "took the request" in row.error


async def test_a_reason_of_the_vendors_own_goes_along_in_words(shop):
    await ask("cancel", reason="other", reason_text="No more bees", comment="None at all")
    await carry_out(Stopping())
    sent = shop.records["orders"][0]
    assert (sent["cancel_reason"], sent["cancel_description"]) == ("other", "No more bees: None at all")


async def test_an_end_that_is_not_said_yet_is_the_end_of_the_period(shop, acme):
    """ClickFunnels' guide: an accepted cancellation can first come without its dates."""
    made = await ask("cancel")
    shop.touch(shop.records["orders"][0], service_status="canceled")
    await carry_out(Stopping())
    assert (await order()).paid_until.isoformat() == AT
    assert (await state(made))[0] == "confirmed"
    shop.touch(shop.records["orders"][0], paid_until=at(50_000), canceled_at=at(2))
    shop.tell("subscription.canceled", shop.records["orders"][0])
    await deliver(acme, *shop.events)
    assert (await order()).paid_until.isoformat() == at(50_000).replace(".000Z", "+00:00")


async def test_an_order_that_clickfunnels_lost_is_refused(shop, acme):
    made = await ask("cancel")
    shop.records["orders"] = []
    with pytest.raises(Refused, match="does not know"):
        await holder.perform(await Vendor.by_id(acme.id), made)


async def test_a_record_that_cannot_be_read_waits_for_its_webhook(shop, clock):
    made = await ask("cancel")
    shop.records["orders"][0]["created_at"] = "soon"
    await carry_out(Stopping())
    assert await state(made) == ("sent", 1)
    shop.records["orders"][0]["created_at"] = at(1)
    await due(clock, hours=2)
    assert await state(made) == ("confirmed", 2)
    assert shop.done == {"cancel": 1}


async def test_the_plans_and_what_they_cost(shop, acme):
    vendor, found = await Vendor.by_id(acme.id), await order()
    lines = await OrderLine.of(acme.id, found.id)
    dear, small = await holder.plans(vendor, found, lines)
    assert (dear.price, dear.name, dear.amount, dear.interval, dear.upgrade) == ("52", "Large", 9900, "months", True)
    assert (small.price, small.amount, small.upgrade) == ("53", 1900, False)
    now, later = await holder.preview(vendor, found, lines, dear), await holder.preview(vendor, found, lines, small)
    assert (now.due_now, now.at_period_end, now.exact) == (9900, False, True)
    assert (later.due_now, later.next_amount, later.at_period_end) == (0, 1900, True)
    shop.scripted["preview"] = [("before", 200, {})]
    assert await holder.preview(vendor, found, lines, dear) == reckoning.preview(found, lines, dear)
    assert await holder.plans(vendor, found, []) == []
    assert shop.done == {}


async def test_a_webhook_confirms_as_well(shop, acme):
    made = await ask("cancel")
    shop.operation("/orders/123/cancel", {})[1]()
    await deliver(acme, *shop.events)
    assert (await state(made))[0] == "confirmed"
    assert await mails() == ["change_requested", "change_confirmed"]


STEPS = ["work", "webhooks", "again", "lose"]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=6), kind=st.sampled_from(["cancel", "upgrade", "downgrade"]))
async def test_every_order_of_events_ends_the_same(theater, monkeypatch, steps, kind):
    """Webhooks late, early, twice or while nobody looks; answers lost: done once, told once, one state."""
    from tests.conftest import FakeClickFunnels, add_acme, api, httpx

    await theater.empty()
    fake, acme = FakeClickFunnels(), await add_acme()
    monkeypatch.setattr(api, "TRANSPORT", httpx.ASGITransport(fake))
    await opened(acme, fake)
    now = database.now()
    monkeypatch.setattr(database, "now", lambda: now)
    made = await (
        ask("cancel") if kind == "cancel" else to_plan(52 if kind == "upgrade" else 53, upgrade=kind == "upgrade")
    )
    for step in [*steps, "work", "work", "webhooks"]:
        now += timedelta(hours=1)
        if step == "lose":
            fake.scripted["cancel"] = [("after", 502, {})]
            fake.scripted["perform"] = [("after", 502, {})]
        elif step == "work":
            await carry_out(Stopping())
        else:
            for sent in fake.events:
                await clickfunnels.receive(acme.id, body(sent))
            await drain()
    assert fake.done == {kind: 1}
    assert (await state(made))[0] == "confirmed"
    assert (await mails()).count("change_confirmed") == 1
    found, [bought] = await order(), await OrderLine.of(acme.id, (await order()).id)
    expected = {
        "cancel": ("canceled", "51", None),
        "upgrade": ("active", "52", None),
        "downgrade": ("active", "51", "53"),
    }
    pending = json.loads(found.pending_change)["price"] if found.pending_change else None
    assert (found.service_status, bought.price_clickfunnels_id, pending) == expected[kind]
