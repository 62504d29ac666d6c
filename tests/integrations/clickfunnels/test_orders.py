import json

from tables import (
    Address,
    CreditMemo,
    Customer,
    Mail,
    Order,
    OrderLine,
    PaymentMethod,
    PhoneNumber,
    Subscription,
)
from tests.integrations.clickfunnels.payloads import (
    at,
    contact,
    deliver,
    event,
    line,
    order,
    subscription,
    verdict,
)


async def test_an_order_with_all_it_tells(acme):
    await deliver(acme, event("one-time-order.completed", order(2), 2))
    row = await Order.objects().first()
    assert (row.number, row.total, row.tax, row.currency) == ("1001", 12900, 0, "USD")
    assert (row.billing_status, row.service_status, row.summary) == ("paid", "completed", "Keeping Bees")
    assert (row.placed_at.isoformat(), row.payment_method) == ("2026-01-01T10:01:00+00:00", "pm_77")
    assert json.loads(row.shipping_address)["street_one"] == "807 Jacobs Well"
    assert json.loads(row.billing_address)["city"] == "South Whitneyton"
    customer = await Customer.objects().first()
    assert row.customer == customer.id
    assert {address.street_one for address in await Address.of(acme.id, customer.id)} == {
        "807 Jacobs Well", "247 Herminia Neck",
    }  # fmt: skip
    assert {number.number for number in await PhoneNumber.of(acme.id, customer.id)} == {
        "1-292-348-1125 x8995", "+19053871234",
    }  # fmt: skip
    (method,) = await PaymentMethod.objects()
    assert (method.processor, method.reference) == ("payments_ai", "pm_77")


async def test_its_lines_are_those_of_the_newest_event(acme):
    other = line(id=3, quantity=5, original_product={"id": 5, "name": "Linen Shoes"}, products_variant=None)
    await deliver(acme, event("order.created", order(1, line_items=[line(), other]), 1))
    first, second = await OrderLine.objects().order_by(OrderLine.position)
    assert (first.product_name, first.sku, first.amount, first.currency) == ("Keeping Bees", "bee", 12900, "USD")
    assert (second.product_name, second.variant_name, second.quantity, second.position) == ("Linen Shoes", "", 5, 1)
    assert (await Order.objects().first()).summary == "Keeping Bees, Linen Shoes"
    await deliver(acme, event("order.updated", order(2, line_items=[other]), 2))
    await deliver(acme, event("order.updated", order(1, line_items=[]), 1))
    assert [row.product_name for row in await OrderLine.objects()] == ["Linen Shoes"]


async def test_a_long_summary_is_cut(acme):
    lines = [line(original_product={"id": number, "name": f"Product {number} " * 4}) for number in range(30)]
    await deliver(acme, event("order.created", order(line_items=lines)))
    row = await Order.objects().first()
    assert (len(row.summary), row.summary[-1]) == (300, "…")


async def test_a_subscription(acme):
    await deliver(acme, event("subscription.activated", subscription(1), 1))
    ending = subscription(2, service_status="canceled", canceled_at=at(2))
    await deliver(acme, event("subscription.canceled", ending, 2))
    await deliver(acme, event("subscription.upgraded", subscription(3, previous_line_item=line()), 3))
    (row,) = await Order.objects()
    assert (row.order_type, row.service_status, row.canceled_at) == ("subscription-order", "active", None)
    assert await Subscription.count() == 1
    (bought,) = await OrderLine.objects()
    assert (bought.amount, bought.interval, bought.interval_count) == (3999, "months", 1)


async def test_a_subscription_event_of_an_older_generation_is_one_all_the_same(acme):
    older = subscription()
    del older["order_type"], older["next_charge_at"]
    await deliver(acme, event("subscription.activated", older))
    assert await Subscription.count() == 1


async def test_a_subscription_goes_with_its_order_to_another_customer(acme):
    await deliver(acme, event("subscription.activated", subscription(1), 1))
    zoe = contact(2, id=46, email_address="zoe@example.com")
    await deliver(acme, event("order.updated", subscription(2, contact=zoe, contact_id=46), 2))
    (row,) = await Subscription.objects()
    assert row.customer == (await Customer.by_email(acme.id, "zoe@example.com")).id


