"""The list of subscriptions, one with everything about it, and taking a request back."""

import json
from datetime import timedelta

import pytest

import database
from tables import BillingCommand, Invoice, PaymentMethod, Price
from tests.client import words
from web.limits import WISHES_PER_CUSTOMER

ALL = {"Change plan", "Change AutoPay method", "Pause subscription", "Resume subscription", "Cancel subscription",
       "Reactivate subscription"}  # fmt: skip


async def offered(sub) -> set[str]:
    page = await sub.get()
    return {label for label in ALL if f">{label}</a>" in page.text}


async def test_the_page_says_what_is_charged_when_and_to_which_card(sub, world):
    await PaymentMethod.update({PaymentMethod.brand: "visa", PaymentMethod.last4: "4242"}).where(
        PaymentMethod.vendor == world.acme.id
    )
    await sub.becomes(next_charge_at=database.now() + timedelta(days=20))
    said = words(await sub.get())
    assert "$9.00 every month" in said
    assert "Next payment $9.00 on " in said
    assert "AutoPay method Visa ending 4242" in said
    assert "INV-A2" in said


@pytest.mark.parametrize(
    ("state", "labels"),
    [("active", ALL - {"Resume subscription", "Reactivate subscription"}),
     ("paused", {"Change AutoPay method", "Resume subscription", "Cancel subscription"}),
     ("suspended", {"Change AutoPay method", "Cancel subscription"}), ("canceled", set()), ("pending", set()),
     ("churned", {"Reactivate subscription"}), ("abandoned", set()), ("completed", set())],
)  # fmt: skip
async def test_only_what_makes_sense_now_is_offered(sub, state, labels):
    await sub.becomes(service_status=state, paid_until=database.now() + timedelta(days=3))
    assert await offered(sub) == labels
    assert ("Keep my subscription" in (await sub.get()).text) == (state == "canceled")


async def test_a_canceled_one_whose_time_is_over_can_be_reactivated(sub):
    await sub.becomes(service_status="canceled", paid_until=database.now() - timedelta(days=1))
    assert await offered(sub) == {"Reactivate subscription"}
    assert "This subscription has ended." in words(await sub.get())


@pytest.mark.parametrize(("flag", "label", "state"), [("self_cancel", "Cancel subscription", "active"),
                                                      ("self_reactivate", "Reactivate subscription", "churned")])  # fmt: skip
async def test_a_price_may_forbid_what_the_vendor_allows(sub, world, flag, label, state):
    await sub.becomes(service_status=state)
    assert label in await offered(sub)
    await Price.update({getattr(Price, flag): False}).where(
        Price.vendor == world.acme.id, Price.clickfunnels_id == "700"
    )
    assert label not in await offered(sub)
    part = {"active": "/cancellation", "churned": "/reactivation"}[state]
    assert (await sub.get(part)).status_code == 404


async def test_a_price_cannot_allow_what_the_vendor_has_switched_off(sub, world):
    await Price.update({Price.self_cancel: True}).where(Price.vendor == world.acme.id)
    await sub.vendor_is(subscription_cancel=False)
    assert "Cancel subscription" not in await offered(sub)
    assert (await sub.get("/cancellation")).status_code == 404


async def test_an_open_request_stands_in_the_list_and_on_the_page_and_nothing_else_is_offered(sub):
    await sub.send("/pause", length="2")
    listed = words(await sub.one.get("/acme/account/subscriptions"))
    assert "Pause requested" in listed
    said = words(await sub.get())
    assert "Pause requested on" in said
    assert "It is not done yet; we will confirm by mail." in said
    assert await offered(sub) == set()
    away = await sub.get("/cancellation")
    assert "Pause requested on" in words(away)
    assert "Why do you want to cancel?" not in words(away)
    refused = await sub.one.post(f"{sub.home}/cancellation", {"_csrf": await sub.one.token("/acme/account")})
    assert "Another request about this subscription is not settled yet" in words(await sub.follow(refused))
    assert (await sub.wish()).kind == "pause"


@pytest.mark.parametrize(
    ("values", "says"),
    [({"service_status": "paused", "resumes_at": database.now() + timedelta(days=9)}, "Paused until"),
     ({"service_status": "churned", "churned_at": database.now() - timedelta(days=9)}, "Ended on"),
     ({"service_status": "canceled", "paid_until": database.now() - timedelta(days=1)}, "Ended on"),
     ({"billing_status": "past_due"}, "A payment is overdue"), ({}, "Renews on")],
)  # fmt: skip
async def test_the_list_says_what_is_next(sub, values, says):
    if values:
        await sub.becomes(**values)
    assert says in words(await sub.one.get("/acme/account/subscriptions")).partition("every month")[2]


