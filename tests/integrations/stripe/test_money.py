"""Invoices, purchases through a Checkout page, refunds and credit notes."""

import pytest

from tables import BillingCommand, CreditMemo, Customer, Invoice, InvoiceLine, Mail, Order, OrderLine, Payment
from tests.integrations.stripe.books import DECLINED
from tests.integrations.stripe.mirroring import connect, deliver, verdict
from tests.integrations.stripe.records import invoice_payment


@pytest.fixture
async def shop(acme, stripe_api):
    return await connect(acme, stripe_api)


async def the_order(vendor):
    (order,) = await Order.objects().where(Order.vendor == vendor.id)
    return order


def charged(fake):
    return [row for row in fake.all("charge") if row["paid"]]


async def test_a_failed_payment_is_shown_with_where_to_pay_and_then_paid(shop, stripe_api):
    person = stripe_api.add_customer()
    stripe_api.add_card(person["id"], default=True)
    running = stripe_api.add_subscription(person, stripe_api.add_price(stripe_api.add_product()))
    good = stripe_api.add_card(person["id"], "5555555555554444")
    stripe_api.add_card(person["id"], DECLINED, default=True)
    stripe_api.renew(running["id"])
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert (order.service_status, order.billing_status) == ("active", "past-due")
    bill = next(bill for bill in await Invoice.of(shop.id, order.id) if bill.due)
    assert (bill.status, bill.due, bill.invoice_type) == ("past-due", 2900, "renewal")
    assert bill.pay_url == f"http://stripe.test/i/{bill.clickfunnels_id}"
    wish = await BillingCommand.ask(shop.id, order.customer, "pay", "stripe", order=order, invoice=bill)
    stripe_api.pay(stripe_api.get(bill.clickfunnels_id, "invoice"), good["id"])
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    bill = next(one for one in await Invoice.of(shop.id, order.id) if one.id == bill.id)
    assert (order.billing_status, bill.status, bill.due, bill.pay_url) == ("paid", "paid", 0, None)
    assert bill.paid_at is not None
    assert (await BillingCommand.by_public_id(shop.id, wish.public_id)).status == "confirmed"
    assert sorted(payment.amount for payment in await Payment.of(shop.id, order.id)) == [2900, 2900]


@pytest.mark.parametrize(
    ("currency", "amounts"),
    [("jpy", (9700, 485, 97, 300)), ("kwd", (29500, 1475, 295, 1000)), ("usd", (9999, 500, 100, 495)),
     ("eur", (1, 0, 0, 0)), ("krw", (100, 10, 1, 5))],
)  # fmt: skip
async def test_amounts_are_exact_in_every_currency(shop, stripe_api, currency, amounts):
    amount, tax, discount, shipping = amounts
    person = stripe_api.add_customer()
    stripe_api.add_card(person["id"], default=True)
    found = stripe_api.add_invoice(person, ("A pot", amount, 1), ("A lid", amount, 1), currency=currency, tax=tax,
                                   discount=discount, shipping=shipping)  # fmt: skip
    stripe_api.pay(found)
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    (bill,) = await Invoice.of(shop.id, order.id)
    lines = await InvoiceLine.of(shop.id, bill.id)
    assert [line.amount for line in lines] == [amount, amount]
    assert (bill.subtotal, bill.tax, bill.discount, bill.shipping) == (2 * amount, tax, discount, shipping)
    assert bill.total == order.total == found["total"] == 2 * amount + tax - discount + shipping
    assert (order.number, order.billing_status, order.summary) == (found["number"], "paid", "A pot, A lid")


async def test_a_long_invoice_is_read_to_its_end(shop, stripe_api):
    person = stripe_api.add_customer()
    stripe_api.add_invoice(person, *((f"Pot {number}", 100, 1) for number in range(130)))
    await deliver(shop, *stripe_api.take())
    (bill,) = await Invoice.of(shop.id, (await the_order(shop)).id)
    assert len(await InvoiceLine.of(shop.id, bill.id)) == 130


async def test_a_purchase_through_a_checkout_page_is_an_order(shop, stripe_api):
    person = stripe_api.add_customer("cy@example.com")
    product = stripe_api.add_product("Glaze kit")
    price = stripe_api.add_price(product, 2450, interval=None)
    session = stripe_api.add_payment(person, 4900, lines=[(price, 2)])
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert (order.clickfunnels_id, order.order_type, order.total, order.billing_status) == (
        session["payment_intent"], "one-time-order", 4900, "paid",
    )  # fmt: skip
    (line,) = await OrderLine.of(shop.id, order.id)
    assert (line.product_name, line.quantity, line.amount, line.product_clickfunnels_id) == (
        "Glaze kit", 2, 2450, product["id"],
    )  # fmt: skip
    assert [row["kind"] for row in await Mail.select(Mail.kind).where(Mail.vendor == shop.id)] == ["welcome"]


async def test_a_guest_is_known_by_the_address_they_typed(shop, stripe_api):
    person = stripe_api.add_customer()
    session = stripe_api.add_payment(person)
    session |= {"customer": None, "customer_details": {"email": "guest@example.com", "name": "Gil Guest"}}
    await deliver(shop, *stripe_api.take())
    customer = await Customer.by_email(shop.id, "guest@example.com")
    assert (customer.first_name, (await the_order(shop)).customer) == ("Gil", customer.id)


