"""Charges are announced once, in time, and only those that will happen."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from jobs.remind_renewals import remind, remind_renewals
from jobs.stopping import Stopping
from tables import (
    Customer,
    Invoice,
    Mail,
    Order,
    OrderLine,
    PaymentMethod,
    Price,
    Subscription,
    Vendor,
    money_news,
    reminding,
)
from tables.billing_command import CANCEL, BillingCommand
from tests.plans import tables_read_through

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def clock(clock):
    clock.time = NOON
    return clock


async def subscribe(customer, *, interval="months", count=1, days=2.5, amount=900, **values):
    """A subscription that is charged in some days."""
    charge = {} if values.keys() & {"renewal_at", "next_charge_at", "trial_end_at"} else {
        "renewal_at": NOON + timedelta(days=days)
    }  # fmt: skip
    order = Order(**{
        "vendor": customer.vendor, "customer": customer.id, "clickfunnels_id": f"o{await Order.count()}",
        "number": f"S{await Order.count()}", "order_type": "subscription-order", "service_status": "active",
        "billing_status": "paid", "placed_at": NOON - timedelta(days=90), "summary": "Hive letter", "total": amount,
        "currency": "USD", **charge, **values,
    })  # fmt: skip
    await order.save()
    await OrderLine(vendor=customer.vendor, order=order.id, clickfunnels_id="1", product_name="Hive letter", amount=amount,
                    interval=interval, interval_count=count, price_clickfunnels_id="price").save()  # fmt: skip
    await Subscription.keep(order)
    return order


async def reminded(clock, **later):
    clock.forward(minutes=15, **later)
    assert await remind_renewals(Stopping()) == 0
    return await Mail.select().order_by(Mail.id)


async def test_a_charge_is_announced_once_with_what_it_is_and_how_to_end_it(acme, alice, clock):
    await Vendor.change(acme.id, {"subscription_cancel": True})
    order = await subscribe(alice, payment_method="pm_1")
    await PaymentMethod(vendor=acme.id, customer=alice.id, processor="stripe", reference="pm_1", brand="visa", last4="4242",
                        kind="card").save()  # fmt: skip
    (mail,) = await reminded(clock)
    assert (mail["kind"], mail["recipient"]) == ("upcoming_renewal", "alice@example.com")
    assert mail["subject"] == "Hive letter renews on March 5, 2026"
    page = f"/acme/account/subscriptions/{await Subscription.public_id_of(acme.id, order.id)}"
    for part in ("body_text", "body_html"):
        for said in (
            "Alice",
            "$9.00",
            "March 5, 2026",
            "Visa ending 4242",
            page,
            f"{page}/cancellation",
            order.number,
        ):
            assert said in mail[part], (part, said)
    assert len(await reminded(clock, hours=1)) == 1
    # The next period is another charge.
    await Order.update({Order.renewal_at: NOON + timedelta(days=32)}, force=True)
    assert len(await reminded(clock, days=30)) == 2


@pytest.mark.parametrize(
    ("interval", "count", "days", "told"),
    [("years", 1, 6.9, 1), ("years", 1, 7.1, 0), ("months", 12, 6.9, 1), ("quarters", 4, 6.9, 1), ("months", 1, 2.9, 1),
     ("months", 1, 3.1, 0), ("months", 6, 3.1, 0), ("weeks", 5, 2.9, 1), ("weeks", 1, 2.9, 0), ("days", 1, 0.9, 0),
     ("month", 1, 2.9, 1), ("months", 1, -0.1, 0)],
)  # fmt: skip
async def test_how_long_before_depends_on_the_period(alice, clock, interval, count, days, told):
    clock.forward(minutes=-15)
    await subscribe(alice, interval=interval, count=count, days=days)
    assert len(await reminded(clock)) == told


@pytest.mark.parametrize("column", ["renewal_at", "next_charge_at"])
async def test_either_date_will_do_and_the_renewal_comes_first(alice, clock, column):
    await subscribe(alice, **{column: NOON + timedelta(days=2)})
    await subscribe(alice, renewal_at=NOON + timedelta(days=20), next_charge_at=NOON + timedelta(days=1))
    assert len(await reminded(clock)) == 1


@pytest.mark.parametrize(
    "service", ["canceled", "paused", "suspended", "churned", "pending", "completed", "trial-ended"]
)
async def test_what_will_not_be_charged_is_not_announced(alice, clock, service):
    await subscribe(
        alice, service_status=service, trial_end_at=NOON + timedelta(days=2), renewal_at=NOON + timedelta(days=2)
    )
    assert await reminded(clock) == []


async def test_the_end_of_a_trial_is_announced(alice, clock):
    trial = {"service_status": "trialing", "next_charge_at": NOON + timedelta(days=1), "total": 0}
    await subscribe(alice, interval="weeks", trial_end_at=NOON + timedelta(days=2.5), **trial)
    await subscribe(alice, trial_end_at=NOON + timedelta(days=3.1), **trial)
    await subscribe(alice, trial_end_at=NOON + timedelta(days=2), placed_at=NOON - timedelta(hours=23), **trial)
    (mail,) = await reminded(clock)
    assert mail["subject"] == "Your trial of Hive letter ends on March 5, 2026"
    assert "Amount: $9.00" in mail["body_text"]
    assert "/cancellation" not in mail["body_html"]


async def test_nobody_else_is_written_to(acme, globex, alice, bob, zoe, clock):
    for customer in (alice, bob, zoe):
        await subscribe(customer)
    await Vendor.change(globex.id, {"mail_reminders": False})
    await Customer.update({Customer.closed_at: NOON}, force=True).where(Customer.id == bob.id)
    assert [mail["recipient"] for mail in await reminded(clock)] == [alice.email]


async def test_the_amount_is_that_of_the_next_charge(acme, alice, clock):
    order = await subscribe(alice, tax=100, total=1000)
    lines = await OrderLine.of(acme.id, order.id)
    charge = await reminding.next_charge(order, lines)
    assert (charge.amount, charge.plus_tax, charge.new_plan) == (900, True, "")
    await Invoice(vendor=acme.id, order=order.id, clickfunnels_id="i1", invoice_type="renewal", status="paid", total=1080,
                  issued_at=NOON - timedelta(days=30)).save()  # fmt: skip
    charge = await reminding.next_charge(order, lines)
    assert (charge.amount, charge.plus_tax) == (1080, False)
    order.pending_change = json.dumps(
        {"name": "Yearly", "amount": 9000, "currency": "EUR", "at": order.renewal_at.isoformat()}
    )
    charge = await reminding.next_charge(order, lines)
    assert (charge.amount, charge.currency, charge.new_plan) == (9000, "EUR", "Yearly")
    order.pending_change = json.dumps(
        {"name": "Yearly", "amount": 9000, "currency": "EUR", "at": (order.renewal_at + timedelta(days=40)).isoformat()}
    )
    assert (await reminding.next_charge(order, lines)).new_plan == ""


async def test_a_price_that_forbids_it_is_not_canceled_from_the_mail(acme, alice, clock):
    await Vendor.change(acme.id, {"subscription_cancel": True})
    await Price(vendor=acme.id, clickfunnels_id="price", self_cancel=False).save()
    await subscribe(alice)
    (mail,) = await reminded(clock)
    assert "/cancellation" not in mail["body_html"]
    assert re.search(r"/account/subscriptions/[\w-]{22}$", mail["body_text"], re.MULTILINE)


async def test_two_workers_never_send_twice(acme, alice, clock):
    order = await subscribe(alice)
    rows = [await reminding.due(9), await reminding.due(9)]
    assert [[row["id"] for row in found] for found in rows] == [[order.id], [order.id]]
    assert sorted(await asyncio.gather(remind(acme.id, order.id), remind(acme.id, order.id))) == [False, True]
    assert await Mail.count() == 1
    assert await reminding.due(9) == []


async def test_a_subscription_that_was_canceled_meanwhile_is_passed_over(acme, alice, clock):
    order = await subscribe(alice)
    await Order.update({Order.service_status: "canceled"}, force=True)
    assert await remind(acme.id, order.id) is False
    assert await Mail.count() == 0


async def test_who_has_asked_to_cancel_is_not_told_to_go_on(acme, alice, clock):
    order = await subscribe(alice)
    await BillingCommand(vendor=acme.id, customer=alice.id, kind=CANCEL, holder="manual", order=order.id,
                         requested_at=NOON).save()  # fmt: skip
    assert await reminded(clock) == []


async def test_nobodys_orders_are_read_through(acme, alice, clock, monkeypatch):
    await subscribe(alice)
    assert await tables_read_through(monkeypatch, lambda: reminding.due(9), "orders", "order_lines") == set()
    assert await tables_read_through(monkeypatch, lambda: money_news.lease(9), "orders") == set()
