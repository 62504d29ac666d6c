"""What customers are mailed about money that moved, whatever order the news of it comes in."""

import json
import re
from datetime import timedelta
from itertools import permutations

import pytest

import database
from integrations.clickfunnels.effects import effect_of
from integrations.clickfunnels.envelope import Event, History
from jobs.stopping import Stopping
from jobs.tell_of_money import tell_of_money
from tables import Customer, Mail, MailedLink, Order, Vendor, money_news, refund
from tables.mail import opened
from tables.manual_order import Line, Written, place
from tables.session import token_hash
from tests.integrations.clickfunnels.payloads import (
    START,
    at,
    contact,
    deliver,
    event,
    invoice,
    order,
    subscription,
    transaction,
)
from tests.integrations.clickfunnels.payloads import refund as refunded


@pytest.fixture
def clock(clock):
    """The morning of the payloads."""
    clock.time = START + timedelta(minutes=30)
    return clock


async def told(clock, **wait):
    """What was mailed besides the welcome, after a while."""
    clock.forward(**(wait or {"minutes": 2}))
    while await tell_of_money(Stopping()):
        pass
    rows = await Mail.select().order_by(Mail.id)
    return [row for row in rows if row["kind"] != "welcome"]


def paid(minutes=5, **changes):
    return event("orders/invoice.paid", invoice(minutes, paid_at=at(4), **changes), minutes)


def bought(minutes=3, **changes):
    return event("one-time-order.completed", order(minutes, **changes), minutes)


async def test_one_payment_is_one_receipt_in_whatever_order_it_is_told(clock):
    story = [
        bought(),
        paid(),
        event("orders/transaction.created", transaction(4), 4),
        event("order.updated", order(6), 6),
    ]
    for number, arrival in enumerate([*permutations(story)][::2]):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival, *arrival)
    rows = await told(clock, minutes=20)
    assert [row["kind"] for row in rows] == ["receipt"] * 12
    assert len({row["vendor_id"] for row in rows}) == 12
    assert all("/account/orders/1001/invoices/99" in row["body_text"] for row in rows)
    assert [row for row in await told(clock, days=1) if row not in rows] == []


async def test_a_receipt_says_what_was_paid_and_where_its_invoice_is(acme, clock):
    await deliver(acme, bought(), paid())
    assert await told(clock, minutes=1) == []
    (mail,) = await told(clock)
    assert (mail["recipient"], mail["subject"]) == ("ann@example.com", "Your receipt for order 1001")
    for part in ("body_text", "body_html"):
        for said in ("Ann", "$129.00", "Keeping Bees", "$9.99", "January 1, 2026", "99",
                     "/acme/account/orders/1001/invoices/99", "/acme/account/orders/1001"):  # fmt: skip
            assert said in mail[part], (part, said)
    assert re.search(r"^Total {40,}\$129\.00$", mail["body_text"], re.MULTILINE)


async def test_an_order_without_an_invoice_waits_for_one_and_is_told_then(acme, clock):
    await deliver(acme, bought())
    assert await told(clock, minutes=9) == []
    (mail,) = await told(clock)
    assert "/acme/account/orders/1001/invoices/order" in mail["body_text"]
    # Its invoice comes late, and is of the payment that was told.
    await deliver(acme, paid())
    assert len(await told(clock)) == 1
    await deliver(acme, paid(60, id=201, invoice_type="renewal", invoice_number="100") | {"created_at": at(60)})
    await deliver(acme, event("orders/invoice.paid", invoice(61, id=202, paid_at=at(60), invoice_type="renewal"), 61))
    assert len(await told(clock)) == 2


async def test_a_subscription_says_when_it_is_charged_next(acme, clock):
    await deliver(acme, event("subscription.activated", subscription(3), 3), paid(invoice_type="initial"))
    (mail,) = await told(clock)
    assert "Next charge: January 31, 2026" in mail["body_text"]
    assert re.search(r"/acme/account/subscriptions/[\w-]{22}$", mail["body_text"], re.MULTILINE)


@pytest.mark.parametrize("late", [{"days": 2}, {"days": 30}])
async def test_what_was_paid_long_ago_is_no_news(acme, clock, late):
    clock.forward(**late)
    await deliver(acme, bought(), paid(), event("orders/transaction.created", refunded(6), 6))
    assert await told(clock, minutes=20) == []


async def test_an_import_mails_nobody(acme, clock):
    for one in (bought(), paid(), event("orders/transaction.updated", refunded(6), 6),
                event("orders/invoice.updated", invoice(6, id=203, status="past-due"), 6)):  # fmt: skip
        taken = Event(
            acme.id, "-", one["event_type"], one["data"], clock.now(), clock.now(), History(clock.now(), False)
        )

        async def work(taken=taken):
            await Vendor.hold(acme.id)
            await effect_of(taken.type)(taken)

        await database.transaction(work)
    assert await told(clock, minutes=20) == []
    # Its webhook is news all the same, as far as it is fresh.
    await deliver(acme, paid(7))
    assert [row["kind"] for row in await told(clock)] == ["receipt"]


