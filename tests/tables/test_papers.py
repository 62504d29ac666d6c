import asyncio
import json

import pytest

import database
from tables import Customer, Invoice, InvoiceLine, Order, OrderLine, PaperRevision, Vendor
from tables.credit_memo import CreditMemo
from tables.manual_order import Line, Written, place
from tables.paper import adds_up
from tables.paper_content import invoice_content, memo_content
from tables.paper_revision import MOST, TooOften
from tables.papers import InvoicePaper


async def bought(world):
    return await Order.objects().get((Order.vendor == world.acme.id) & (Order.number == world.alice.order))


async def paper(world, name="INV-A1"):
    found = await InvoicePaper.find(await bought(world), name)
    assert found
    return found


async def rename(one, company="Honey GmbH", vat="DE123456789", keep=False):
    return await database.transaction(lambda: one.rename_buyer(company, vat, "customer", keep))


async def test_an_invoice_says_what_its_bill_says(world):
    await Vendor.update({Vendor.legal_name: "Acme Inc.", Vendor.tax_number: "12-345"}).where(Vendor.id == world.acme.id)
    content, revision = await (await paper(world)).content()
    assert (revision, content["number"], content["order"], content["total"]) == (None, "INV-A1", "A1001", 24900)
    assert (content["paid"], content["due"], content["status"]) == (24900, 0, "paid")
    assert content["seller"]["legal_name"] == "Acme Inc."
    assert adds_up(content)


async def test_an_order_written_by_hand_stands_for_itself(world):
    written = Written(world.alice.id, "", "JPY", database.now(), False, [Line("Wax", 3, 500)])
    order = await database.transaction(lambda: place(world.acme.id, written))
    content, _ = await (await InvoicePaper.find(order, "order")).content()
    assert (content["number"], content["order"]) == ("N1001", "M1001")
    assert (content["total"], content["due"], [line["unit"] for line in content["lines"]]) == (1500, 1500, [500])


async def test_the_orders_own_name_leads_to_its_bill_where_there_is_one(world):
    assert (await paper(world, "order")).bill.number == "INV-A1"


async def test_drafts_refunds_and_orders_that_came_to_nothing_have_no_paper(world):
    order = await bought(world)
    for values in ({"status": "draft"}, {"status": "paid", "invoice_type": "refund"}):
        await Invoice.update({Invoice._meta.get_column_by_name(name): value for name, value in values.items()}).where(
            Invoice.order == order.id)  # fmt: skip
        assert await InvoicePaper.find(order, "INV-A1") is None
    assert (await InvoicePaper.find(order, "order")).bill is None
    order.billing_status = "abandoned"
    assert await InvoicePaper.find(order, "order") is None


async def test_a_bill_without_lines_has_those_of_its_order_if_they_come_to_its_total(world):
    order = await bought(world)
    await InvoiceLine.delete().where(InvoiceLine.vendor == world.acme.id)
    content = await invoice_content(order, (await paper(world)).bill)
    assert [(line["name"], line["kind"]) for line in content["lines"]] == [("Starter kit of A", "")]
    await OrderLine.update({OrderLine.amount: 20500}).where(OrderLine.order == order.id)
    content = await invoice_content(order, (await paper(world)).bill)
    assert [(line["name"], line["kind"]) for line in content["lines"]] == [(order.summary, "whole")]
    assert adds_up(content)


async def test_the_first_change_keeps_the_paper_as_it_stood(world):
    one = await paper(world)
    assert await rename(one)
    one = await paper(world)
    assert [(row.revision, row.made_by) for row in one.revisions] == [(2, "customer"), (1, "")]
    newest, _ = await one.content()
    first, _ = await one.content(1)
    assert (newest["buyer"]["company"], newest["buyer"]["vat"]) == ("Honey GmbH", "DE123456789")
    assert first["buyer"]["company"] == ""
    assert newest | {"buyer": first["buyer"]} == first
    with pytest.raises(LookupError):
        await one.content(3)


