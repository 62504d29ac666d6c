import pytest

from tables import CreditMemo, Invoice, InvoiceLine, Order, Payment
from tests.integrations.clickfunnels.payloads import (
    at,
    deliver,
    event,
    invoice,
    invoice_line,
    order,
    refund,
    transaction,
    verdict,
)


@pytest.fixture
async def bought(acme):
    await deliver(acme, event("order.completed", order(2), 2))
    return acme


async def memos():
    return [(memo.number, memo.source, memo.amount, memo.currency) for memo in await CreditMemo.objects().order_by(
        CreditMemo.number)]  # fmt: skip


async def test_an_invoice_with_its_lines(bought):
    await deliver(bought, event("orders/invoice.paid", invoice(3, paid_at=at(3)), 3))
    (row,) = await Invoice.objects()
    assert (row.number, row.status, row.total, row.tax, row.due) == ("99", "paid", 12900, 999, 0)
    assert row.order == (await Order.objects().first()).id
    (line,) = await InvoiceLine.objects()
    assert (line.clickfunnels_id, line.description, line.amount, line.tax, line.discount) == (
        "125", "Keeping Bees", 12900, 999, 0,
    )  # fmt: skip


async def test_a_line_without_taxes_has_none(bought):
    bare = {"id": 1, "description": "Bees", "amount": 5}
    await deliver(bought, event("orders/invoice.created", invoice(line_items=[bare, invoice_line()])))
    assert [line.tax for line in await InvoiceLine.objects().order_by(InvoiceLine.position)] == [None, 999]


async def test_the_order_inside_an_invoice_changes_nothing(bought):
    await deliver(bought, event("orders/invoice.paid", invoice(9), 9))
    (row,) = await Order.objects()
    assert (row.total, row.billing_status) == (12900, "paid")


async def test_an_invoice_takes_its_orders_currency(acme):
    await deliver(acme, event("order.completed", order(currency="JPY", total_amount="500", line_items=[])))
    await deliver(acme, event("orders/invoice.paid", invoice(currency=None, total_amount="500", tax_amount=None,
                                                             subtotal_amount=None, line_items=[])))  # fmt: skip
    (row,) = await Invoice.objects()
    assert (row.currency, row.total) == ("JPY", 500)


async def test_a_payment(bought):
    await deliver(bought, event("orders/transaction.created", transaction(3), 3))
    (row,) = await Payment.objects()
    assert (row.kind, row.status, row.result, row.amount) == ("sale", "completed", "approved", 12900)
    assert row.made_at.isoformat() == "2026-01-01T10:03:00+00:00"


async def test_a_payment_without_times_has_those_of_its_event(bought):
    await deliver(bought, event("orders/transaction.updated", transaction(None, created_at=None, status="void"), 5))
    await deliver(bought, event("orders/transaction.created", transaction(None, created_at=None), 4))
    (row,) = await Payment.objects()
    assert (row.made_at.isoformat(), row.status) == ("2026-01-01T10:05:00+00:00", "void")


async def test_other_events_that_carry_an_invoice_or_an_order(acme):
    await deliver(acme, event("subscription.invoice.paid", order(1), 1))
    await deliver(acme, event("one-time-order.invoice.paid", invoice(2), 2))
    assert (await Order.count(), await Invoice.count()) == (1, 1)
    await deliver(acme, event("renewal-invoice-payment-declined", invoice(5, status="past-due"), 5))
    await deliver(acme, event("renewal-invoice-payment-declined", order(5, billing_status="past-due"), 5))
    assert (await Invoice.objects().first()).status == "past-due"
    assert (await Order.objects().first()).billing_status == "past-due"
    neither = event("renewal-invoice-payment-declined", {"id": 5, "reason": "expired"})
    await deliver(acme, neither)
    assert (await verdict(acme, neither))["status"] == "ignored"


async def test_the_orders_status_alone_makes_a_memo(bought):
    await deliver(bought, event("one_time_order.refunded", order(5, billing_status="refunded"), 5))
    assert await memos() == [("1001-C1", "order", 12900, "USD")]


async def test_invoices_tell_it_better_than_the_order(bought):
    await deliver(bought, event("one_time_order.refunded", order(5, billing_status="refunded"), 5))
    await deliver(bought, event("orders/invoice.refunded", invoice(6, status="refunded", total_amount="128.00"), 6))
    assert await memos() == [("1001-C1", "invoice:200", 12800, "USD")]
    await deliver(bought, event("orders/invoice.created", invoice(
        7, id=201, invoice_type="refund", status="paid", total_amount="-127.00"), 7))  # fmt: skip
    assert await memos() == [("1001-C1", "invoice:201", 12700, "USD")]
    await deliver(bought, event("orders/invoice.voided", invoice(
        8, id=201, invoice_type="refund", status="voided", total_amount="-127.00"), 8))  # fmt: skip
    assert await memos() == [("1001-C1", "invoice:200", 12800, "USD")]


