import asyncio

import pytest

import database
from tables import CreditMemo, Invoice, Order, Payment
from tables.payment import RECORDED
from tables.refund import TooMuch, left_of, record


async def order(customer, total=10000, **values):
    row = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id="77", number="77", currency="USD", total=total,
                placed_at=database.now(), **{"billing_status": "paid", **values})  # fmt: skip
    await row.save()
    return row


async def payment(order, amount, kind="sale", key="1", **values):
    await Payment(vendor=order.vendor, order=order.id, clickfunnels_id=key, kind=kind, status="completed", amount=amount,
                  currency="USD", made_at=database.now(), **values).save()  # fmt: skip


async def refund(order, amount, reason=""):
    return await database.transaction(lambda: record(order, amount, reason))


async def memos(order):
    return [(memo.number, memo.amount, memo.reason) for memo in await CreditMemo.of_order(order.vendor, order.id)]


async def status(order):
    row = await Order.select(Order.billing_status).where(Order.id == order.id).first()
    return row["billing_status"]


async def test_money_comes_back_in_parts_up_to_what_was_paid(alice):
    one = await order(alice)
    memo = await refund(one, 2500, "Broken")
    assert (memo.number, memo.amount, memo.currency, memo.reason) == ("77-C1", 2500, "USD", "Broken")
    assert (await left_of(one), await status(one)) == (7500, "partially-refunded")
    with pytest.raises(TooMuch) as refused:
        await refund(one, 7501)
    assert refused.value.left == 7500
    await refund(one, 7500)
    assert (await left_of(one), await status(one)) == (0, "refunded")
    assert await memos(one) == [("77-C1", 2500, "Broken"), ("77-C2", 7500, None)]
    with pytest.raises(TooMuch):
        await refund(one, 1)


@pytest.mark.parametrize("amount", [0, -1, -10000])
async def test_nothing_and_less_is_no_refund(alice, amount):
    one = await order(alice)
    with pytest.raises(TooMuch):
        await refund(one, amount)
    assert await memos(one) == []


@pytest.mark.parametrize(
    ("billing", "left"),
    [("paid", 10000), ("completed", 10000), ("unpaid", 0), ("pending", 0), ("draft", 0), ("voided", 0), ("failed", 0), ("", 0)],
)  # fmt: skip
async def test_only_what_was_paid_can_come_back(alice, billing, left):
    assert await left_of(await order(alice, billing_status=billing)) == left


async def test_payments_say_best_what_was_paid(alice):
    one = await order(alice, billing_status="partially-paid")
    await payment(one, 4000)
    await payment(one, 9000, kind="authorization", key="2")
    assert await left_of(one) == 4000


async def test_an_order_without_a_total_has_nothing_to_give_back(alice):
    assert await left_of(await order(alice, total=None)) == 0


async def test_two_at_a_time_never_give_back_more_than_there_is(alice):
    one = await order(alice)
    outcomes = await asyncio.gather(*(refund(one, 6000) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, CreditMemo) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, TooMuch) for outcome in outcomes) == 5
    assert [amount for _number, amount, _reason in await memos(one)] == [6000]


async def test_what_clickfunnels_tells_later_of_the_same_refund_is_no_second_one(alice):
    one = await order(alice)
    await refund(one, 2500, "Broken")
    await payment(one, 10000)
    await payment(one, 2500, kind="refund", key="9", reason="requested_by_customer")
    await CreditMemo.derive(one)
    assert await memos(one) == [("77-C1", 2500, "Broken")]
    await payment(one, 2500, kind="refund", key="10")
    await CreditMemo.derive(one)
    assert [amount for _number, amount, _reason in await memos(one)] == [2500, 2500]
    assert await left_of(one) == 5000


async def test_what_was_recorded_adds_to_what_only_invoices_tell(alice):
    one = await order(alice)
    await Invoice(vendor=one.vendor, order=one.id, clickfunnels_id="5", invoice_type="refund", status="paid", total=3000,
                  currency="USD", issued_at=database.now()).save()  # fmt: skip
    await CreditMemo.derive(one)
    assert await left_of(one) == 7000
    await refund(one, 2000)
    assert sorted(amount for _number, amount, _reason in await memos(one)) == [2000, 3000]
    assert await left_of(one) == 5000


async def test_an_order_said_to_be_refunded_in_whole_counts_what_was_recorded_in_it(alice):
    one = await order(alice)
    await refund(one, 4000)
    one.billing_status = "refunded"
    await CreditMemo.derive(one)
    assert sorted(amount for _number, amount, _reason in await memos(one)) == [4000, 6000]


async def test_a_recorded_refund_is_marked_as_ours(alice):
    one = await order(alice)
    await refund(one, 100)
    (row,) = await Payment.of(one.vendor, one.id)
    assert row.is_recorded_here
    assert row.is_refund
    assert row.clickfunnels_id.startswith(RECORDED)


async def test_a_refund_as_large_as_one_that_was_told_before_is_one_more(alice):
    one = await order(alice)
    await payment(one, 10000)
    await payment(one, 3000, kind="refund", key="9")
    await CreditMemo.derive(one)
    assert await left_of(one) == 7000
    memo = await refund(one, 3000, "Broken")
    assert (memo.amount, memo.reason) == (3000, "Broken")
    assert sorted(amount for _number, amount, _reason in await memos(one)) == [3000, 3000]
    assert await left_of(one) == 4000
    await payment(one, 3000, kind="refund", key="10")
    await CreditMemo.derive(one)
    assert await left_of(one) == 4000


async def test_a_refund_that_a_bill_told_of_before_has_its_memo_already(alice):
    one = await order(alice)
    await Invoice(vendor=one.vendor, order=one.id, clickfunnels_id="5", invoice_type="refund", status="paid", total=3000,
                  currency="USD", issued_at=database.now()).save()  # fmt: skip
    await CreditMemo.derive(one)
    memo = await refund(one, 3000, "Broken")
    assert await memos(one) == [(memo.number, 3000, "Broken")]
