"""Whose card expires while it pays a subscription is told once, with the way to give another one."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from jobs.remind_cards import remind, remind_cards
from jobs.stopping import Stopping
from tables import Customer, Mail, MailedLink, PaymentMethod, Vendor, expiring
from tables.mail import opened
from tests.jobs.test_remind_renewals import subscribe
from tests.plans import tables_read_through

DAY = datetime(2026, 11, 5, 8, tzinfo=UTC)


@pytest.fixture
def clock(clock):
    clock.time = DAY
    return clock


async def card(customer, month=11, year=2026, reference="pm_1", **values):
    method = PaymentMethod(
        vendor=customer.vendor, customer=customer.id, processor="stripe", reference=reference, kind="card", brand="visa",
        last4="4242", exp_month=month, exp_year=year, **values,
    )  # fmt: skip
    await method.save()
    return method


async def running(customer, **values):
    return await subscribe(customer, renewal_at=DAY + timedelta(days=9), payment_method="pm_1", **values)


async def reminded(clock, **later):
    clock.forward(hours=1, **later)
    assert await remind_cards(Stopping()) == 0
    return await Mail.select().order_by(Mail.id)


async def test_it_is_told_once_for_each_date_of_expiry(acme, alice, clock):
    await card(alice)
    await running(alice)
    await running(alice, summary="Ask the beekeeper", service_status="trialing", trial_end_at=DAY + timedelta(days=3))
    await running(alice, summary="Long over", service_status="churned")
    (mail,) = await reminded(clock)
    assert (mail["subject"], mail["sealed"]) == ("Visa ending 4242 expires soon", False)
    for part in ("body_text", "body_html"):
        for said in ("11/2026", "Hive letter", "November 14, 2026", "Ask the beekeeper", "November 8, 2026",
                     "/acme/account/payment-methods"):  # fmt: skip
            assert said in mail[part], (part, said)
        assert "Long over" not in mail[part]
    assert len(await reminded(clock, days=1)) == 1
    await PaymentMethod.update({PaymentMethod.exp_month: 12}, force=True)
    assert len(await reminded(clock, days=30)) == 2


async def test_where_stripe_keeps_it_a_link_alone_takes_another_card(acme, alice, clock, monkeypatch):
    monkeypatch.setattr(Vendor, "stripe_api_key", property(lambda vendor: "rk_test_1"))
    await card(alice)
    order = await running(alice, clickfunnels_id="sub_1")
    (mail,) = await reminded(clock)
    assert mail["sealed"]
    (token,) = set(re.findall(r"/acme/pay/([\w-]{43})", opened(mail, "body_text")))
    link = await MailedLink.by_token(acme.id, "pay", token)
    assert (link.details, link.customer) == ({"order": order.id}, alice.id)


@pytest.mark.parametrize(
    ("now", "months"),
    [(datetime(2026, 11, 1, tzinfo=UTC), ["2026-11"]), (datetime(2026, 12, 1, 12, tzinfo=UTC), []),
     (datetime(2026, 12, 2, tzinfo=UTC), ["2026-12"]), (datetime(2026, 1, 31, tzinfo=UTC), ["2026-01", "2026-02"]),
     (datetime(2026, 11, 30, 23, tzinfo=UTC), ["2026-11"]), (datetime(2026, 2, 27, tzinfo=UTC), ["2026-02"])],
)  # fmt: skip
def test_a_card_is_good_to_the_end_of_its_month(now, months):
    assert expiring.months(now) == months


async def test_whose_card_goes_on_or_pays_nothing_hears_nothing(acme, alice, bob, zoe, clock):
    await card(alice, 12)
    await card(alice, 11, reference="pm_2")
    await card(alice, 11, reference="pm_3", removed_at=DAY)
    await running(alice)
    await card(bob)
    await running(bob)
    await Customer.update({Customer.disabled_at: DAY}, force=True).where(Customer.id == bob.id)
    await card(zoe)
    await running(zoe)
    await Vendor.change(zoe.vendor, {"mail_reminders": False})
    assert await reminded(clock) == []


async def test_two_workers_never_send_twice(acme, alice, clock):
    method = await card(alice)
    await running(alice)
    assert [row["id"] for row in await expiring.due("2026-11", 9)] == [method.id]
    assert [await remind(acme.id, method.id, "2026-11"), await remind(acme.id, method.id, "2026-11")] == [True, False]
    assert await expiring.due("2026-11", 9) == []


async def test_nobodys_cards_are_read_through(acme, alice, clock, monkeypatch):
    await card(alice)
    await running(alice)
    read = await tables_read_through(monkeypatch, lambda: expiring.due("2026-11", 9), "orders", "payment_methods")
    assert read == set()