async def test_transactions_tell_it_best_and_each_is_a_memo(bought):
    await deliver(bought, event("orders/invoice.refunded", invoice(6, status="refunded"), 6))
    await deliver(bought, event("orders/transaction.created", refund(9, id=302, amount="-10.50", reason=None), 9))
    assert await memos() == [("1001-C1", "payment:302", 1050, "USD")]
    await deliver(bought, event("orders/transaction.created", refund(8), 8))
    assert await memos() == [("1001-C1", "payment:302", 1050, "USD"), ("1001-C2", "payment:301", 2900, "USD")]


async def test_a_memo_keeps_its_number_and_none_is_used_again(bought):
    await deliver(bought, event("orders/transaction.created", refund(20, id=302, amount="10.50"), 20))
    await deliver(bought, event("orders/transaction.created", refund(8), 8))
    await deliver(bought, event("orders/transaction.updated", refund(21, id=302, amount="10.50", status="failed"), 21))
    assert await memos() == [("1001-C2", "payment:301", 2900, "USD")]
    await deliver(bought, event("orders/transaction.created", refund(22, id=303, amount="5.00"), 22))
    assert await memos() == [("1001-C2", "payment:301", 2900, "USD"), ("1001-C3", "payment:303", 500, "USD")]


async def test_a_refund_of_the_same_amount_is_told_by_a_better_source_under_the_same_number(bought):
    await deliver(bought, event("orders/transaction.created", refund(8, id=302, amount="5.00"), 8))
    await deliver(bought, event("orders/transaction.updated", refund(9, id=302, amount="5.00", status="failed"), 9))
    await deliver(
        bought, event("orders/invoice.created", invoice(7, id=201, invoice_type="refund", total_amount="-29.00"), 10)
    )
    await deliver(
        bought, event("orders/invoice.created", invoice(7, id=202, invoice_type="refund", total_amount="-3.00"), 11)
    )
    assert [(number, amount) for number, _source, amount, _currency in await memos()] == [
        ("1001-C2", 2900),
        ("1001-C3", 300),
    ]
    await deliver(bought, event("orders/transaction.created", refund(12, id=305, amount="3.00"), 12))
    assert await memos() == [("1001-C3", "payment:305", 300, "USD")]


async def test_a_bill_without_a_number_gets_one_of_the_vendors_own(bought):
    for key, status in ((200, "draft"), (200, "unpaid"), (201, "unpaid"), (200, "paid")):
        await deliver(bought, event("orders/invoice.updated", invoice(
            key - 190 + len(status), id=key, invoice_number=None, status=status), key - 190 + len(status)))  # fmt: skip
    rows = await Invoice.objects().order_by(Invoice.clickfunnels_id)
    assert [(row.paper_number, row.paper_name) for row in rows] == [("N1001", "N1001"), ("N1002", "N1002")]


async def test_papers_of_one_order_have_different_names_whatever_their_numbers(bought):
    for key, number in ((200, "2026/7"), (201, "2026 7"), (202, "order"), (203, "/")):
        await deliver(
            bought, event("orders/invoice.created", invoice(key - 190, id=key, invoice_number=number), key - 190)
        )
    rows = await Invoice.objects().order_by(Invoice.clickfunnels_id)
    assert [row.paper_name for row in rows] == ["2026-7", "2026-7-201", "order-202", "203"]


@pytest.mark.parametrize("changes", [
    {"result": "declined"}, {"status": "failed"}, {"status": "pending"}, {"external_type": "sale"},
    {"external_type": "void"},
])  # fmt: skip
async def test_a_refund_that_did_not_go_through_is_no_memo(bought, changes):
    await deliver(bought, event("orders/transaction.created", refund(8, **changes), 8))
    assert await memos() == []


async def test_a_refund_that_is_taken_back_takes_its_memo_along(bought):
    await deliver(bought, event("orders/transaction.created", refund(8), 8))
    await deliver(bought, event("orders/transaction.updated", refund(9, status="failed"), 9))
    assert await memos() == []


@pytest.mark.parametrize(("currency", "amount", "minor"), [("JPY", "1200", 1200), ("KWD", "1.250", 1250)])
async def test_memos_in_currencies_with_other_units(acme, currency, amount, minor):
    await deliver(acme, event("order.completed", order(2, currency=currency, line_items=[]), 2))
    await deliver(acme, event("orders/transaction.created", refund(3, amount=amount, currency=currency.lower()), 3))
    assert await memos() == [("1001-C1", "payment:301", minor, currency)]
