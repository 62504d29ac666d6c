"""Wishes about money: kept before they are sent, one at a time, settled once."""

import asyncio
import json

import pytest

import database
from tables import BillingCommand, Order, OrderLine
from tables.billing_command import GIVE_UP, OPEN, Underway
from tables.order import Subscription


async def order_of(own) -> Order:
    found = await Subscription.by_public_id(own.vendor.id, own.id, own.subscription)
    return await Order.behind(own.vendor.id, found.order)


async def ask(own, kind="cancel", holder="stripe", **wish) -> BillingCommand:
    order = await order_of(own)
    return await database.transaction(
        lambda: BillingCommand.ask(own.vendor.id, own.id, kind, holder, order=order, **wish)
    )


async def test_a_second_wish_about_the_same_subscription_has_to_wait(world):
    first = await ask(world.alice)
    with pytest.raises(Underway) as refused:
        await ask(world.alice, "pause")
    assert refused.value.command.public_id == first.public_id
    await first.close("refused", "no")
    assert (await ask(world.alice, "pause")).kind == "pause"


async def test_ten_presses_at_once_are_one_wish(world):
    made = await asyncio.gather(*(ask(world.alice) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, BillingCommand) for one in made) == 1
    assert all(isinstance(one, BillingCommand | Underway) for one in made)
    assert (
        await BillingCommand.count().where(BillingCommand.order == (await order_of(world.alice)).id) == 2
    )  # one of before


async def test_it_is_marked_as_sent_before_anybody_asks_the_holder(world):
    await ask(world.alice)
    [taken] = await BillingCommand.lease(5)
    assert (taken.status, taken.tries, taken.sent_at is not None) == ("sent", 1, True)
    assert await BillingCommand.lease(5) == []


async def test_a_worker_that_dies_gives_it_back_with_the_same_key(world, clock):
    asked = await ask(world.alice)
    await BillingCommand.lease(5)
    clock.forward(minutes=3)
    [again] = await BillingCommand.lease(5)
    assert (again.idempotency_key, again.tries) == (asked.idempotency_key, 2)


async def test_what_only_the_vendor_can_do_is_taken_by_no_worker(world):
    asked = await ask(world.alice, holder="manual")
    assert asked.status == "sent"
    assert await BillingCommand.lease(5) == []


async def test_it_is_settled_once(world):
    asked = await ask(world.alice)
    other = await BillingCommand.by_public_id(world.acme.id, asked.public_id)
    assert await asked.close("confirmed")
    assert not await other.close("refused", "late")
    assert (await BillingCommand.by_public_id(world.acme.id, asked.public_id)).status == "confirmed"


async def test_waiting_ends_before_the_holder_forgets_the_key(world, clock):
    asked = await ask(world.alice)
    assert await asked.postpone("no answer")
    clock.forward(seconds=GIVE_UP.total_seconds() + 1)
    assert not await asked.postpone("no answer")


PRICE = "77"
PENDING = json.dumps({"price": PRICE, "at": None})


@pytest.mark.parametrize(
    ("kind", "wish", "before", "after"),
    [("cancel", {}, {"service_status": "active"}, {"service_status": "canceled"}),
     ("cancel", {}, {"service_status": "active"}, {"service_status": "churned"}),
     ("keep", {}, {"service_status": "canceled"}, {"service_status": "active"}),
     ("pause", {}, {"service_status": "active"}, {"service_status": "paused"}),
     ("resume", {}, {"service_status": "paused"}, {"service_status": "active"}),
     ("reactivate", {}, {"service_status": "churned"}, {"service_status": "trialing"}),
     ("use_method", {"reference": "pm_2"}, {"payment_method": "pm_1"}, {"payment_method": "pm_2"}),
     ("change_plan", {"price": PRICE}, {"pending_change": None}, {"pending_change": PENDING}),
     ("keep_plan", {}, {"pending_change": PENDING}, {"pending_change": None}),
     ("pay", {}, {"billing_status": "past-due"}, {"billing_status": "paid"})],
)  # fmt: skip
async def test_only_the_mirrored_state_confirms(world, kind, wish, before, after):
    asked, order = await ask(world.alice, kind, **wish), await order_of(world.alice)
    for name, value in before.items():
        setattr(order, name, value)
    assert await BillingCommand.confirm_shown(order) == []
    for name, value in after.items():
        setattr(order, name, value)
    assert [one.public_id for one in await BillingCommand.confirm_shown(order)] == [asked.public_id]
    assert await BillingCommand.confirm_shown(order) == []


async def test_a_plan_that_is_in_force_at_once_confirms_by_its_line(world):
    await ask(world.alice, "change_plan", price=PRICE)
    order = await order_of(world.alice)
    assert await BillingCommand.confirm_shown(order) == []
    await OrderLine.update({OrderLine.price_clickfunnels_id: PRICE}).where(
        OrderLine.vendor == world.acme.id, OrderLine.order == order.id
    )
    assert len(await BillingCommand.confirm_shown(order)) == 1


async def test_nobody_elses_wish_is_found(world):
    asked = await ask(world.alice)
    assert asked.status in OPEN
    assert await BillingCommand.own(world.globex.id, world.zoe.id, asked.public_id) is None
    assert await BillingCommand.own(world.acme.id, world.bob.id, asked.public_id) is None
    assert await BillingCommand.by_public_id(world.globex.id, asked.public_id) is None


async def test_a_cancellation_takes_the_place_of_what_can_still_be_taken_back(world):
    first = await ask(world.alice, "pause", "manual")
    second = await ask(world.alice, "cancel", "manual")
    assert (await BillingCommand.by_public_id(world.acme.id, first.public_id)).status == "withdrawn"
    with pytest.raises(Underway):
        await ask(world.alice, "cancel", "manual")
    await second.close("refused", "no")
    await ask(world.alice, "pause", "stripe")
    await BillingCommand.lease(5)
    with pytest.raises(Underway):
        await ask(world.alice, "cancel", "stripe")
