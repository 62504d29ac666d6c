"""Whatever order Stripe's webhooks come in, early, late or twice: in the end the mirror is the same."""

from datetime import timedelta
from itertools import count

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from integrations.stripe import client, inbox
from tables import Vendor
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.fake_stripe import FakeStripe
from tests.integrations.stripe.mirroring import connect, deliver, dump
from tests.integrations.stripe.routes import create_schedule, update_schedule, update_subscription

number = count()
BEGAN = 1_790_000_000
DAY = 86400


class Told(FakeStripe):
    """A Stripe whose journey is the same each time, to the second."""

    time = BEGAN

    def now(self) -> int:
        return self.time


def journey(fake):
    """The steps of a subscription's life; each yields when Stripe has done it."""
    person = fake.add_customer("ann@example.com", name="Ann Lee")
    first = fake.add_card(person["id"], default=True)
    small = fake.add_price(fake.add_product("Pottery club"))
    large = fake.add_price(fake.add_product("Pottery club plus"), 5900)
    yield
    of = fake.add_subscription(person, small)
    yield
    second = fake.add_card(person["id"], "5555555555554444", default=True)
    yield
    update_subscription(fake, {"items": [{"id": of["items"]["data"][0]["id"], "price": large["id"]}],
                               "proration_behavior": "always_invoice"}, of["id"])  # fmt: skip
    yield
    update_subscription(fake, {"cancel_at_period_end": "true"}, of["id"])
    yield
    update_subscription(fake, {"cancel_at_period_end": "false"}, of["id"])
    yield
    item, schedule = of["items"]["data"][0], create_schedule(fake, {"from_subscription": of["id"]})
    update_schedule(fake, {"phases": [
        {"items": [{"price": large["id"]}], "start_date": str(item["current_period_start"]),
         "end_date": str(item["current_period_end"])}, {"items": [{"price": small["id"]}]},
    ]}, schedule["id"])  # fmt: skip
    yield
    bad = fake.add_card(person["id"], DECLINED, default=True)
    fake.renew(of["id"])
    yield
    fake.pay(fake.get(of["latest_invoice"], "invoice"), second["id"])
    yield
    fake.detach(bad)
    fake.set_default(person, second["id"])
    yield
    fake.refund(fake.all("charge")[0]["id"], 900, "duplicate")
    fake.detach(first)
    yield
    session = fake.add_payment(person, 4900)
    yield
    fake.refund(fake.get(session["payment_intent"], "payment_intent")["latest_charge"])
    yield
    fake.end(of)
    yield


async def told(delays=None):
    """The mirror of a vendor who hears of each event after so many steps, each time anew; by default at once."""
    vendor = await Vendor.add(f"vendor-{next(number)}", "Any")
    fake, waiting, place = Told(), [], 0
    before = client.TRANSPORT
    client.TRANSPORT = httpx.ASGITransport(fake)
    inbox.resting.clear()
    try:
        vendor = await connect(vendor, fake)
        for step, _ in enumerate(journey(fake)):
            fake.time += DAY
            for event in fake.take():
                waits = delays[place % len(delays)] if delays else [0]
                waiting += [(step + wait, wait * 7919 % 13, place, event) for wait in waits]
                place += 1
            due = sorted((one for one in waiting if one[0] <= step), key=lambda one: one[:3])
            waiting = [one for one in waiting if one[0] > step]
            await deliver(vendor, *(event for *_, event in due))
        await deliver(vendor, *(event for *_, event in sorted(waiting, key=lambda one: one[:3])))
        return await dump(vendor)
    finally:
        client.TRANSPORT = before


async def as_it_happened(kept=[]):  # noqa: B006 - once is enough
    if not kept:
        kept.append(await told())
    return kept[0]


BOUNDED = settings(
    max_examples=4, deadline=timedelta(seconds=60), derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


async def test_the_end_of_the_journey():
    end = await as_it_happened()
    assert [len(end[name]) for name in ("Customer", "Order", "CreditMemo", "StripeCustomer")] == [1, 2, 2, 1]
    states = {(order["service_status"], order["billing_status"]) for order in end["Order"]}
    assert states == {("churned", "paid"), ("active", "refunded")}
    assert len(end["Invoice"]) == 3
    assert [card["last4"] for card in end["PaymentMethod"]] == ["4444"]
    assert end["mails"] == ["welcome"]


@BOUNDED
@given(delays=st.lists(st.lists(st.integers(0, 20), min_size=1, max_size=3), min_size=7, max_size=23))
async def test_in_any_order_late_and_twice(delays):
    expected, found = await as_it_happened(), await told(delays)
    for name in expected:
        assert found[name] == expected[name], name