async def test_a_purchase_with_an_invoice_of_its_own_is_one_order(shop, stripe_api):
    person = stripe_api.add_customer()
    session = stripe_api.add_payment(person, 4900, invoice_creation={"enabled": True})
    (told,) = (sent for sent in stripe_api.take() if sent["type"] == "checkout.session.completed")
    await deliver(shop, told)
    assert await verdict(shop, told) == ("ignored", "its invoice will tell of it")
    bill = stripe_api.add_invoice(person, ("A pot", 4900, 1))
    stripe_api.settle(bill)
    stripe_api.keep(invoice_payment("inpay_1", 1, bill, stripe_api.get(session["payment_intent"], "payment_intent")))
    session["invoice"] = bill["id"]
    await deliver(shop, *stripe_api.take(), stripe_api.event("checkout.session.completed", session))
    assert (await the_order(shop)).clickfunnels_id == bill["id"]
    assert len(await Payment.of(shop.id, (await the_order(shop)).id)) == 1


async def test_a_bare_payment_is_somebody_elses_business(shop, stripe_api):
    person = stripe_api.add_customer()
    stripe_api.charge(person["id"], 900, "usd", stripe_api.add_card(person["id"]))
    told = stripe_api.take()
    await deliver(shop, *told)
    assert not await Order.exists().where(Order.vendor == shop.id)
    assert {(await verdict(shop, sent))[0] for sent in told} == {"ignored"}


async def test_refunds_become_credit_memos_once(shop, stripe_api):
    stripe_api.add_payment(stripe_api.add_customer(), 4900)
    (charge,) = charged(stripe_api)
    stripe_api.refund(charge["id"], 1000, "requested_by_customer")
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert order.billing_status == "partially-refunded"
    stripe_api.refund(charge["id"])
    told = stripe_api.take()
    await deliver(shop, *told, *reversed(told))
    memos = await CreditMemo.of_order(shop.id, order.id)
    assert [(memo.amount, memo.reason) for memo in memos] == [(1000, "Requested by the customer"), (3900, None)]
    assert (await the_order(shop)).billing_status == "refunded"


async def test_a_refund_that_fails_at_the_bank_is_none(shop, stripe_api):
    stripe_api.add_payment(stripe_api.add_customer(), 4900)
    (charge,) = charged(stripe_api)
    back = stripe_api.refund(charge["id"])
    await deliver(shop, *stripe_api.take())
    back["status"] = "failed"
    await deliver(shop, stripe_api.event("refund.failed", back))
    order = await the_order(shop)
    assert (order.billing_status, await CreditMemo.of_order(shop.id, order.id)) == ("paid", [])


async def test_a_renewal_that_is_refunded_leaves_the_subscription_as_it_is(shop, stripe_api):
    person = stripe_api.add_customer()
    stripe_api.add_card(person["id"], default=True)
    stripe_api.add_subscription(person, stripe_api.add_price(stripe_api.add_product()))
    stripe_api.refund(charged(stripe_api)[0]["id"], 900)
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    assert (order.service_status, order.billing_status) == ("active", "paid")
    assert [memo.amount for memo in await CreditMemo.of_order(shop.id, order.id)] == [900]


async def test_credit_notes_count_as_far_as_no_refund_tells_of_them(shop, stripe_api):
    person = stripe_api.add_customer()
    stripe_api.add_card(person["id"], default=True)
    bill = stripe_api.add_invoice(person, ("A pot", 5000, 1))
    stripe_api.pay(bill)
    back = stripe_api.refund(charged(stripe_api)[0]["id"], 1000)
    stripe_api.credit(bill, 1500, refunds=[{"amount_refunded": 1000, "refund": back["id"], "type": "refund"}],
                      reason="product_unsatisfactory")  # fmt: skip
    await deliver(shop, *stripe_api.take())
    order = await the_order(shop)
    memos = await CreditMemo.of_order(shop.id, order.id)
    assert sorted((memo.amount, memo.reason) for memo in memos) == [
        (500, "Not satisfied with the product"),
        (1000, None),
    ]
    note = stripe_api.all("credit_note")[0]
    note["status"] = "void"
    await deliver(shop, stripe_api.event("credit_note.voided", note))
    assert [memo.amount for memo in await CreditMemo.of_order(shop.id, order.id)] == [1000]


async def test_a_draft_bills_nobody_and_a_voided_one_is_owed_by_nobody(shop, stripe_api):
    person = stripe_api.add_customer()
    bill = stripe_api.add_invoice(person, ("A pot", 5000, 1))
    bill["status"] = "draft"
    await deliver(shop, stripe_api.event("invoice.created", bill))
    assert not await Order.exists().where(Order.vendor == shop.id)
    bill |= {"status": "void", "amount_remaining": 0}
    await deliver(shop, stripe_api.event("invoice.voided", bill))
    order = await the_order(shop)
    (mirrored,) = await Invoice.of(shop.id, order.id)
    assert (order.billing_status, mirrored.status, mirrored.due, mirrored.pay_url) == ("voided", "voided", 0, None)
