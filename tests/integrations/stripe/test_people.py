"""Cards and other means of payment, and cards that were saved on Stripe's page."""

import pytest

from integrations.stripe import people
from integrations.stripe.client import connected
from integrations.stripe.values import currency_of, instant, minor, text
from tables import BillingCommand, CardSetup, Customer, Order, PaymentMethod, StripeCustomer
from tests.integrations.stripe.mirroring import connect, deliver, drain, verdict
from tests.integrations.stripe.routes import create_session, delete_customer, update_method


@pytest.fixture
async def shop(acme, stripe_api):
    return await connect(acme, stripe_api)


@pytest.fixture
async def person(shop, alice, stripe_api):
    """Alice, as Stripe has her."""
    found = stripe_api.add_customer("alice@example.com")
    await StripeCustomer.keep(shop.id, alice.id, found["id"])
    stripe_api.take()
    return found


async def cards(vendor):
    rows = await PaymentMethod.objects().where(PaymentMethod.vendor == vendor.id).order_by(PaymentMethod.id)
    return [(row.last4, row.is_default, row.removed_at is not None) for row in rows]


async def test_cards_come_change_and_go(shop, person, stripe_api):
    first = stripe_api.add_card(person["id"], default=True)
    second = stripe_api.add_card(person["id"], "5555555555554444")
    await deliver(shop, *stripe_api.take())
    assert await cards(shop) == [("4242", True, False), ("4444", False, False)]
    stripe_api.set_default(person, second["id"])
    update_method(stripe_api, {"card": {"exp_month": "3", "exp_year": "2033"}}, second["id"])
    stripe_api.detach(first)
    await deliver(shop, *stripe_api.take())
    assert await cards(shop) == [("4242", False, True), ("4444", True, False)]
    row = await PaymentMethod.objects().where(PaymentMethod.reference == second["id"]).first()
    assert (row.exp_month, row.exp_year, row.brand, row.kind) == (3, 2033, "mastercard", "card")


async def test_the_customers_own_words_for_a_card_stay(shop, person, stripe_api):
    card = stripe_api.add_card(person["id"])
    await deliver(shop, *stripe_api.take())
    await PaymentMethod.update({PaymentMethod.description: "Joint account"}).where(PaymentMethod.vendor == shop.id)
    await deliver(shop, stripe_api.event("payment_method.updated", card))
    row = await PaymentMethod.objects().where(PaymentMethod.vendor == shop.id).first()
    assert row.description == "Joint account"


async def test_two_customers_at_stripe_are_one_person(shop, alice, person, stripe_api):
    stripe_api.add_card(person["id"], default=True)
    other = stripe_api.add_customer("alice@example.com")
    await StripeCustomer.keep(shop.id, alice.id, other["id"])
    stripe_api.add_card(other["id"], "5555555555554444", default=True)
    await deliver(shop, *stripe_api.take())
    assert sorted(await cards(shop)) == [("4242", False, False), ("4444", True, False)]


async def test_what_clickfunnels_told_of_is_not_taken_for_removed(shop, alice, person, stripe_api):
    await PaymentMethod.learn(shop.id, alice.id, "stripe", "pm_of_clickfunnels")
    stripe_api.add_card(person["id"])
    await deliver(shop, *stripe_api.take())
    assert [removed for _, _, removed in await cards(shop)] == [False, False]


async def test_somebody_from_an_account_before_does_not_stand_in_the_way(shop, alice, person, stripe_api):
    await StripeCustomer.keep(shop.id, alice.id, "cus_of_before")
    card = stripe_api.add_card(person["id"])
    await deliver(shop, *stripe_api.take())
    assert await cards(shop) == [("4242", False, False)]
    sent = stripe_api.event("payment_method.attached", card | {"customer": "cus_of_before"})
    await deliver(shop, sent)
    assert (await verdict(shop, sent))[0] == "ignored"


async def test_an_older_look_changes_nothing(shop, person, stripe_api):
    stripe_api.add_card(person["id"], default=True)
    async with connected(stripe_api.secret) as api:
        older = await people.look(api, shop.id, person["id"])
    stripe_api.add_card(person["id"], "5555555555554444", default=True)
    await deliver(shop, *stripe_api.take())
    newest = await cards(shop)
    assert "older news" in await older()
    assert await cards(shop) == newest


