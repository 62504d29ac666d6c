import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from integrations.stripe import client
from tables import (
    BillingCommand,
    Customer,
    Enrollment,
    Invoice,
    Mail,
    Order,
    OrderLine,
    PaymentMethod,
    Price,
    Product,
    ProductCourse,
    StripeCustomer,
    Subscription,
)  # fmt: skip
from tables.course import Course
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.fake_stripe import FakeStripe
from tests.integrations.stripe.mirroring import connect, deliver, dump, verdict


@pytest.fixture
async def shop(acme, stripe_api):
    return await connect(acme, stripe_api)


def begun(fake, **options):
    """A customer with a card, and a subscription that runs."""
    person = fake.add_customer("ann@example.com", name="Ann Lee")
    card = fake.add_card(person["id"], default=True)
    price = fake.add_price(fake.add_product("Pottery club"))
    return person, card, fake.add_subscription(person, price, **options)


async def the_order(vendor):
    (order,) = await Order.objects().where(Order.vendor == vendor.id)
    return order


async def test_a_subscription_becomes_an_order_with_all_that_belongs_to_it(shop, stripe_api):
    person, card, running = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert (order.clickfunnels_id, order.order_type, order.total, order.currency) == (
        running["id"], "subscription-order", 2900, "USD",
    )  # fmt: skip
    assert (order.service_status, order.billing_status, order.summary) == ("active", "paid", "Pottery club")
    end = running["items"]["data"][0]["current_period_end"]
    assert order.next_charge_at == order.paid_until == datetime.fromtimestamp(end, UTC)
    assert (order.payment_processor, order.payment_method) == ("stripe", card["id"])
    (line,) = await OrderLine.of(shop.id, order.id)
    assert (line.product_name, line.amount, line.interval, line.interval_count) == ("Pottery club", 2900, "months", 1)
    assert await Subscription.count().where(Subscription.vendor == shop.id) == 1
    customer = await Customer.by_email(shop.id, "ann@example.com")
    assert (customer.first_name, customer.last_name) == ("Ann", "Lee")
    (known,) = await StripeCustomer.objects().where(StripeCustomer.vendor == shop.id)
    assert (known.reference, known.default_method) == (person["id"], card["id"])
    (method,) = await PaymentMethod.objects().where(PaymentMethod.vendor == shop.id)
    assert (method.brand, method.last4, method.exp_year, method.is_default) == ("visa", "4242", 2030, True)
    (invoice,) = await Invoice.of(shop.id, order.id)
    assert (invoice.status, invoice.total, invoice.due, invoice.invoice_type) == ("paid", 2900, 0, "initial")
    assert [row["kind"] for row in await Mail.select(Mail.kind).where(Mail.vendor == shop.id)] == ["welcome"]
    (price,) = await Price.objects().where(Price.vendor == shop.id)
    assert (price.amount, price.interval, price.name) == (2900, "months", "Pottery club")
    assert await Product.count().where(Product.vendor == shop.id) == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, ("active", "paid")), ({"status": "trialing"}, ("trialing", "paid")),
     ({"cancel_at_period_end": True}, ("canceled", "paid")), ({"cancel_at": 1900000000}, ("canceled", "paid")),
     ({"status": "trialing", "cancel_at_period_end": True}, ("canceled", "paid")),
     ({"status": "past_due"}, ("active", "past-due")), ({"status": "unpaid"}, ("suspended", "past-due")),
     ({"status": "canceled"}, ("churned", "paid")), ({"status": "paused"}, ("paused", "paid")),
     ({"pause_collection": {"behavior": "void", "resumes_at": 1900000000}}, ("paused", "paid")),
     ({"status": "incomplete"}, ("pending", "pending")),
     ({"status": "incomplete_expired"}, ("abandoned", "abandoned")), ({"status": "brand_new"}, ("brand_new", "paid"))],
)  # fmt: skip
async def test_states_are_told_in_our_words(shop, stripe_api, changes, expected):
    _, _, running = begun(stripe_api)
    running |= changes
    await deliver(shop, stripe_api.event("customer.subscription.updated", running))
    order = await the_order(shop)
    assert (order.service_status, order.billing_status) == expected
    if "pause_collection" in changes:
        assert order.resumes_at == datetime.fromtimestamp(1900000000, UTC)
    if expected[0] not in ("active", "trialing"):
        assert order.next_charge_at is None


