"""What Stripe's news of money makes us tell its customers."""

from datetime import timedelta
from itertools import permutations

import pytest

import database
from jobs.stopping import Stopping
from jobs.tell_of_money import tell_of_money
from tables import Mail, MailedLink, Order, Vendor
from tables.mail import opened
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.mirroring import connect, deliver


@pytest.fixture
async def shop(acme, stripe_api):
    return await connect(acme, stripe_api)


async def told(clock):
    clock.forward(minutes=11)
    while await tell_of_money(Stopping()):
        pass
    kinds = ("receipt", "payment_failed", "credit_memo")
    return await Mail.select().where(Mail.kind.is_in(list(kinds))).order_by(Mail.id)


def begun(fake):
    person = fake.add_customer("ann@example.com", name="Ann Lee")
    fake.add_card(person["id"], default=True)
    return person, fake.add_subscription(person, fake.add_price(fake.add_product("Pottery club")))


async def test_each_invoice_has_one_receipt(shop, stripe_api, clock):
    _, running = begun(stripe_api)
    first = stripe_api.take()
    await deliver(shop, *first, *reversed(first))
    (mail,) = await told(clock)
    order = await Order.objects().first()
    for said in ("Ann", "$29.00", "Pottery club", "Visa ending 4242", f"/acme/account/orders/{order.number}/invoices/",
                 "Next charge:"):  # fmt: skip
        assert said in mail["body_text"], said
    stripe_api.renew(running["id"])
    await deliver(shop, *stripe_api.take())
    assert [row["kind"] for row in await told(clock)] == ["receipt", "receipt"]


async def test_a_payment_that_fails_is_told_once_and_again_after_three_days(shop, stripe_api, clock):
    person, running = begun(stripe_api)
    await deliver(shop, *stripe_api.take())
    await told(clock)
    stripe_api.add_card(person["id"], DECLINED, default=True)
    stripe_api.renew(running["id"])
    news = stripe_api.take()
    await deliver(shop, *news, *news[::-1])
    mails = await told(clock)
    assert [row["kind"] for row in mails] == ["receipt", "payment_failed"]
    assert "$29.00" in opened(mails[1], "body_text")
    links = await MailedLink.objects().where(MailedLink.vendor == shop.id, MailedLink.purpose == "pay")
    assert [sorted(link.details) for link in links] == [["invoice", "order"]]
    clock.forward(days=3)
    (bill,) = [one for one in stripe_api.all("invoice") if one["status"] == "open"]
    again = [
        stripe_api.event("invoice.payment_failed", bill) | {"created": int(clock.now().timestamp())} for _ in range(2)
    ]
    await deliver(shop, *again)
    assert [row["kind"] for row in await told(clock)] == ["receipt", "payment_failed", "payment_failed"]
    # Another card pays it: then there is a receipt, and no word of a failure any more.
    stripe_api.add_card(person["id"], default=True)
    stripe_api.pay(bill)
    await deliver(shop, *stripe_api.take())
    assert [row["kind"] for row in await told(clock)][3:] == ["receipt"]


async def test_a_refund_is_told_once_in_whatever_order_it_is_heard(stripe_api, clock):
    begun(stripe_api)
    stripe_api.refund(stripe_api.all("charge")[0]["id"], 1000, "requested_by_customer")
    story = stripe_api.take()
    refunds = [event for event in story if "refund" in event["type"]]
    assert len(refunds) > 1
    for number, arrival in enumerate([*permutations(refunds)][:4]):
        vendor = await connect(await Vendor.add(f"vendor-{number}", "Any"), stripe_api)
        await deliver(vendor, *arrival, *story)
        rows = [row for row in await told(clock) if row["vendor_id"] == vendor.id]
        assert sorted(row["kind"] for row in rows) == ["credit_memo", "receipt"]
    assert "$10.00" in next(row["body_text"] for row in rows if row["kind"] == "credit_memo")


async def test_what_is_old_by_now_is_no_news(shop, stripe_api, clock):
    begun(stripe_api)
    clock.time = database.now() + timedelta(days=3)
    await deliver(shop, *stripe_api.take())
    assert await told(clock) == []