async def test_a_vendor_whose_receipts_come_from_elsewhere_sends_none(acme, clock):
    await Vendor.change(acme.id, {"mail_receipts": False, "mail_reminders": False})
    story = [bought(), paid(), event("orders/transaction.created", refunded(6), 6),
             event("orders/invoice.past_due", invoice(6, id=203, status="past-due"), 6)]  # fmt: skip
    await deliver(acme, *story)
    assert await told(clock, minutes=20) == []
    assert (await Order.objects().first()).to_tell is None


async def test_nothing_is_no_payment(acme, clock):
    await deliver(acme, bought(total_amount="0.00"), paid(total_amount="0.00"))
    assert await told(clock, minutes=20) == []


async def test_what_a_trial_will_cost_is_not_paid(acme, clock):
    await deliver(
        acme, event("subscription.trial_started", subscription(3, service_status="trialing", in_trial=True), 3)
    )
    assert await told(clock, minutes=20) == []


@pytest.mark.parametrize("column", [Customer.closed_at, Customer.disabled_at])
async def test_an_account_that_is_closed_is_told_nothing(acme, clock, column):
    await deliver(acme, bought(), paid(), event("orders/transaction.created", refunded(6), 6))
    await Customer.update({column: clock.now()}, force=True)
    assert await told(clock, minutes=20) == []


async def test_an_order_written_down_by_hand_is_told_at_once(alice, clock):
    lines = [Line("Hive tool", 2, 1250), Line("Veil", 1, 0)]
    await database.transaction(lambda: place(alice.vendor, Written(alice.id, "", "EUR", clock.now(), True, lines)))
    await database.transaction(lambda: place(alice.vendor, Written(alice.id, "", "EUR", clock.now(), False, lines)))
    await database.transaction(
        lambda: place(alice.vendor, Written(alice.id, "", "EUR", clock.now() - timedelta(days=3), True, lines))
    )
    (mail,) = await told(clock, seconds=0)
    assert re.search(r"^Hive tool × 2 {30,}€25\.00$", mail["body_text"], re.MULTILINE)
    assert "order M1001" in mail["subject"]


def overdue(minutes, **changes):
    return event(
        "orders/invoice.past_due",
        invoice(minutes, status="past-due", due_amount="129.00", invoice_type="renewal", **changes), minutes,
    )  # fmt: skip


def declined(minutes, **changes):
    unpaid = {"status": "unpaid", "due_amount": "129.00", "invoice_type": "renewal"} | changes
    return event("renewal-invoice-payment-declined", invoice(minutes, **unpaid), minutes)


def overdue_order(minutes):
    return event("subscription.updated", subscription(minutes, billing_status="past-due"), minutes)


async def test_a_failed_payment_is_told_once_however_many_events_tell_of_it(clock):
    story = [event("subscription.activated", subscription(3, id=123), 3), overdue(10), declined(9), overdue_order(11)]
    for number, arrival in enumerate([*permutations(story)][::2]):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival, *arrival)
    rows = await told(clock, minutes=20)
    assert [row["kind"] for row in rows if row["kind"] != "receipt"] == ["payment_failed"] * 12
    assert len({row["vendor_id"] for row in rows if row["kind"] == "payment_failed"}) == 12


async def test_the_mail_about_it_holds_a_link_that_only_pays(acme, clock):
    await deliver(acme, event("subscription.activated", subscription(3, billing_status="unpaid"), 3), overdue(10))
    (mail,) = await told(clock)
    assert mail["sealed"]
    text = opened(mail, "body_text")
    (token,) = set(re.findall(r"/acme/pay/([\w-]{43})", text))
    assert token in opened(mail, "body_html")
    assert token not in json.dumps({name: str(value) for name, value in mail.items()})
    link = await MailedLink.by_token(acme.id, "pay", token)
    row = await Order.objects().first()
    assert (link.token_hash, link.state) == (token_hash(token), "live")
    assert link.expires_at - clock.now() == timedelta(days=14)
    assert link.details == {"order": row.id, "invoice": (await money_news.Invoice.objects().first()).id}
    assert link.customer == row.customer
    for said in ("$129.00", "order 1001", "You keep your access for now.", "January 15, 2026"):
        assert said in text, said


async def test_who_has_no_access_any_more_reads_so(acme, clock):
    suspended = subscription(3, billing_status="past-due", service_status="suspended", activated_at=at(0))
    await deliver(acme, event("subscription.updated", suspended, 3))
    (mail,) = await told(clock)
    assert "Your access is closed until this is paid." in opened(mail, "body_text")