async def test_a_cancelled_one_that_was_never_paid_says_so(shop, stripe_api):
    person, _, running = begun(stripe_api)
    stripe_api.add_card(person["id"], DECLINED, default=True)
    stripe_api.renew(running["id"])
    stripe_api.give_up(running["id"], "canceled")
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert (order.service_status, order.billing_status) == ("churned", "unpaid")
    assert order.churned_at is not None


async def test_what_a_product_opens_is_opened(shop, stripe_api):
    _, _, running = begun(stripe_api)
    product = running["items"]["data"][0]["price"]["product"]
    await Course(vendor=shop.id, clickfunnels_id="c1", title="Clay").save()
    await ProductCourse(vendor=shop.id, product_clickfunnels_id=product, course_clickfunnels_id="c1").save()
    await deliver(shop, *stripe_api.take())
    (place,) = await Enrollment.objects().where(Enrollment.vendor == shop.id)
    assert (place.course_clickfunnels_id, place.order_clickfunnels_id) == ("c1", running["id"])


async def test_a_change_to_come_is_read_from_the_schedule_and_is_gone_when_released(shop, stripe_api):
    _, _, running = begun(stripe_api)
    item = running["items"]["data"][0]
    small = stripe_api.add_price(stripe_api.add_product("Small club"), 900)
    from tests.integrations.stripe.routes import create_schedule, release_schedule, update_schedule

    schedule = create_schedule(stripe_api, {"from_subscription": running["id"]})
    update_schedule(stripe_api, {"phases": [
        {"items": [{"price": item["price"]["id"]}], "start_date": str(item["current_period_start"]),
         "end_date": str(item["current_period_end"])}, {"items": [{"price": small["id"]}]},
    ]}, schedule["id"])  # fmt: skip
    await deliver(shop, *stripe_api.take())
    begins = datetime.fromtimestamp(item["current_period_end"], UTC)
    assert json.loads((await the_order(shop)).pending_change) == {
        "price": small["id"], "name": "Small club", "amount": 900, "currency": "USD", "interval": "months",
        "interval_count": 1, "at": begins.isoformat(),
    }  # fmt: skip
    release_schedule(stripe_api, {}, schedule["id"])
    (released, _) = stripe_api.take()
    await deliver(shop, released)
    assert (await the_order(shop)).pending_change is None


async def test_a_wish_is_confirmed_by_what_the_mirror_shows(shop, stripe_api):
    _, _, running = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    wish = await BillingCommand.ask(shop.id, order.customer, "cancel", "stripe", order=order)
    await deliver(shop, stripe_api.event("customer.subscription.updated", running))
    assert (await BillingCommand.by_public_id(shop.id, wish.public_id)).status == "requested"
    running["cancel_at_period_end"] = True
    await deliver(shop, stripe_api.event("customer.subscription.updated", running))
    assert (await BillingCommand.by_public_id(shop.id, wish.public_id)).status == "confirmed"
    kinds = [row["kind"] for row in await Mail.select(Mail.kind).where(Mail.vendor == shop.id)]
    assert kinds.count("change_confirmed") == 1


async def test_a_person_without_an_address_waits_until_there_is_one(shop, stripe_api):
    person, _, running = begun(stripe_api)
    person["email"] = None
    sent = stripe_api.event("customer.subscription.created", running)
    await deliver(shop, sent)
    assert await verdict(shop, sent) == ("parked", f"stripe:{person['id']}")
    person["email"] = "ann@example.com"
    await deliver(shop, stripe_api.event("customer.updated", person))
    assert (await the_order(shop)).summary == "Pottery club"


