import asyncio

import pytest

import database
from tables import AuditEntry, CreditMemo, Mail, Order, OrderLine, Payment, Vendor
from tests.client import forms, tree, words

ORDERS = "/console/acme/orders"
MANUAL = "/console/acme/manual-orders"


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


def found(page):
    return ["".join(cell.itertext()) for cell in tree(page).iter("th") if cell.get("scope") == "row"]


async def put(customer, number, **values):
    order = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=number, number=number, placed_at=database.now(),
                  **{"billing_status": "paid", "total": 10000, "currency": "USD", **values})  # fmt: skip
    await order.save()
    return order


async def test_orders_are_listed_filtered_and_found(desk, alice, bob):
    await put(alice, "1001", summary="Hive kit")
    await put(bob, "B7", billing_status="refunded", summary="Smoker")
    for query, numbers in {
        "": ["B7", "1001"], "?state=refunded": ["B7"], "?state=paid": ["1001"], "?year=1999": [], "?q=100": ["1001"],
        "?q=%23b7": ["B7"], "?q=alice@": ["1001"], "?q=smok": ["B7"], "?q=kit&state=refunded": [], "?q=b7&by=product": [],
        "?q=zzz": [], "?q=bob%40example.com&state=refunded": ["B7"],
    }.items():  # fmt: skip
        assert found(await desk.get(ORDERS + query)) == numbers, query


async def test_what_looks_like_a_number_and_is_none_is_looked_for_in_products(desk, alice):
    await put(alice, "1001", summary="Course p90x")
    page = await desk.get(f"{ORDERS}?q=p90x")
    assert found(page) == ["1001"]
    (meant,) = [part for part in tree(page).iter("nav") if part.get("aria-label") == "What the words mean"]
    assert ["".join(link.itertext()) for link in meant.iter("a") if link.get("aria-current")] == ["Product"]


@pytest.mark.parametrize("query", ["state=evil", "year=0", "year=x", "by=evil", "older=1", "older=x-1"])
async def test_an_address_nobody_gave_out_does_not_exist(desk, query):
    assert (await desk.get(f"{ORDERS}?{query}")).status_code == 404


async def test_pages_go_on_and_keep_what_was_asked(desk, alice):
    for place in range(25):
        await put(alice, f"N{place:02}", billing_status="refunded")
    first = await desk.get(f"{ORDERS}?state=refunded")
    (further,) = [link.get("href") for link in tree(first).iter("a") if "".join(link.itertext()).strip() == "Next page"]
    assert "state=refunded" in further
    assert sorted(found(first) + found(await desk.get(further))) == [f"N{place:02}" for place in range(25)]


async def test_an_order_shows_what_the_customer_sees_and_the_raw_ids(world, desk):
    page = await desk.get(f"{ORDERS}/{world.alice.order}")
    said = words(page)
    for text in ("Starter kit of A", "$249.00", "INV-A1", "Parcel P-A1 sent", "Credit memo A1001-C1", "Broken", "pm_4242",
                 "Alice Ames", "18 Orchard Lane", "Refunded $50.00 of $249.00"):  # fmt: skip
        assert text in said, text
    links = [link.get("href", "") for link in tree(page).iter("a")]
    assert f"/console/acme/credit-memos/{world.alice.memo}" in links
    assert f"/console/acme/customers/{world.alice.public_id}" in links
    assert not [href for href in links if "/account/orders" in href]
    memo = await desk.get(f"/console/acme/credit-memos/{world.alice.memo}")
    assert "$50.00" in words(memo)


async def test_somebody_elses_order_is_as_unknown_as_none(world, desk):
    for path in (
        f"orders/{world.zoe.order}",
        f"orders/{world.zoe.order}/refund",
        f"credit-memos/{world.zoe.memo}",
        "orders/none",
    ):
        assert (await desk.get(f"/console/acme/{path}")).status_code == 404


async def give_back(desk, number, **fields):
    where = f"{ORDERS}/{number}/refund"
    return await desk.submit(await desk.get(where), where, **fields)


async def test_a_refund_is_recorded_seen_by_the_customer_and_mailed_if_wanted(desk, alice, signed_in):
    await put(alice, "77")
    page = await desk.get(f"{ORDERS}/77/refund")
    assert forms(page)[f"{ORDERS}/77/refund"]["amount"] == "100.00"
    assert "payment processor" in words(page)
    page = await give_back(desk, "77", amount="25.50", reason="Broken", mail="1")
    assert page.headers["location"] == f"{ORDERS}/77?done=refunded"
    (memo,) = await CreditMemo.objects().where(CreditMemo.vendor == alice.vendor)
    assert (memo.number, memo.amount, memo.reason) == ("77-C1", 2550, "Broken")
    theirs = await signed_in(alice)
    assert "$25.50" in (await theirs.get("/acme/account/credit-memos")).text
    assert "Refunded $25.50 of $100.00" in words(await theirs.get("/acme/account/orders/77"))
    (mail,) = await Mail.select()
    assert (mail["kind"], mail["recipient"]) == ("credit_memo", alice.email)
    assert "$25.50" in mail["body_text"]
    assert "/account/credit-memos/77-C1" in mail["body_text"]
    entry = await AuditEntry.select().first()
    assert (entry["action"], entry["subject"]) == ("order.refunded", "77")
    await give_back(desk, "77", amount="74.50")
    assert await Mail.count() == 1
    page = await desk.get(f"{ORDERS}/77")
    assert "Give money back" not in page.text
    assert "Nothing is left" in words(await desk.get(f"{ORDERS}/77/refund"))


