"""The stand-in against the official SDK: what other tests rest upon."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import stripe

from integrations.stripe import client
from integrations.stripe.client import KeyRefused, Missing, Refused, Unreachable, connected
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.fake_stripe import (
    BROKEN,
    DOWN,
    KEY,
    LIMITED,
    LOST,
    WEBHOOK_SECRET,
    FakeStripe,
    body_of,
    signed,
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeStripe:
    app = FakeStripe()
    monkeypatch.setattr(client, "TRANSPORT", httpx.ASGITransport(app))
    return app


@pytest.fixture
async def api(fake: FakeStripe) -> AsyncIterator[Any]:
    async with connected(KEY) as found:
        yield found.v1


async def test_a_card_is_saved_through_the_hosted_page(fake: FakeStripe, api: Any) -> None:
    customer = await api.customers.create_async({"email": "alice@example.com", "metadata": {"center": "acme"}})
    session = await api.checkout.sessions.create_async({
        "mode": "setup", "customer": customer.id, "currency": "usd",
        "success_url": "http://acme.test/done?session={CHECKOUT_SESSION_ID}", "cancel_url": "http://acme.test/back",
    })  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(fake)) as browser:
        page = await browser.get(session.url)
        done = await browser.post(session.url, data={"number": "5555555555554444", "month": "3", "year": "2031"})
    assert "Save card" in page.text
    assert "<script" not in page.text
    assert 'href="http://acme.test/back"' in page.text
    assert done.status_code == 303
    assert done.headers["location"] == f"http://acme.test/done?session={session.id}"
    intent = await api.setup_intents.retrieve_async(session.setup_intent, {"expand": ["payment_method"]})
    assert intent.payment_method.card.brand == "mastercard"
    assert intent.payment_method.customer == customer.id
    methods = await api.customers.payment_methods.list_async(customer.id)
    assert [method.id for method in methods.data] == [intent.payment_method.id]
    assert [event["type"] for event in fake.take()] == [
        "customer.created", "payment_method.attached", "setup_intent.succeeded", "checkout.session.completed",
    ]  # fmt: skip


async def test_a_subscription_is_changed_paused_kept_and_cancelled(fake: FakeStripe, api: Any) -> None:
    person = fake.add_customer()
    card = fake.add_card(person["id"], default=True)
    small = fake.add_price(fake.add_product())
    large = fake.add_price(fake.add_product("Pottery club plus"), 5900)
    found = await api.subscriptions.create_async({"customer": person["id"], "items": [{"price": small["id"]}]})
    assert found.status == "active"
    assert found["items"].data[0].current_period_end > found.created
    wanted = [{"id": found["items"].data[0].id, "price": large["id"]}]
    shown = await api.invoices.create_preview_async({
        "subscription": found.id, "subscription_details": {"items": wanted, "proration_behavior": "always_invoice"},
    })  # fmt: skip
    assert [line.amount for line in shown.lines.data] == [-2900, 5900]
    assert shown.amount_due == 3000
    changed = await api.subscriptions.update_async(
        found.id, {"items": wanted, "proration_behavior": "always_invoice", "expand": ["latest_invoice.payments"]}
    )
    assert changed.latest_invoice.amount_paid == 3000
    assert changed.latest_invoice.payments.data[0].status == "paid"
    paused = await api.subscriptions.update_async(
        found.id, {"pause_collection": {"behavior": "void", "resumes_at": found.created + 86400}}
    )
    assert paused.pause_collection.resumes_at == found.created + 86400
    assert (await api.subscriptions.update_async(found.id, {"pause_collection": ""})).pause_collection is None
    assert (
        await api.subscriptions.update_async(found.id, {"default_payment_method": card["id"]})
    ).default_payment_method
    ending = await api.subscriptions.update_async(found.id, {"cancel_at_period_end": True})
    assert ending.cancel_at == ending["items"].data[0].current_period_end
    assert (await api.subscriptions.update_async(found.id, {"cancel_at_period_end": False})).cancel_at is None
    assert (await api.subscriptions.cancel_async(found.id)).status == "canceled"
    assert fake.done == {
        "subscription": 1, "charge": 2, "price_change": 1, "pause": 1, "resume": 1, "use_method": 1, "cancel_later": 1,
        "keep": 1, "cancel": 1,
    }  # fmt: skip


async def test_a_schedule_changes_the_plan_at_the_end_of_the_period(fake: FakeStripe, api: Any) -> None:
    person = fake.add_customer()
    fake.add_card(person["id"], default=True)
    large, small = fake.add_price(fake.add_product("Plus"), 5900), fake.add_price(fake.add_product(), 2900)
    running = fake.add_subscription(person, large)
    schedule = await api.subscription_schedules.create_async({"from_subscription": running["id"]})
    phase = schedule.phases[0]
    changed = await api.subscription_schedules.update_async(schedule.id, {"end_behavior": "release", "phases": [
        {"items": [{"price": large["id"]}], "start_date": phase.start_date, "end_date": phase.end_date},
        {"items": [{"price": small["id"]}], "proration_behavior": "none"},
    ]})  # fmt: skip
    assert changed.phases[1].start_date == phase.end_date
    assert running["schedule"] == schedule.id
    fake.renew(running["id"])
    assert running["items"]["data"][0]["price"]["id"] == small["id"]
    assert (await api.subscription_schedules.release_async(schedule.id)).status == "released"
    assert running["schedule"] is None


async def test_a_declined_card_makes_it_past_due_until_another_pays(fake: FakeStripe, api: Any) -> None:
    person = fake.add_customer()
    fake.add_card(person["id"], default=True)
    running = fake.add_subscription(person, fake.add_price(fake.add_product()))
    bad = fake.add_card(person["id"], DECLINED, default=True)
    fake.renew(running["id"])
    assert running["status"] == "past_due"
    with pytest.raises(stripe.CardError) as declined:
        await api.invoices.pay_async(running["latest_invoice"], {"payment_method": bad["id"]})
    assert declined.value.code == "card_declined"
    assert declined.value.http_status == 402
    good = fake.add_card(person["id"], "5555555555554444")
    paid = await api.invoices.pay_async(running["latest_invoice"], {"payment_method": good["id"]})
    assert paid.status == "paid"
    assert paid.hosted_invoice_url.endswith(paid.id)
    assert running["status"] == "active"


async def test_one_idempotency_key_works_once(fake: FakeStripe, api: Any) -> None:
    options = {"idempotency_key": "command-1"}
    fake.answers = [LOST]
    with pytest.raises(stripe.APIConnectionError):
        await api.customers.create_async({"email": "alice@example.com"}, options)
    again = await api.customers.create_async({"email": "alice@example.com"}, options)
    assert fake.done["customer"] == 1
    assert again.id == fake.all("customer")[0]["id"]
    with pytest.raises(stripe.IdempotencyError):
        await api.customers.create_async({"email": "bob@example.com"}, options)


async def test_what_stripe_does_not_know_is_refused(fake: FakeStripe, api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: colour"):
        await api.customers.create_async({"colour": "red"})
    with pytest.raises(stripe.InvalidRequestError, match="No such invoice"):
        await api.invoices.retrieve_async("in_nothing")
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        await api.customers.retrieve_async(fake.add_customer()["id"], {"expand": ["colour"]})


@pytest.mark.parametrize(("scripted", "raised"), [(DOWN, Unreachable), (LIMITED, Unreachable), (BROKEN, Unreachable)])
async def test_trouble_is_told_apart_from_a_refusal(fake: FakeStripe, scripted: str, raised: type[Exception]) -> None:
    fake.answers = [scripted]
    with pytest.raises(raised):
        async with connected(KEY) as found:
            await found.v1.accounts.retrieve_current_async()


async def test_refusals_are_told_apart(fake: FakeStripe) -> None:
    with pytest.raises(KeyRefused):
        async with connected(KEY + "x") as found:
            await found.v1.products.list_async()
    with pytest.raises(Missing):
        async with connected(KEY) as found:
            await found.v1.products.retrieve_async("prod_nothing")
    with pytest.raises(Refused, match="unknown parameter"):
        async with connected(KEY) as found:
            await found.v1.customers.create_async({"colour": "red"})


async def test_events_are_signed_as_stripe_signs_them(fake: FakeStripe) -> None:
    body = body_of(fake.event("customer.updated", fake.add_customer(name="Zoë")))
    header = signed(body, "whsec_other", WEBHOOK_SECRET)["stripe-signature"]
    event = stripe.Webhook.construct_event(body, header, WEBHOOK_SECRET)
    assert event.type == "customer.updated"
    assert event.data.object.name == "Zoë"