async def test_a_changed_paper_no_longer_changes_by_itself(world):
    await rename(await paper(world))
    await Customer.update({Customer.first_name: "Other"}).where(Customer.id == world.alice.id)
    await Invoice.update({Invoice.total: 1}).where(Invoice.number == "INV-A1")
    content, _ = await (await paper(world)).content()
    assert (content["buyer"]["name"].split()[0], content["total"]) == ("Alice", 24900)
    await rename(await paper(world), company="Third Ltd")
    content, row = await (await paper(world)).content()
    assert (row.revision, content["buyer"]["company"], content["total"]) == (3, "Third Ltd", 24900)


async def test_a_new_revision_tells_what_was_paid_meanwhile(world):
    unpaid = {Invoice.status: "unpaid", Invoice.due: 24900, Invoice.paid_at: None}
    await Invoice.update(unpaid).where(Invoice.number == "INV-A1")
    await rename(await paper(world))
    await Invoice.update({Invoice.status: "paid", Invoice.due: 0}).where(Invoice.number == "INV-A1")
    assert (await (await paper(world)).content())[0]["due"] == 24900
    await rename(await paper(world), company="Third Ltd")
    content, _ = await (await paper(world)).content()
    assert (content["paid"], content["due"], content["status"]) == (24900, 0, "paid")


async def test_the_same_words_are_no_change_and_there_is_an_end(world):
    one = await paper(world)
    assert await rename(one)
    assert not await rename(await paper(world))
    for place_ in range(MOST - 2):
        await rename(one, company=f"Company {place_}")
    with pytest.raises(TooOften):
        await rename(one, company="One more")
    assert await PaperRevision.count().where(PaperRevision.invoice == one.bill.id) == MOST


async def test_later_invoices_name_the_company_and_earlier_ones_do_not(world, clock):
    order = await bought(world)
    clock.forward(minutes=1)
    await rename(await paper(world), keep=True)
    clock.forward(minutes=1)
    for key, when in (("8", database.now()), ("9", order.placed_at)):
        await Invoice(
            vendor=order.vendor, order=order.id, clickfunnels_id=key, number=key, total=1, issued_at=when
        ).save()
    assert (await (await paper(world, "8")).content())[0]["buyer"]["vat"] == "DE123456789"
    assert (await (await paper(world, "9")).content())[0]["buyer"]["vat"] == ""


async def test_a_credit_memo_tells_what_is_left(world):
    order = await bought(world)
    (memo,) = await CreditMemo.of_order(order.vendor, order.id)
    content = await memo_content(order, memo)
    assert (content["total"], content["left"], content["reason"]) == (5000, 19900, "Broken for A")
    assert adds_up(content)
    await rename(await paper(world))
    assert (await memo_content(order, memo))["buyer"]["company"] == "Honey GmbH"


async def test_a_whole_order_comes_back_line_by_line(world):
    order = await bought(world)
    (memo,) = await CreditMemo.of_order(order.vendor, order.id)
    memo.amount = order.total
    await CreditMemo.update({CreditMemo.amount: order.total}).where(CreditMemo.id == memo.id)
    content = await memo_content(order, memo)
    assert [line["name"] for line in content["lines"]] == ["Smoker of A"]
    assert (content["tax"], content["shipping"], content["discount"], content["left"]) == (1900, 2000, 1000, 0)


async def test_what_is_kept_is_plain_json(world):
    content = await invoice_content(await bought(world), (await paper(world)).bill)
    assert json.loads(json.dumps(content)) == content


async def test_two_changes_at_once_are_two_revisions(world):
    one = await paper(world)
    await asyncio.gather(*(rename(one, company=f"Company {place_}") for place_ in range(4)))
    revisions = (await paper(world)).revisions
    assert [row.revision for row in revisions] == [5, 4, 3, 2, 1]
    assert revisions[-1].facts["buyer"]["company"] == ""


async def test_numbers_of_the_vendors_own_are_given_once_and_to_no_other_vendor(world):
    written = Written(world.alice.id, "", "USD", database.now(), True, [Line("Wax", 1, 500)])
    await Invoice.update({Invoice.number: "N1002"}).where(Invoice.number == "INV-A2")
    orders = await asyncio.gather(*(database.transaction(lambda: place(world.acme.id, written)) for _ in range(3)))
    assert sorted(order.invoice_number for order in orders) == ["N1001", "N1003", "N1004"]
    theirs = written._replace(customer_id=world.zoe.id)
    assert (await database.transaction(lambda: place(world.globex.id, theirs))).invoice_number == "N1001"