@pytest.mark.parametrize(
    ("amount", "says"),
    [("", "Enter an amount"), ("0", "above zero"), ("-5", "Enter an amount like"), ("100.01", "No more than $100.00"),
     ("1.234,50", "Enter an amount like"), ("10.001", "no more than 2 places"), ("<b>", "Enter an amount like")],
)  # fmt: skip
async def test_an_amount_that_does_not_do_is_said_beside_the_field(desk, alice, amount, says):
    await put(alice, "77")
    page = await give_back(desk, "77", amount=amount, reason="Kept")
    assert page.status_code == 422
    (error,) = [part for part in tree(page).iter("p") if part.get("id") == "amount-error"]
    assert says in "".join(error.itertext())
    assert forms(page)[f"{ORDERS}/77/refund"]["reason"] == "Kept"
    assert not await CreditMemo.exists()


async def test_a_german_vendor_types_a_comma(desk, alice):
    await Vendor.update({Vendor.locale: "de"}).where(Vendor.id == alice.vendor)
    await put(alice, "77", currency="EUR", total=123450)
    assert forms(await desk.get(f"{ORDERS}/77/refund"))[f"{ORDERS}/77/refund"]["amount"] == "1234,50"
    assert (await give_back(desk, "77", amount="1.234.50")).status_code == 422
    assert (await give_back(desk, "77", amount="1.000,50")).status_code == 303
    assert (await CreditMemo.objects().first()).amount == 100050


async def test_of_two_refunds_sent_at_once_only_what_is_there_is_given_back(desk, alice, olga, at_desk):
    await put(alice, "77")
    token, where = await desk.token(f"{ORDERS}/77/refund"), f"{ORDERS}/77/refund"
    pages = await asyncio.gather(*(desk.post(where, {"_csrf": token, "amount": "60"}) for _ in range(4)))
    assert sorted(page.status_code for page in pages) == [303, 422, 422, 422]
    assert [memo.amount for memo in await CreditMemo.objects()] == [6000]


GOOD = {
    "email": "alice@example.com",
    "currency": "usd",
    "paid": "1",
    "name_1": "Hive  tool",
    "quantity_1": "2",
    "amount_1": "1,234.50",
}


async def test_an_order_is_written_down_and_seen_by_the_customer(desk, alice, stan, at_desk, signed_in):
    one = await at_desk(stan)
    form = await one.get(f"{MANUAL}?customer={alice.public_id}")
    assert forms(form)[MANUAL]["email"] == alice.email
    page = await one.submit(form, MANUAL, **(GOOD | {"name_2": "Free veil", "amount_2": "0", "date": "2026-01-31"}))
    assert page.headers["location"] == f"{ORDERS}/M1001?done=written"
    order = await Order.objects().first()
    assert (order.total, order.currency, order.placed_at.date().isoformat()) == (246900, "USD", "2026-01-31")
    assert [line.product_name for line in await OrderLine.of(alice.vendor, order.id)] == ["Hive tool", "Free veil"]
    assert "$2,469.00" in words(await (await signed_in(alice)).get("/acme/account/orders/M1001"))
    entry = await AuditEntry.select().first()
    assert (entry["action"], entry["subject"]) == ("order.written", "M1001")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"email": "nobody@example.com"}, "email"), ({"email": "x"}, "email"), ({"email": "zoe@example.com"}, "email"),
     ({"currency": "XXQ"}, "currency"), ({"date": "2999-01-01"}, "date"), ({"date": "31.01.2026"}, "date"),
     ({"number": "a b"}, "number"), ({"number": "1001"}, "number"), ({"amount_1": "abc"}, "amount_1"),
     ({"quantity_1": "0"}, "quantity_1"), ({"quantity_1": "-1"}, "quantity_1"), ({"quantity_1": "10000"}, "quantity_1"),
     ({"name_1": "", "amount_1": ""}, "name_1"), ({"name_1": ""}, "name_1"), ({"name_2": "No price"}, "amount_2")],
)  # fmt: skip
async def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(desk, alice, zoe, wrong, field):
    await put(alice, "1001")
    page = await desk.submit(await desk.get(MANUAL), MANUAL, **(GOOD | wrong))
    assert page.status_code == 422
    assert [part.get("id") for part in tree(page).iter("p") if part.get("class") == "error"] == [f"{field}-error"]
    sent = forms(page)[MANUAL]
    kept = {name: value for name, value in (GOOD | wrong).items() if name not in ("currency", "name_1", "number")}
    assert kept.items() <= sent.items()
    assert await Order.count() == 1
    assert not await Payment.exists()


async def test_todays_order_is_of_this_very_moment(desk, alice, clock):
    await desk.submit(await desk.get(MANUAL), MANUAL, **GOOD)
    assert (await Order.objects().first()).placed_at == clock.now()
