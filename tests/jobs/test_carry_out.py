"""The way of a wish to whoever holds the money: sent, answered, tried again, told."""

from types import SimpleNamespace

import pytest

import database
from integrations.billing import Refused, Unreachable, holders, news
from jobs.carry_out import NEVER_SHOWN, TOO_LATE, carry_out, one
from jobs.stopping import Stopping
from tables import BillingCommand, Mail, Order
from tables.billing_command import GIVE_UP, KINDS
from tables.order import Subscription


class Fake:
    """A holder that answers what it is told to, and counts."""

    def __init__(self, *answers) -> None:
        self.answers, self.keys = list(answers), []

    async def perform(self, vendor, command):
        self.keys.append(command.idempotency_key)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def holder(monkeypatch):
    def put(*answers) -> Fake:
        fake = Fake(*answers)
        monkeypatch.setitem(holders.BY_NAME, "stripe", fake)
        return fake

    return put


async def asked(own, holder="stripe", kind="cancel") -> BillingCommand:
    order = await order_of(own)

    async def work() -> BillingCommand:
        command = await BillingCommand.ask(own.vendor.id, own.id, kind, holder, order=order)
        await news.asked(command)
        return command

    return await database.transaction(work)


async def order_of(own) -> Order:
    found = await Subscription.by_public_id(own.vendor.id, own.id, own.subscription)
    return await Order.behind(own.vendor.id, found.order)


async def kinds_of_mail(vendor) -> list[str]:
    rows = await Mail.select(Mail.kind).where(Mail.vendor == vendor.id, Mail.kind.like("%change%")).order_by(Mail.id)
    more = await Mail.select(Mail.kind).where(Mail.vendor == vendor.id, Mail.kind.like("console/%")).order_by(Mail.id)
    return [row["kind"] for row in [*rows, *more]]


async def state(command) -> tuple[str, str | None]:
    row = await BillingCommand.by_public_id(command.vendor, command.public_id)
    return row.status, row.error


async def test_an_answer_is_mirrored_and_told_in_one_transaction(world, holder):
    order = await order_of(world.alice)

    async def write() -> None:
        await Order.update({Order.service_status: "canceled"}).where(
            Order.vendor == world.acme.id, Order.id == order.id
        )
        await news.mirrored(await order_of(world.alice))

    holder(write)
    command = await asked(world.alice)
    assert await kinds_of_mail(world.acme) == ["change_requested"]
    assert await carry_out(Stopping()) == 1
    assert await state(command) == ("confirmed", None)
    assert await kinds_of_mail(world.acme) == ["change_requested", "change_confirmed"]


async def test_what_was_taken_without_an_answer_stays_open(world, holder):
    holder(None)
    command = await asked(world.alice)
    await carry_out(Stopping())
    assert await state(command) == ("sent", None)


@pytest.mark.parametrize("kind", ["resume", "pay"])
async def test_what_was_taken_and_is_never_shown_does_not_stay_open_for_ever(world, holder, clock, kind):
    holder(None, None, None)
    command = await asked(world.alice, kind=kind)
    await Order.update({Order.billing_status: "past-due", Order.service_status: "suspended"}).where(
        Order.vendor == world.acme.id, Order.id == command.order
    )
    await carry_out(Stopping())
    clock.forward(seconds=GIVE_UP.total_seconds() + 60)
    await carry_out(Stopping())
    assert (await state(command))[0] == ("sent" if kind == "pay" else "refused")
    clock.forward(days=7)
    await carry_out(Stopping())
    assert await state(command) == ("refused", NEVER_SHOWN)
    assert (await kinds_of_mail(world.acme)).count("change_refused") == 1


async def test_a_refusal_is_told_to_the_customer_and_the_vendor(world, holder):
    holder(Refused("Your card was declined."))
    command = await asked(world.alice)
    await carry_out(Stopping())
    assert await state(command) == ("refused", "Your card was declined.")
    told = await kinds_of_mail(world.acme)
    mail = await Mail.objects().where(Mail.vendor == world.acme.id, Mail.kind == "change_refused").first()
    assert "Nothing was changed. Your subscription goes on" in " ".join(mail.body_text.split())
    assert told[:2] == ["change_requested", "change_refused"]
    assert "console/request_refused" in told


async def test_a_holder_out_of_reach_is_asked_again_with_the_same_key(world, holder, clock):
    fake = holder(Unreachable("no answer"), ValueError("broken"), None)
    await asked(world.alice)
    for _ in range(3):
        await carry_out(Stopping())
        clock.forward(minutes=20)
    assert len(fake.keys) == 3
    assert len(set(fake.keys)) == 1


async def test_a_holder_out_of_reach_for_too_long_is_a_refusal(world, holder, clock):
    holder(Unreachable("no answer"))
    command = await asked(world.alice)
    clock.forward(seconds=GIVE_UP.total_seconds() + 60)
    await carry_out(Stopping())
    assert await state(command) == ("refused", TOO_LATE)
    mail = await Mail.objects().where(Mail.vendor == world.acme.id, Mail.kind == "change_refused").first()
    for said in (mail.body_text, mail.body_html):
        assert "Nothing was changed" not in said
        assert "whether it was done all the same" in said


async def test_what_was_settled_or_taken_up_while_it_waited_in_a_batch_is_not_carried_out(world, holder, clock):
    fake = holder(None)
    command = await asked(world.alice)
    [first] = await BillingCommand.lease(10)
    clock.forward(minutes=3)
    [second] = await BillingCommand.lease(10)
    await one(first)
    assert fake.keys == []
    await one(second)
    assert fake.keys == [command.idempotency_key]
    clock.forward(hours=2)
    [late] = await BillingCommand.lease(10)
    await command.close("confirmed")
    await one(late)
    assert len(fake.keys) == 1


async def test_an_answer_that_cannot_be_written_holds_up_nobody_else(world, holder):
    async def broken() -> None:
        raise KeyError("nothing like that")

    fake = holder(broken, None)
    first, second = await asked(world.alice), await asked(world.zoe)
    assert await carry_out(Stopping()) == 2
    assert fake.keys == [first.idempotency_key, second.idempotency_key]
    assert await state(first) == ("sent", "KeyError")
    assert await carry_out(Stopping()) == 0


async def test_what_only_the_vendor_can_do_is_told_to_them_at_once(world):
    await asked(world.alice, holder="manual")
    assert await kinds_of_mail(world.acme) == ["change_requested", "console/request_waiting"]
    assert await carry_out(Stopping()) == 0


def test_there_is_a_holder_for_every_kind():
    vendor = SimpleNamespace(stripe_api_key=None, api_token=None, subdomain=None)
    order = SimpleNamespace(clickfunnels_id="4")
    assert {holders.holder_of(vendor, order, kind).name for kind in KINDS} == {"manual"}
