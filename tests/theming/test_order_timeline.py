from datetime import UTC, datetime, timedelta

import pytest

from tables import CreditMemo, Invoice, InvoiceLine, Order, Payment
from theming.center import center_of
from theming.order_timeline import OrderTimeline, Story
from theming.order_words import OrderWords

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def day(number):
    return START + timedelta(days=number)


@pytest.fixture
def tell(acme):
    """The timeline of an order of 100 dollars placed on day 0: `tell(payments=[…], parcels=[…])`."""

    def told(invoices=(), lines=(), payments=(), memos=(), parcels=(), **order):
        placed = Order(_ignore_missing=True, number="1001", placed_at=day(0), total=10000, currency="USD", **order)
        story = Story(placed, invoices, lines, payments, memos, parcels)
        return OrderTimeline(OrderWords(center_of(acme)), story).events()

    return told


def titles(events):
    return [event["title"] for event in events]


def payment(number, amount, **values):
    return Payment(
        _ignore_missing=True,
        **{"kind": "sale", "status": "completed", "result": "approved", "currency": "USD", "made_at": day(number),
           "amount": amount, **values}
    )  # fmt: skip


def line(number, name, quantity, **values):
    return InvoiceLine(_ignore_missing=True, id=number, description=name, quantity=quantity, currency="USD", **values)


def parcel(number, sent, contents, status="fulfilled", **values):
    """The joined rows of a parcel: contents is a list of (line, name, quantity)."""
    return [
        {"id": number, "number": f"P{number}", "status": status, "carrier": None, "tracking_code": None,
         "tracking_url": None, "sent_at": sent, "quantity": quantity, "line": which, "description": name, **values}
        for which, name, quantity in contents
    ]  # fmt: skip


def test_steps_stand_in_the_order_of_time(tell):
    memo = CreditMemo(
        _ignore_missing=True, number="1001-C1", amount=2500, currency="USD", issued_at=day(5), reason="Broken"
    )
    events = tell(
        payments=[payment(1, 10000)], parcels=parcel(1, day(3), [(1, "Veil", 1)]), memos=[memo], canceled_at=day(4)
    )
    assert titles(events) == [
        "Order placed", "Paid $100.00", "Parcel P1 sent", "Canceled", "Refunded $25.00 of $100.00",
    ]  # fmt: skip
    assert [event["date"].iso for event in events] == [f"2026-03-{number:02}" for number in (1, 2, 4, 5, 6)]
    assert events[-1]["text"] == "Broken"
    assert events[-1]["href"] == "/acme/account/credit-memos/1001-C1"


def test_each_payment_is_a_step_and_a_failed_one_says_so(tell):
    events = tell(payments=[payment(1, 4000, status="failed", result="declined"), payment(2, 4000), payment(3, 6000)])
    assert titles(events)[1:] == ["A payment of $40.00 did not go through", "Paid $40.00", "Paid $60.00"]


def test_a_reservation_is_no_payment_and_a_refund_is_told_once(tell):
    memo = CreditMemo(_ignore_missing=True, number="1001-C1", amount=10000, currency="USD", issued_at=day(2))
    events = tell(payments=[payment(1, 10000, kind="authorize"), payment(2, 10000, kind="refund")], memos=[memo])
    assert titles(events) == ["Order placed", "Refunded $100.00"]


def test_a_refund_that_has_not_gone_through_is_on_its_way(tell):
    events = tell(payments=[payment(2, 3000, kind="refund", status="pending", result="")])
    assert titles(events)[1:] == ["A refund of $30.00 is on its way"]


def test_without_payments_a_paid_bill_says_it(tell):
    paid = Invoice(_ignore_missing=True, total=10000, currency="USD", paid_at=day(1), invoice_type="one_time")
    refund = Invoice(_ignore_missing=True, total=10000, currency="USD", paid_at=day(1), invoice_type="refund")
    assert titles(tell(invoices=[paid, refund])) == ["Order placed", "Paid $100.00"]
    assert titles(tell(invoices=[paid], payments=[payment(2, 10000)])) == ["Order placed", "Paid $100.00"]


def test_a_parcel_says_how_many_of_how_many_and_the_rest_is_to_come(tell):
    lines = [line(1, "Frame", 3), line(2, "Veil", 1), line(3, "Glove", 2, fulfillment_status="unfulfilled")]
    events = tell(lines=lines, parcels=parcel(1, day(2), [(1, "Frame", 2), (2, "Veil", 1)]))
    assert events[1]["items"] == ["2 of 3 × Frame", "1 × Veil"]
    assert events[2]["title"] == "Still to come"
    assert events[2]["items"] == ["1 of 3 × Frame", "2 × Glove"]
    assert events[2]["date"] is None


def test_when_all_has_been_sent_nothing_is_to_come(tell):
    events = tell(
        lines=[line(1, "Frame", 3)],
        parcels=[*parcel(1, day(2), [(1, "Frame", 2)]), *parcel(2, day(4), [(1, "Frame", 1)])],
    )
    assert titles(events) == ["Order placed", "Parcel P1 sent", "Parcel P2 sent"]
    assert [event["items"] for event in events[1:]] == [["2 of 3 × Frame"], ["1 of 3 × Frame"]]


def test_what_needs_no_parcel_is_never_to_come(tell):
    assert titles(tell(lines=[line(1, "Course", 1), line(2, "Guide", 1, fulfillment_status="ignored")])) == [
        "Order placed"
    ]


@pytest.mark.parametrize(("status", "label"), [("cancelled", "Shipment canceled"), ("restocked", "Returned")])
def test_a_parcel_taken_back_counts_for_nothing(tell, status, label):
    events = tell(
        lines=[line(1, "Frame", 2)],
        parcels=[*parcel(1, day(2), [(1, "Frame", 2)], status), *parcel(2, day(3), [(1, "Frame", 1)])],
    )
    assert events[1]["status"]["label"] == label
    assert events[3]["items"] == ["1 of 2 × Frame"]


@pytest.mark.parametrize("ended", [{"canceled_at": day(9)}, {"billing_status": "refunded"}])
def test_nothing_more_comes_of_an_order_that_has_ended(tell, ended):
    events = tell(lines=[line(1, "Frame", 2)], parcels=parcel(1, day(2), [(1, "Frame", 1)]), **ended)
    assert "Still to come" not in titles(events)


def test_a_delivery_nobody_told_of_is_not_made_up(tell):
    events = tell(parcels=parcel(1, day(2), [(1, "Veil", 1)], tracking_url="https://ups.example/1", tracking_code="1Z"))
    assert not any("eliver" in title for title in titles(events))
    assert (events[1]["label"], events[1]["outside"]) == ("Follow parcel 1Z", True)


def test_a_parcel_without_a_date_comes_after_those_with_one(tell):
    events = tell(parcels=[*parcel(1, None, [(1, "Veil", 1)]), *parcel(2, day(2), [(1, "Frame", 1)])])
    assert titles(events)[1:] == ["Parcel P2 sent", "Parcel P1 sent"]