async def test_removing_and_choosing_are_confirmed_by_the_mirror(shop, alice, person, stripe_api):
    first, second = (
        stripe_api.add_card(person["id"], default=True),
        stripe_api.add_card(person["id"], "5555555555554444"),
    )
    await deliver(shop, *stripe_api.take())
    rows = {row.reference: row for row in await PaymentMethod.objects().where(PaymentMethod.vendor == shop.id)}
    gone = await BillingCommand.ask(shop.id, alice.id, "remove_method", "stripe", method=rows[first["id"]])
    chosen = await BillingCommand.ask(shop.id, alice.id, "default_method", "stripe", method=rows[second["id"]])
    stripe_api.set_default(person, second["id"])
    stripe_api.detach(first)
    await deliver(shop, *stripe_api.take())
    for wish in (gone, chosen):
        assert (await BillingCommand.by_public_id(shop.id, wish.public_id)).status == "confirmed"


async def test_of_strangers_nothing_is_learned(shop, stripe_api):
    stranger = stripe_api.add_customer("lead@example.com")
    stripe_api.add_card(stranger["id"])
    told = stripe_api.take()
    await deliver(shop, *told)
    assert [(await verdict(shop, sent))[0] for sent in told] == ["ignored"] * 2
    assert await Customer.by_email(shop.id, "lead@example.com") is None


async def test_somebody_deleted_at_stripe_keeps_what_they_bought(shop, alice, person, stripe_api):
    card = stripe_api.add_card(person["id"], default=True)
    stripe_api.add_subscription(person, stripe_api.add_price(stripe_api.add_product()))
    await deliver(shop, *stripe_api.take())
    delete_customer(stripe_api, {}, person["id"])
    await deliver(shop, *stripe_api.take())
    order = await Order.objects().get(Order.vendor == shop.id)
    assert (order.customer, order.service_status) == (alice.id, "churned")
    assert [removed for _, _, removed in await cards(shop)] == [True]
    assert card["id"] not in {row["id"] for row in stripe_api.all("payment_method", customer=person["id"])}


@pytest.fixture
async def setup(shop, alice, person, stripe_api):
    row = CardSetup(vendor=shop.id, customer=alice.id, status="open")
    session = create_session(stripe_api, {"mode": "setup", "customer": person["id"], "currency": "usd",
                                          "client_reference_id": row.public_id,
                                          "success_url": "http://acme.test/done"})  # fmt: skip
    row.session = session["id"]
    await row.save()
    return row, session


async def state(row):
    found = await CardSetup.objects().get(CardSetup.id == row.id)
    return found.status, found.reference


@pytest.mark.parametrize(
    "kinds", [["checkout.session.completed"], ["setup_intent.succeeded"], ["customer.updated"], None]
)
async def test_a_card_that_was_saved_is_settled_by_stripes_word(shop, person, stripe_api, setup, kinds):
    row, session = setup
    await deliver(shop, stripe_api.event("checkout.session.completed", session))
    assert await state(row) == ("open", None)
    stripe_api.complete(session["id"])
    told = [sent for sent in stripe_api.take() if kinds is None or sent["type"] in kinds]
    await deliver(shop, *told, *told)
    if kinds == ["customer.updated"]:
        assert await state(row) == ("open", None)
    else:
        (card,) = await PaymentMethod.objects().where(PaymentMethod.vendor == shop.id)
        assert await state(row) == ("complete", card.reference)


async def test_a_page_that_ran_out_is_expired(shop, stripe_api, setup):
    row, session = setup
    session["status"] = "expired"
    await deliver(shop, stripe_api.event("checkout.session.expired", session))
    assert await state(row) == ("expired", None)


async def test_somebody_elses_page_settles_nothing(shop, bob, stripe_api, setup):
    row, session = setup
    await CardSetup.update({CardSetup.customer: bob.id}).where(CardSetup.id == row.id)
    stripe_api.complete(session["id"])
    told = stripe_api.take()
    await deliver(shop, *told)
    await drain()
    assert await state(row) == ("open", None)
    assert (await verdict(shop, told[-1]))[0] == "ignored"


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [(9700, "USD", 9700), (9700, "JPY", 9700), (29500, "KWD", 29500), (500, "ISK", 5), (500, "UGX", 5), (-1, "EUR", -1),
     (12345, "KRW", 12345), (0, "TND", 0), (None, "USD", None), (999999999999, "VND", 999999999999)],
)  # fmt: skip
def test_stripes_smallest_unit_is_ours(amount, currency, expected):
    assert minor(amount, currency) == expected


def test_texts_and_times_fit_their_columns():
    assert text(" a\x00b\n c ", 4) == "ab c"
    assert text(None, 5) == ""
    assert instant(None) is None
    assert instant(0).isoformat() == "1970-01-01T00:00:00+00:00"
    with pytest.raises(ValueError, match="currency"):
        currency_of({"currency": "dollars"})