async def test_a_request_is_shown_until_it_is_of_no_interest_any_more(sub, clock):
    await sub.send("/pause", length="1")
    await sub.becomes(service_status="paused", resumes_at=database.now() + timedelta(days=30))
    said = words(await sub.get())
    assert "Pause confirmed on" in said
    assert "Paused until" in said
    wish = await sub.wish()
    assert wish.status == "confirmed"
    await BillingCommand.update({BillingCommand.status: "refused", BillingCommand.error: "Not in season"}).where(
        BillingCommand.vendor == wish.vendor, BillingCommand.id == wish.id
    )
    assert "refused on" in words(await sub.get())
    assert "Not in season" in words(await sub.get())
    long_ago = database.now() - timedelta(days=31)
    await BillingCommand.update({BillingCommand.settled_at: long_ago}).where(
        BillingCommand.vendor == wish.vendor, BillingCommand.id == wish.id
    )
    assert "Not in season" not in words(await sub.get())


async def test_a_coming_change_of_plan_is_shown_and_can_be_undone(sub):
    at = database.now() + timedelta(days=20)
    pending = {"price": "702", "name": "Postcard", "amount": 400, "currency": "USD", "interval": "months",
               "interval_count": 1, "at": at.isoformat()}  # fmt: skip
    await sub.becomes(pending_change=json.dumps(pending), next_charge_at=at)
    page = await sub.get()
    assert "Changes to Postcard, $4.00 every month, on" in words(page)
    assert "Next payment $4.00 on" in words(page)
    after = await sub.follow(await sub.one.submit(page, f"{sub.home}/plan"))
    assert "Keeping today's plan requested on" in words(after)
    await sub.becomes(pending_change=None)
    assert (await sub.wish()).status == "confirmed"
    [told] = await sub.mails("change_confirmed")
    assert "Your plan stays as it is" in told
    assert "Letter of A, $9.00 every month" in told


async def test_a_request_to_the_vendor_can_be_taken_back_and_they_are_told(sub):
    await sub.send("/pause", length="1")
    wish = await sub.wish()
    action = f"{sub.home}/requests/{wish.public_id}/withdrawal"
    page = await sub.get()
    after = await sub.follow(await sub.one.submit(page, action))
    assert "You took your request back. Nothing was changed." in words(after)
    assert "Pause requested" not in words(after)
    assert (await sub.wish()).status == "withdrawn"
    assert "Pause subscription" in await offered(sub)
    [mine] = await sub.mails("change_withdrawn")
    assert "Taken back: Pause" in mine
    assert "Your subscription goes on and renews as before." in mine
    [theirs] = await sub.mails("console/request_withdrawn")
    assert "does not want it any more" in theirs
    again = await sub.follow(await sub.one.submit(page, action))
    assert "cannot be taken back any more" in words(again)
    assert len(await sub.mails("change_withdrawn")) == 1


async def test_what_has_gone_out_cannot_be_taken_back(sub, held):
    await sub.send("/pause", length="1")
    page = await sub.get()
    [taken] = await BillingCommand.lease(5)
    answer = await sub.one.submit(page, f"{sub.home}/requests/{taken.public_id}/withdrawal")
    assert "is on its way already" in words(await sub.follow(answer))
    assert (await sub.wish()).status == "sent"
    assert "Take this request back" not in (await sub.get()).text


async def test_what_has_not_gone_out_is_taken_back_without_a_word_to_the_vendor(sub, held):
    await sub.send("/pause", length="1")
    wish = await sub.wish()
    await sub.one.submit(await sub.get(), f"{sub.home}/requests/{wish.public_id}/withdrawal")
    assert await BillingCommand.lease(5) == []
    assert await sub.mails("console/request_withdrawn") == []
    assert len(await sub.mails("change_withdrawn")) == 1


async def test_somebody_who_asks_and_asks_has_to_wait(sub, monkeypatch):
    monkeypatch.setattr("web.subscribed.WISHES_PER_CUSTOMER", WISHES_PER_CUSTOMER._replace(count=1))
    page = await sub.get("/pause")
    await sub.send("/pause", page=page, length="1")
    wish = await sub.wish()
    await sub.one.submit(await sub.get(), f"{sub.home}/requests/{wish.public_id}/withdrawal")
    assert (await sub.send("/pause", page=page, length="1")).status_code == 429
    assert len(await sub.wishes()) == 1


async def test_another_customers_request_is_unknown_on_ones_own_subscription(sub, world):
    page = await sub.get(f"/requests/{world.zoe.wish}/withdrawal")
    assert page.status_code == 404


@pytest.mark.parametrize("url", [None, "https://pay.example/in_1"])
async def test_an_open_invoice_can_be_paid(sub, world, url):
    await Invoice.update(
        {Invoice.status: "past-due", Invoice.paid_at: None, Invoice.due: 900, Invoice.pay_url: url}
    ).where(Invoice.vendor == world.acme.id, Invoice.number == "INV-A2")
    await sub.becomes(billing_status="past-due")
    page = await sub.get()
    assert f'href="{url or sub.home + "/payment"}"' in page.text
    assert "Pay now" in words(page)