async def test_two_orders_with_one_number(acme):
    await deliver(acme, event("order.created", order()), event("order.created", order(id=124)))
    await deliver(acme, event("order.updated", order(5)), event("order.updated", order(5, id=124)))
    assert {row.number for row in await Order.objects()} == {"1001", "1001-124"}


async def test_an_order_without_a_number_has_its_public_id(acme):
    await deliver(acme, event("order.created", order(1, order_number=None), 1))
    assert (await Order.objects().first()).number == "usxWaX"
    await deliver(acme, event("order.updated", order(2, order_number=1002), 2))
    assert (await Order.objects().first()).number == "1002"


async def test_when_it_was_placed_is_always_known(acme):
    await deliver(acme, event("order.created", order(created_at=None), 8))
    assert (await Order.objects().first()).placed_at.isoformat() == "2026-01-01T10:08:00+00:00"
    nothing = order(id=124, created_at=None, updated_at=None, order_number="7")
    await deliver(acme, event("order.created", nothing, created_at=None))
    assert (await Order.objects().get(Order.clickfunnels_id == "124")).placed_at is not None


async def test_amounts_follow_the_currency(acme):
    yen = line(products_price={"amount": "9800", "currency": "jpy"})
    await deliver(acme, event("order.created", order(currency="JPY", total_amount="9800", line_items=[yen])))
    await deliver(acme, event("order.created", order(id=124, currency="kwd", total_amount="1.500", order_number="2")))
    assert {(row.currency, row.total) for row in await Order.objects()} == {("JPY", 9800), ("KWD", 1500)}
    assert (await OrderLine.objects().get(OrderLine.currency == "JPY")).amount == 9800


async def test_an_order_is_linked_by_contact_id_alone(acme):
    await deliver(acme, event("contact.created", contact()), event("order.created", order(contact=None)))
    assert (await Order.objects().first()).customer == (await Customer.objects().first()).id


async def test_the_contact_inside_an_order_is_news_of_its_own_age(acme):
    await deliver(acme, event("contact.updated", contact(5, first_name="Anna"), 5))
    await deliver(acme, event("order.updated", order(9, contact=contact(1)), 9))
    assert (await Customer.objects().first()).first_name == "Anna"
    await deliver(acme, event("order.updated", order(10, contact=contact(7, first_name="Hannah")), 10))
    assert (await Customer.objects().first()).first_name == "Hannah"


async def test_a_bare_refund_waits_for_its_order_and_then_marks_it(acme):
    bare = event("one_time_order.refunded", {"id": 123}, 9)
    await deliver(acme, bare)
    assert (await verdict(acme, bare))["waiting_for"] == "order:123"
    await deliver(acme, event("order.completed", order(2), 2))
    row = await Order.objects().first()
    assert (row.billing_status, row.total, row.summary) == ("refunded", 12900, "Keeping Bees")
    assert (await CreditMemo.objects().first()).amount == 12900


async def test_a_cut_short_or_hostile_order_fails_aloud(acme):
    for data in (order(id=None), order(total_amount="a lot"), order(line_items={"a": 1}), order(created_at="soon"),
                 order(contact=None, contact_id=[]), order(currency="dollars"), order(order_type={})):  # fmt: skip
        sent = event("order.created", data, subject_id=None)
        await deliver(acme, sent)
        found = await verdict(acme, sent)
        assert found["status"] == "failed"
        assert found["error"].startswith("ValueError: ")
    assert not await Order.exists()
    assert not await Mail.exists()


async def test_one_street_for_goods_and_bill_is_one_address(acme):
    home = {
        "street_one": "1 Hive Road",
        "street_two": None,
        "city": "Ames",
        "region": "IA",
        "postal_code": "50010",
        "country": "US",
    }
    billed = {f"billing_address_{name}": value for name, value in home.items()}
    sent = {f"shipping_address_{name}": value for name, value in home.items()} | {"shipping_address_first_name": "Ann"}
    await deliver(acme, event("order.completed", order(**billed, **sent)))
    assert [(address.first_name, address.city) for address in await Address.objects()] == [("Ann", "Ames")]
