"""The card of one subscription, a payment that is overdue, and beginning again."""

import pytest

from tables import Invoice, Order, PaymentMethod
from tests.client import words


@pytest.fixture
async def cards(sub):
    """One card in use, one beside it, one removed, one at another processor; their ids by the last four digits."""
    own = sub.own
    made = {"4242": own.card}
    await PaymentMethod.update({PaymentMethod.brand: "visa", PaymentMethod.last4: "4242"}).where(
        PaymentMethod.vendor == own.vendor.id, PaymentMethod.customer == own.id
    )
    for last4, processor in (("4444", "stripe"), ("1881", "payments_ai"), ("0002", "stripe")):
        row = PaymentMethod(vendor=own.vendor.id, customer=own.id, processor=processor, reference=f"pm_{last4}",
                            brand="visa", last4=last4, kind="card", exp_month=4, exp_year=2030)  # fmt: skip
        await row.save()
        made[last4] = row.public_id
    gone = PaymentMethod.update({PaymentMethod.removed_at: own.customer.created_at})
    await gone.where(PaymentMethod.vendor == own.vendor.id, PaymentMethod.reference == "pm_0002")
    await sub.becomes(payment_processor="stripe")
    return made


async def test_another_card_of_the_same_processor_can_be_used(sub, cards):
    page = await sub.get("/payment-method")
    said = words(page)
    assert "Visa ending 4242 (in use)" in said
    assert "Visa ending 4444, expires 04/2030" in said
    assert "1881" not in said
    assert "0002" not in said
    assert f"/acme/account/payment-methods/new?subscription={sub.own.subscription}" in page.text
    after = await sub.follow(await sub.send("/payment-method", page=page, method=cards["4444"]))
    assert "Another payment method requested on" in words(after)
    wish = await sub.wish()
    assert (wish.kind, wish.wish["reference"]) == ("use_method", "pm_4444")
    [receipt] = await sub.mails("change_requested")
    assert "Payment method before: Visa ending 4242" in receipt
    assert "Payment method: Visa ending 4444" in receipt
    await sub.becomes(payment_method="pm_4444")
    assert (await sub.wish()).status == "confirmed"


async def test_the_card_in_use_is_no_change(sub, cards):
    after = await sub.follow(await sub.send("/payment-method", method=cards["4242"]))
    assert "That is how it is already." in words(after)
    assert await sub.wishes() == []


@pytest.mark.parametrize("which", ["1881", "0002", "nothing", "zoe"])
async def test_no_other_card_can_be_chosen(sub, cards, world, which):
    chosen = {"zoe": world.zoe.card}.get(which) or cards.get(which, which)
    page = await sub.send("/payment-method", method=chosen)
    assert page.status_code == 422
    assert "Choose one of these payment methods." in words(page)
    assert await sub.wishes() == []


async def test_an_ended_subscription_begins_again_with_the_card_and_the_amount_said(sub, cards):
    await sub.becomes(service_status="churned")
    page = await sub.get("/reactivation")
    assert "Pay $9.00 and reactivate" in words(page)
    after = await sub.follow(await sub.send("/reactivation", page=page, method=cards["4444"]))
    assert "New start of the subscription requested on" in words(after)
    wish = (await sub.wish()).wish
    assert (wish["reference"], wish["amount"], wish["currency"], wish["price"]) == ("pm_4444", 900, "USD", "700")
    [receipt] = await sub.mails("change_requested")
    assert "Amount: $9.00" in receipt
    await sub.becomes(service_status="active")
    assert "Your subscription is active again" in (await sub.mails("change_confirmed"))[0]


async def test_what_has_begun_anew_is_offered_no_second_time(sub, cards):
    await sub.becomes(service_status="churned")
    page = await sub.get("/reactivation")
    await sub.send("/reactivation", page=page, method=cards["4444"])
    made = await sub.wish()
    other = Order(vendor=made.vendor, customer=made.customer, clickfunnels_id="sub_new", number="ANEW", currency="USD",
                  order_type="subscription-order", service_status="active")  # fmt: skip
    await other.save()
    await made.close("confirmed")
    await made.note(order="ANEW")
    assert "reactivation" not in (await sub.get("")).text
    after = await sub.send("/reactivation", page=page, method=cards["4444"])
    assert after.headers["location"].endswith(sub.home)
    assert len(await sub.wishes()) == 1


async def test_without_any_card_the_vendor_is_asked(sub):
    await sub.becomes(service_status="churned", payment_processor="paypal")
    page = await sub.get("/reactivation")
    assert "There is no payment method on file" in words(page)
    await sub.send("/reactivation", page=page)
    assert (await sub.wish()).wish["reference"] is None


async def test_what_is_overdue_can_be_paid_now_or_with_another_card(sub, cards, world):
    await Invoice.update({Invoice.status: "past-due", Invoice.paid_at: None, Invoice.due: 700}).where(
        Invoice.vendor == world.acme.id, Invoice.number == "INV-A2"
    )
    await sub.becomes(billing_status="past-due")
    page = await sub.get("/payment")
    said = words(page)
    assert "$7.00 for Hive letter of A could not be charged." in said
    assert "Invoice: INV-A2" in said
    assert "Payment method: Visa ending 4242" in said
    assert f'href="{sub.home}/payment-method"' in page.text
    after = await sub.follow(await sub.send("/payment", page=page))
    assert "Payment requested on" in words(after)
    wish = await sub.wish()
    assert (wish.kind, wish.wish["amount"], wish.invoice is not None) == ("pay", 700, True)
    await Invoice.update({Invoice.status: "paid"}).where(Invoice.vendor == world.acme.id, Invoice.number == "INV-A2")
    await sub.becomes(billing_status="paid")
    assert "Your payment has arrived" in (await sub.mails("change_confirmed"))[0]


async def test_an_invoice_with_a_page_of_its_own_is_paid_there(sub, world):
    await Invoice.update(
        {Invoice.status: "open", Invoice.paid_at: None, Invoice.pay_url: "https://pay.example/in_1"}
    ).where(Invoice.vendor == world.acme.id, Invoice.number == "INV-A2")
    await sub.becomes(billing_status="past_due")
    page = await sub.get("/payment")
    assert 'href="https://pay.example/in_1"' in page.text
    assert "Opens the page of the payment system." in words(page)
