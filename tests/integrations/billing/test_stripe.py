"""Wishes at Stripe, over its real protocol: one effect each, confirmed by what Stripe shows, refusals told."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from integrations.billing import Plan, Refused, Unreachable, news, stripe
from integrations.stripe.asking import KEY_TROUBLE
from jobs import carry_out as job
from jobs.carry_out import carry_out
from jobs.stopping import Stopping
from tables import (
    BillingCommand,
    Invoice,
    Mail,
    Order,
    OrderLine,
    PaymentMethod,
    Price,
    PriceTarget,
    StripeCustomer,
    Vendor,
)
from tables.billing_command import KINDS, Underway
from tests.integrations.stripe import strict
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.fake_stripe import BROKEN, LIMITED, LOST, FakeStripe
from tests.integrations.stripe.mirroring import connect, deliver


class Scene:
    """Alice at acme, with a card and a subscription at Stripe that runs."""

    def __init__(self, vendor: Vendor, fake: FakeStripe) -> None:
        self.vendor, self.fake = vendor, fake

    async def set(self, number: str = "4242424242424242", **options) -> "Scene":
        self.person = self.fake.add_customer("alice@example.com", name="Alice Ames")
        self.card = self.fake.add_card(self.person["id"], number, default=True)
        self.small = self.fake.add_price(self.fake.add_product("Club"))
        self.large = self.fake.add_price(self.fake.add_product("Club plus"), 5900)
        self.of = self.fake.add_subscription(self.person, self.small, **options)
        await self.tell()
        self.fake.done.clear()
        self.order = await self.now()
        return self

    async def tell(self) -> None:
        """Only what the mirror cannot do without: every event makes it look at the account."""
        told = ("customer.subscription", "customer.updated", "invoice.pa", "payment_method")
        await deliver(self.vendor, *{
            event["data"]["object"]["id"]: event for event in self.fake.take() if event["type"].startswith(told)
        }.values())  # fmt: skip

    async def now(self) -> Order:
        return await Order.known(self.vendor.id, self.of["id"])

    async def method(self, reference: str) -> PaymentMethod:
        return await PaymentMethod.by_reference(self.vendor.id, self.order.customer, reference)

    async def ask(self, kind: str, **wish) -> BillingCommand:
        about = {key: wish.pop(key) for key in ("method", "invoice") if key in wish}
        about |= {} if kind in ("default_method", "update_method", "remove_method") else {"order": self.order}
        command = await BillingCommand.ask(self.vendor.id, self.order.customer, kind, "stripe", **about, **wish)
        await news.asked(command)
        return command

    async def work(self, kind: str, **wish) -> BillingCommand:
        command = await self.ask(kind, **wish)
        assert await carry_out(Stopping()) == 1
        return await BillingCommand.own(self.vendor.id, self.order.customer, command.public_id)

    async def mails(self) -> list[str]:
        rows = await Mail.select(Mail.kind).where(Mail.vendor == self.vendor.id, Mail.kind != "welcome")
        return sorted(row["kind"] for row in rows)


@pytest.fixture
async def scene(acme, alice, stripe_api):
    return await Scene(await connect(acme, stripe_api), stripe_api).set()


def test_stripe_can_carry_out_whatever_customers_wish():
    assert stripe.kinds == set(KINDS) == set(stripe.STEPS)


async def test_a_cancellation_is_confirmed_by_what_stripe_shows_and_can_be_taken_back(scene):
    cancelled = await scene.work("cancel", reason="too_expensive", comment="For now")
    assert (cancelled.status, (await scene.now()).service_status) == ("confirmed", "canceled")
    assert scene.of["cancellation_details"]["feedback"] == "too_expensive"
    assert scene.of["cancellation_details"]["comment"] == "For now"
    assert await scene.mails() == ["change_confirmed", "change_requested"]
    kept = await scene.work("keep")
    assert (kept.status, (await scene.now()).service_status) == ("confirmed", "active")
    assert scene.fake.done == {"cancel_later": 1, "keep": 1}


async def test_a_cancellation_of_what_stands_still_can_be_taken_back_too(scene, clock):
    await scene.work("pause", until=(clock.now() + timedelta(days=40)).isoformat())
    await scene.work("cancel")
    kept = await scene.work("keep")
    assert (kept.status, (await scene.now()).service_status) == ("confirmed", "paused")


async def test_a_reason_that_is_the_vendors_own_goes_into_the_comment(scene):
    await scene.work("cancel", reason=None, reason_text="Moved to the sea", comment="No bees there")
    assert scene.of["cancellation_details"]["comment"] == "Moved to the sea. No bees there"
    assert scene.of["cancellation_details"]["feedback"] is None


async def test_a_dearer_plan_begins_at_once_for_the_difference(scene):
    changed = await scene.work("change_plan", price=scene.large["id"])
    lines = await OrderLine.of(scene.vendor.id, scene.order.id)
    assert changed.status == "confirmed"
    assert [line.price_clickfunnels_id for line in lines] == [scene.large["id"]]
    assert scene.fake.done == {"charge": 1, "price_change": 1}


async def test_a_declined_card_changes_no_plan_and_both_sides_are_told(scene):
    bad = scene.fake.add_card(scene.person["id"], DECLINED, default=True)
    refused = await scene.work("change_plan", price=scene.large["id"])
    assert (refused.status, refused.error) == ("refused", "Your card was declined")
    assert scene.of["items"]["data"][0]["price"]["id"] == scene.small["id"]
    assert "change_refused" in await scene.mails()
    assert any("request_refused" in kind for kind in await scene.mails())
    assert bad["id"] in scene.fake.declining


async def test_a_cheaper_plan_waits_for_the_end_of_the_period_and_can_be_taken_back(scene):
    scene.of["items"]["data"][0]["price"] = scene.large
    later = await scene.work("change_plan", price=scene.small["id"], at_period_end=True)
    assert later.status == "confirmed"
    assert scene.small["id"] in (await scene.now()).pending_change
    assert scene.of["items"]["data"][0]["price"]["id"] == scene.large["id"]
    kept = await scene.work("keep_plan")
    assert (kept.status, (await scene.now()).pending_change) == ("confirmed", None)
    assert scene.fake.done["charge"] == 0


async def test_a_cancellation_ends_a_change_of_plan_that_was_to_come(scene):
    await scene.work("change_plan", price=scene.large["id"], at_period_end=True)
    cancelled = await scene.work("cancel")
    assert (cancelled.status, scene.of["schedule"]) == ("confirmed", None)


async def test_a_pause_has_an_end_and_can_be_ended_before(scene):
    until = (datetime.now(UTC) + timedelta(days=40)).replace(microsecond=0)
    paused = await scene.work("pause", until=until.isoformat())
    order = await scene.now()
    assert (paused.status, order.service_status, order.resumes_at) == ("confirmed", "paused", until)
    resumed = await scene.work("resume")
    assert (resumed.status, (await scene.now()).service_status) == ("confirmed", "active")


async def test_another_card_is_used_from_now_on(scene):
    other = scene.fake.add_card(scene.person["id"], "5555555555554444")
    used = await scene.work("use_method", reference=other["id"])
    assert (used.status, (await scene.now()).payment_method) == ("confirmed", other["id"])
    assert (await scene.method(other["id"])).brand == "mastercard"


async def test_what_still_runs_is_kept_and_what_has_ended_begins_anew(scene):
    await scene.work("cancel")
    assert (await scene.work("reactivate")).status == "confirmed"
    assert scene.of["cancel_at_period_end"] is False
    scene.fake.end(scene.of)
    await scene.tell()
    scene.fake.done.clear()
    again = await scene.work("reactivate", reference=scene.card["id"])
    assert again.status == "confirmed"
    assert scene.fake.done == {"subscription": 1, "charge": 1}
    orders = await Order.objects().where(Order.vendor == scene.vendor.id, Order.customer == scene.order.customer)
    new = next(order for order in orders if order.id != scene.order.id)
    assert ((await scene.now()).service_status, new.service_status) == ("churned", "active")
    assert again.wish["order"] == new.number
    assert scene.fake.objects[new.clickfunnels_id]["metadata"]["center_order"] == scene.order.number


async def test_what_has_begun_anew_is_not_begun_once_more_while_it_runs(scene):
    scene.fake.end(scene.of)
    await scene.tell()
    scene.fake.done.clear()
    again = await scene.work("reactivate", reference=scene.card["id"])
    with pytest.raises(Underway) as known:
        await scene.ask("reactivate", reference=scene.card["id"])
    assert known.value.command.id == again.id
    await carry_out(Stopping())
    assert scene.fake.done == {"subscription": 1, "charge": 1}
    await Order.update({Order.service_status: "churned"}).where(
        Order.vendor == scene.vendor.id, Order.number == again.wish["order"]
    )
    assert (await scene.work("reactivate", reference=scene.card["id"])).status == "confirmed"
    assert scene.fake.done == {"subscription": 2, "charge": 2}


async def test_nothing_begins_anew_with_a_card_that_does_not_pay(scene):
    scene.fake.end(scene.of)
    bad = scene.fake.add_card(scene.person["id"], DECLINED)
    await scene.tell()
    refused = await scene.work("reactivate", reference=bad["id"])
    assert (refused.status, refused.error) == ("refused", "Your card was declined")
    assert scene.fake.done["subscription"] == 0


async def overdue(scene) -> Invoice:
    """A renewal that the card did not pay, with a good card beside it."""
    scene.bad = scene.fake.add_card(scene.person["id"], DECLINED, default=True)
    scene.fake.renew(scene.of["id"])
    scene.good = scene.fake.add_card(scene.person["id"], "5555555555554444")
    await scene.tell()
    scene.fake.done.clear()
    return next(bill for bill in await Invoice.of(scene.vendor.id, scene.order.id) if bill.status != "paid")


async def test_a_bill_is_paid_with_another_card_once(scene):
    bill = await overdue(scene)
    paid = await scene.work("pay", invoice=bill, reference=scene.good["id"])
    assert (paid.status, scene.fake.done["charge"]) == ("confirmed", 1)
    assert (await scene.now()).billing_status == "paid"
    again = await scene.work("pay", invoice=bill, reference=scene.good["id"])
    assert (again.status, scene.fake.done["charge"]) == ("confirmed", 1)


async def test_a_payment_that_takes_days_is_not_begun_once_more(scene, clock):
    bill = await overdue(scene)
    command = await scene.ask("pay", invoice=bill, reference=scene.good["id"])
    await BillingCommand.update({BillingCommand.tries: 1}).where(BillingCommand.vendor == scene.vendor.id)
    clock.forward(hours=25)
    scene.fake.done.clear()
    assert await carry_out(Stopping()) == 1
    assert scene.fake.done["charge"] == 0
    assert (await BillingCommand.own(scene.vendor.id, scene.order.customer, command.public_id)).is_open


async def test_a_declined_payment_is_told_and_another_try_is_a_request_of_its_own(scene):
    bill = await overdue(scene)
    refused = await scene.work("pay", invoice=bill)
    assert (refused.status, refused.error) == ("refused", "Your card was declined")
    assert (await scene.work("pay", invoice=bill, reference=scene.good["id"])).status == "confirmed"


async def test_a_payment_that_wants_approval_names_stripes_page(scene):
    bill = await overdue(scene)
    card = scene.fake.add_card(scene.person["id"], strict.WANTS_APPROVAL)
    refused = await scene.work("pay", invoice=bill, reference=card["id"])
    assert refused.status == "refused"
    assert bill.pay_url in refused.error


async def test_cards_are_made_the_default_corrected_and_let_go(scene):
    other = scene.fake.add_card(scene.person["id"], "5555555555554444")
    await scene.tell()
    method = await scene.method(other["id"])
    assert (await scene.work("default_method", method=method)).status == "confirmed"
    assert (await scene.method(other["id"])).is_default
    assert not (await scene.method(scene.card["id"])).is_default
    assert (await scene.work("update_method", method=method, exp_month=2, exp_year=2033)).status == "confirmed"
    method = await scene.method(other["id"])
    assert (method.exp_month, method.exp_year) == (2, 2033)
    assert (await scene.work("remove_method", method=method)).status == "confirmed"
    assert (await scene.method(other["id"])).removed_at
    assert scene.fake.done == {"default": 1, "method_update": 1, "detach": 1}


async def test_a_key_that_opens_nothing_is_no_refusal_and_is_not_told_to_customers(scene, clock):
    right, scene.fake.secret = scene.fake.secret, "sk_test_AnotherKeyOfTheVendors"
    waiting = await scene.work("cancel")
    assert (waiting.status, waiting.error) == ("sent", KEY_TROUBLE)
    assert "change_refused" not in await scene.mails()
    scene.fake.secret = right
    clock.forward(minutes=16)
    await carry_out(Stopping())
    assert (await scene.now()).service_status == "canceled"


async def test_a_card_stays_while_stripe_still_charges_a_subscription_to_it(scene):
    await scene.work("use_method", reference=scene.card["id"])
    refused = await scene.work("remove_method", method=await scene.method(scene.card["id"]))
    assert (refused.status, scene.fake.done["detach"]) == ("refused", 0)


class Killed(BaseException):
    """The process ends here."""


async def killed(*_) -> None:
    """Stripe has answered, and nothing of that was written down yet."""
    raise Killed


def without_answers(api):
    """Everything asked for is done at Stripe, and no answer to that ever arrives."""

    def lost(method, *rest):
        answer = api(method, *rest)
        if method != "GET":
            raise httpx.ReadTimeout("the answer was lost")
        return answer

    return lost


@pytest.mark.parametrize("kind", ["cancel", "change_plan", "pause", "reactivate", "pay", "use_method"])
@pytest.mark.parametrize("trouble", ["killed", LOST])
async def test_a_wish_that_is_taken_up_again_has_one_effect(scene, clock, monkeypatch, kind, trouble):
    bill = await overdue(scene) if kind == "pay" else None
    if kind == "reactivate":
        scene.fake.end(scene.of)
        await scene.tell()
    wish = {
        "change_plan": {"price": scene.large["id"]}, "pause": {"until": (clock.now() + timedelta(days=9)).isoformat()},
        "reactivate": {"reference": scene.card["id"]}, "pay": {"invoice": bill} if bill else {},
        "use_method": {"reference": scene.card["id"]},
    }.get(kind, {}) | ({"reference": scene.good["id"]} if bill else {})  # fmt: skip
    scene.fake.done.clear()
    command = await scene.ask(kind, **wish)
    with monkeypatch.context() as broken:
        if trouble == LOST:
            broken.setattr(scene.fake, "api", without_answers(scene.fake.api))
            await carry_out(Stopping())
        else:
            broken.setattr(job, "answer", killed)
            with pytest.raises(Killed):
                await carry_out(Stopping())
    clock.forward(minutes=3)
    assert (await BillingCommand.own(scene.vendor.id, scene.order.customer, command.public_id)).is_open
    once = dict(scene.fake.done)
    assert once
    await carry_out(Stopping())
    settled = await BillingCommand.own(scene.vendor.id, scene.order.customer, command.public_id)
    assert settled.status == "confirmed"
    assert scene.fake.done == once
    assert set(once.values()) == {1}
    assert (await scene.mails()).count("change_confirmed") == 1


@pytest.mark.parametrize("trouble", [LIMITED, BROKEN])
async def test_trouble_at_stripe_is_tried_again(scene, clock, trouble):
    scene.fake.answers = [trouble]
    command = await scene.work("cancel")
    assert command.is_open
    clock.forward(minutes=1)
    await carry_out(Stopping())
    assert (await scene.now()).service_status == "canceled"
    assert scene.fake.done == {"cancel_later": 1}


async def test_no_wish_reaches_what_is_somebody_elses(scene, bob):
    stranger = scene.fake.add_customer("bob@example.com")
    theirs = scene.fake.add_card(stranger["id"], default=True)
    running = scene.fake.add_subscription(stranger, scene.small)
    await scene.tell()
    scene.fake.done.clear()
    assert (await scene.work("use_method", reference=theirs["id"])).status == "refused"
    method = await PaymentMethod.by_reference(scene.vendor.id, bob.id, theirs["id"])
    assert (await scene.work("remove_method", method=method)).status == "refused"
    await StripeCustomer.update({StripeCustomer.customer: bob.id}).where(
        StripeCustomer.vendor == scene.vendor.id, StripeCustomer.reference == scene.person["id"]
    )
    for kind in ("cancel", "pause", "resume", "keep_plan"):
        assert (await scene.work(kind)).status == "refused"
    bill = (await Invoice.of(scene.vendor.id, scene.order.id))[0]
    assert (await scene.work("pay", invoice=bill)).status == "refused"
    assert scene.fake.done == {}
    assert running["status"] == "active"


async def test_a_key_that_is_gone_refuses_in_plain_words(scene):
    await Vendor.keep_stripe_key(scene.vendor.id, None)
    refused = await scene.work("cancel")
    assert (refused.status, refused.error) == ("refused", "Payments with Stripe are not set up")


# What may be chosen, and what it costs


async def to_sell(scene, *prices) -> None:
    for target in prices:
        await PriceTarget(vendor=scene.vendor.id, price_clickfunnels_id=scene.small["id"],
                          target_clickfunnels_id=target["id"]).save()  # fmt: skip
        await Price.record(scene.vendor.id, target["id"], "1", {
            Price.name: "A plan", Price.amount: target["unit_amount"], Price.currency: "USD", Price.interval: "months",
            Price.interval_count: 1,
        })  # fmt: skip


async def test_only_what_stripe_sells_is_offered_at_its_own_price(scene):
    cheap = scene.fake.add_price(scene.fake.add_product("Postcard"), 900)
    gone = scene.fake.add_price(scene.fake.add_product("Gone"), 1900)
    dead = {"id": "price_dead", "unit_amount": 100}
    await to_sell(scene, scene.large, cheap, gone, dead)
    gone["active"], cheap["unit_amount"] = False, 1000
    lines = await OrderLine.of(scene.vendor.id, scene.order.id)
    plans = await stripe.plans(scene.vendor, scene.order, lines)
    assert [(plan.price, plan.amount, plan.upgrade) for plan in plans] == [
        (cheap["id"], 1000, False), (scene.large["id"], 5900, True)]  # fmt: skip


async def test_a_preview_says_what_is_due_today_and_next_time(scene):
    lines = await OrderLine.of(scene.vendor.id, scene.order.id)
    ends = datetime.fromtimestamp(scene.of["items"]["data"][0]["current_period_end"], UTC)
    dear = await stripe.preview(scene.vendor, scene.order, lines, plan(scene.large, True))
    assert (dear.due_now, dear.next_amount, dear.next_at, dear.at_period_end) == (3000, 5900, ends, False)
    cheap = scene.fake.add_price(scene.fake.add_product("Postcard"), 900)
    less = await stripe.preview(scene.vendor, scene.order, lines, plan(cheap, False))
    assert (less.due_now, less.next_amount, less.next_at, less.at_period_end) == (0, 900, ends, True)
    yearly = scene.fake.add_price(scene.fake.add_product("Years"), 90000, interval="year")
    long = await stripe.preview(scene.vendor, scene.order, lines, plan(yearly, True, "years"))
    assert (long.due_now, long.next_amount) == (90000 - 2900, 90000)
    assert long.next_at > ends
    assert scene.fake.done == {}


def plan(price, upgrade: bool, interval: str = "months") -> Plan:
    return Plan(price["id"], "A plan", price["unit_amount"], "USD", interval, 1, upgrade)


async def test_a_preview_of_somebody_elses_subscription_is_refused(scene, bob):
    await StripeCustomer.update({StripeCustomer.customer: bob.id}).where(StripeCustomer.vendor == scene.vendor.id)
    with pytest.raises(Refused):
        await stripe.preview(scene.vendor, scene.order, [], plan(scene.large, True))
    scene.fake.answers = [BROKEN]
    with pytest.raises(Unreachable):
        await stripe.preview(scene.vendor, scene.order, [], plan(scene.large, True))
