import pytest

from integrations.stripe.effects import LISTED, effect_of
from tables import Order, Vendor, WebhookEvent
from tests.integrations.stripe.fake_stripe import BROKEN, DOWN, LIMITED, SLOW
from tests.integrations.stripe.mirroring import connect, deliver, drain, verdict


@pytest.fixture
async def shop(acme, stripe_api):
    return await connect(acme, stripe_api)


def bought(fake):
    person = fake.add_customer()
    fake.add_card(person["id"], default=True)
    fake.add_subscription(person, fake.add_price(fake.add_product()))
    (made,) = (event for event in fake.take() if event["type"] == "customer.subscription.created")
    return made


@pytest.mark.parametrize("trouble", [DOWN, SLOW, LIMITED, BROKEN])
async def test_what_stripe_cannot_answer_now_is_worked_later(shop, stripe_api, clock, trouble):
    sent = bought(stripe_api)
    for round_ in range(12):
        stripe_api.answers = [trouble]
        await deliver(shop, *([sent] if not round_ else []))
        await drain()
        assert (await verdict(shop, sent))[0] == "received"
        assert not await Order.exists().where(Order.vendor == shop.id)
        clock.forward(minutes=31)
    stripe_api.answers = []
    await drain()
    assert (await verdict(shop, sent))[0] == "processed"
    assert await Order.exists().where(Order.vendor == shop.id)


async def test_while_stripe_is_down_it_is_not_asked_again_for_every_event(shop, stripe_api, clock):
    sent = bought(stripe_api)
    stripe_api.answers = [DOWN] * 5
    await deliver(shop, sent, stripe_api.event("customer.subscription.updated", sent["data"]["object"]))
    assert len(stripe_api.asked) == 1


async def test_a_key_that_is_missing_or_refused_can_be_mended(shop, stripe_api, clock):
    sent = bought(stripe_api)
    await Vendor.keep_stripe_key(shop.id, None)
    await deliver(shop, sent)
    assert (await verdict(shop, sent))[1].startswith("There is no secret key")
    await Vendor.keep_stripe_key(shop.id, "sk_test_0123456789revoked")
    clock.forward(minutes=1)
    await drain()
    assert (await verdict(shop, sent))[1].startswith("Stripe does not accept the secret key")
    await Vendor.keep_stripe_key(shop.id, stripe_api.secret)
    clock.forward(minutes=1)
    await drain()
    assert (await verdict(shop, sent))[0] == "processed"


@pytest.mark.parametrize(
    "kind", ["invoice.upcoming", "balance.available", "customer.tax_id.created", "plan.created", ""]
)
async def test_what_there_is_no_rule_for_is_kept_and_left_alone(shop, stripe_api, kind):
    sent = stripe_api.event(kind, {"id": "x_1", "object": "thing"})
    await deliver(shop, sent)
    status, why = await verdict(shop, sent)
    assert (status, why.startswith("no rule for")) == ("ignored", True)
    assert stripe_api.asked == []


async def test_what_stripe_does_not_know_is_ignored_and_what_is_no_event_fails(shop, stripe_api):
    sent = stripe_api.event("invoice.paid", {"id": "in_nothing", "object": "invoice"})
    await deliver(shop, sent)
    assert (await verdict(shop, sent))[0] == "ignored"
    broken = {"id": "evt_broken", "type": "invoice.paid", "data": []}
    await deliver(shop, broken)
    assert await verdict(shop, broken) == ("failed", "ValueError: the body is no event of Stripe")


async def test_an_event_of_our_own_making_cannot_be_sent_in(shop, stripe_api):
    await deliver(shop, {"id": "here:customer.linked:cus_1-1", "type": "balance.available", "data": {"object": {}}})
    (row,) = await WebhookEvent.select(WebhookEvent.event_id).where(WebhookEvent.vendor == shop.id)
    assert not row["event_id"].startswith("here:")


def test_every_listed_event_has_an_effect():
    assert all(effect_of(kind) for kind in LISTED)
    assert len(set(LISTED)) == len(LISTED)