async def test_the_default_card_of_a_subscription_follows_its_customer(shop, stripe_api):
    person, _, _ = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    other = stripe_api.add_card(person["id"], "5555555555554444", default=True)
    await deliver(shop, *stripe_api.take())
    assert (await the_order(shop)).payment_method == other["id"]
    assert {(row.reference, row.is_default) for row in await PaymentMethod.objects().where(
        PaymentMethod.vendor == shop.id)} > {(other["id"], True)}  # fmt: skip


async def test_a_deleted_account_learns_nothing_and_a_later_purchase_opens_another(shop, stripe_api, clock):
    person, _, running = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    await Customer.update({Customer.closed_at: clock.now(), Customer.email: "gone@deleted.invalid"}).where(
        Customer.id == order.customer
    )
    await PaymentMethod.delete().where(PaymentMethod.vendor == shop.id)
    clock.forward(minutes=1)
    stripe_api.detach(stripe_api.add_card(person["id"]))
    await deliver(shop, *stripe_api.take(), stripe_api.event("customer.subscription.updated", running))
    assert not await PaymentMethod.exists().where(PaymentMethod.vendor == shop.id)
    assert await Customer.by_email(shop.id, "ann@example.com") is None
    clock.forward(days=1)
    stripe_api.add_subscription(person, stripe_api.add_price(stripe_api.add_product("Another")))
    await deliver(shop, *stripe_api.take())
    anew = await Customer.by_email(shop.id, "ann@example.com")
    assert anew.id != order.customer
    assert {row.customer for row in await Order.objects().where(Order.vendor == shop.id)} == {order.customer, anew.id}
    assert await PaymentMethod.exists().where(PaymentMethod.customer == anew.id)


class Accounts:
    """Several accounts behind one address, told apart by their keys, as Stripe's are."""

    def __init__(self, *fakes):
        self.by_key = {f"Bearer {fake.secret}".encode(): fake for fake in fakes}

    async def __call__(self, scope, receive, send):
        await self.by_key[dict(scope["headers"])[b"authorization"]](scope, receive, send)


@pytest.fixture
async def other(globex, stripe_api, monkeypatch):
    """The account of another vendor."""
    fake = FakeStripe("sk_test_0123456789abcdefGlobex")
    monkeypatch.setattr(client, "TRANSPORT", httpx.ASGITransport(Accounts(stripe_api, fake)))
    await connect(globex, fake)
    return fake


async def test_another_vendors_objects_touch_nothing(shop, globex, stripe_api, other):
    person, card, running = begun(stripe_api)
    for sent in (stripe_api.event("customer.subscription.updated", running), stripe_api.event("customer.updated", person),
                 stripe_api.event("payment_method.attached", card), stripe_api.event("invoice.paid", {
                     "id": running["latest_invoice"], "object": "invoice"})):  # fmt: skip
        await deliver(globex, sent)
        assert (await verdict(globex, sent))[0] == "ignored"
    assert not await Order.exists().where(Order.vendor == globex.id)
    assert not await StripeCustomer.exists().where(StripeCustomer.vendor == globex.id)
    assert not await Customer.exists().where(Customer.vendor == globex.id)


async def test_the_same_ids_in_two_accounts_are_two_things(shop, globex, stripe_api, other):
    _, _, ours = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    before = await dump(shop)
    theirs = other.add_customer("zed@example.com", name="Zed")
    other.add_card(theirs["id"], "5555555555554444", default=True)
    running = other.add_subscription(theirs, other.add_price(other.add_product("Elsewhere"), 100, "eur"))
    other.end(running)
    assert running["id"] == ours["id"]
    await deliver(globex, *other.take())
    assert await dump(shop) == before
    assert (await the_order(globex)).service_status == "churned"


async def test_a_renewal_moves_the_dates(shop, stripe_api):
    _, _, running = begun(stripe_api)
    stripe_api.renew(running["id"])
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert order.renewal_at > order.placed_at + timedelta(days=50)
    assert len(await Invoice.of(shop.id, order.id)) == 2