async def test_a_payment_that_goes_on_failing_is_told_again_after_three_days(acme, clock):
    await deliver(acme, event("subscription.activated", subscription(3), 3), declined(10))
    assert [row["kind"] for row in await told(clock, minutes=20)] == ["payment_failed"]
    clock.forward(days=2)
    await deliver(acme, declined(2900))
    assert len(await told(clock)) == 1
    clock.forward(days=1)
    await deliver(acme, declined(4350))
    assert len(await told(clock)) == 2
    # A later look at what is known already is no news of a failure.
    clock.forward(days=4)
    await deliver(acme, overdue_order(10_000), overdue(10_001))
    assert len(await told(clock)) == 3
    await deliver(acme, overdue_order(10_002), overdue(10_003))
    clock.forward(days=4)
    await deliver(acme, overdue_order(16_000), overdue(16_001))
    assert len(await told(clock)) == 3


async def test_what_was_paid_in_the_meantime_has_not_failed(acme, clock):
    await deliver(acme, event("subscription.activated", subscription(3, billing_status="unpaid"), 3), overdue(10))
    await deliver(acme, paid(11, invoice_type="renewal") | {"event_type": "orders/invoice.paid"})
    assert [row["kind"] for row in await told(clock)] == ["receipt"]


@pytest.mark.parametrize("service", ["pending", "abandoned"])
async def test_a_purchase_that_never_came_about_has_not_failed(acme, clock, service):
    await deliver(acme, event("order.updated", subscription(3, billing_status="failed", service_status=service), 3))
    assert await told(clock, minutes=20) == []


async def test_a_refund_is_told_once_with_its_memo(clock):
    story = [bought(), event("orders/transaction.created", refunded(6, amount="129.00"), 6),
             event("one_time_order.refunded", order(7, billing_status="refunded"), 7),
             event("orders/invoice.refunded", invoice(7, status="refunded", paid_at=at(4)), 7)]  # fmt: skip
    for number, arrival in enumerate([*permutations(story)][::2]):
        vendor = await Vendor.add(f"vendor-{number}", "Any")
        await deliver(vendor, *arrival, *arrival)
    rows = [row for row in await told(clock, minutes=20) if row["kind"] == "credit_memo"]
    assert len(rows) == len({row["vendor_id"] for row in rows}) == 12
    for said in (
        "$129.00",
        "asked for it",
        "5 to 10 business days",
        "/credit-memos/1001-C1",
        "/credit-memos/1001-C1/pdf",
    ):
        assert said in rows[0]["body_text"], said


async def test_each_refund_is_told_also_of_one_amount(acme, clock):
    await deliver(acme, bought(), event("orders/transaction.created", refunded(6), 6))
    await deliver(acme, event("orders/transaction.created", refunded(7, id=302), 7))
    rows = [row["body_text"] for row in await told(clock) if row["kind"] == "credit_memo"]
    assert ["1001-C1" in rows[0], "1001-C2" in rows[1], len(rows)] == [True, True, 2]
    await deliver(acme, event("orders/transaction.created", refunded(8, id=303, amount="1.00"), 8))
    assert len([row for row in await told(clock) if row["kind"] == "credit_memo"]) == 3


async def test_a_refund_that_was_recorded_here_is_not_told_by_its_echo(acme, clock):
    await deliver(acme, bought(), event("orders/transaction.created", transaction(4), 4))
    row = await Order.objects().first()
    await database.transaction(lambda: refund.record(row, 2900, "Broken"))
    await deliver(acme, event("orders/transaction.created", refunded(40), 40))
    assert [mail for mail in await told(clock, minutes=20) if mail["kind"] == "credit_memo"] == []


async def test_an_old_refund_that_only_now_is_known_is_no_news(acme, clock):
    clock.forward(days=60)
    await deliver(acme, event("order.updated", order(86_430, billing_status="refunded"), 86_430))
    assert await told(clock, minutes=20) == []
    late = refunded(86_431) | {"created_at": at(9)}
    await deliver(acme, event("orders/transaction.updated", late | {"amount": "13.00"}, 86_431))
    assert await told(clock, minutes=20) == []


async def test_two_workers_never_tell_twice(acme, clock):
    await deliver(acme, bought(), paid())
    clock.forward(minutes=3)
    assert len(await money_news.lease(5)) == 1
    assert await money_news.lease(5) == []
    # A worker that died gives it back.
    assert [row["kind"] for row in await told(clock, minutes=10)] == ["receipt"]


async def test_a_customer_is_written_to_in_their_language(acme, clock):
    await deliver(acme, event("contact.created", contact(0), 0), bought())
    await Customer.update({Customer.language: "es"}, force=True)
    await deliver(acme, paid())
    (mail,) = await told(clock)
    assert mail["language"] == "es"
    assert "1 de enero de 2026" in mail["body_text"]
