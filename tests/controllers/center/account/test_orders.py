from datetime import timedelta

import pytest

import database
from tables import Invoice, InvoiceLine, Order, Parcel
from tables.order import PAGE
from tests.client import tree, words

ORDERS = "/acme/account/orders"


@pytest.fixture
async def one(world, signed_in):
    return await signed_in(world.alice.customer)


def numbers(page):
    """The order numbers of a list, from the top."""
    return [
        link.get("href").rpartition("/")[2]
        for cell in tree(page).iter("th")
        if cell.get("scope") == "row"
        for link in cell.iter("a")
    ]


def way(page, rel):
    return next((link.get("href") for link in tree(page).iter("a") if link.get("rel") == rel), None)


async def all_numbers(world):
    rows = (
        await Order.select(Order.number)
        .where(Order.vendor == world.acme.id)
        .order_by(Order.placed_at, Order.id, ascending=False)
    )
    return [row["number"] for row in rows]


# The list


async def test_the_newest_twenty_come_first(world, one):
    page = await one.get(ORDERS)
    assert numbers(page) == (await all_numbers(world))[:PAGE]
    assert way(page, "prev") is None


async def test_paging_shows_every_order_once_and_leads_back(world, one):
    page = await one.get(ORDERS)
    shown, pages = numbers(page), [numbers(page)]
    while following := way(page, "next"):
        page = await one.get(following)
        pages.append(numbers(page))
        shown += pages[-1]
    assert shown == await all_numbers(world)
    back = []
    while previous := way(page, "prev"):
        page = await one.get(previous)
        back.append(numbers(page))
    assert back == pages[-2::-1]


async def test_orders_of_one_moment_are_neither_lost_nor_shown_twice(world, one):
    await Order.update({Order.placed_at: database.now()}).where(Order.vendor == world.acme.id)
    page = await one.get(ORDERS)
    shown = numbers(page)
    shown += numbers(await one.get(way(page, "next")))
    assert sorted(shown) == sorted(await all_numbers(world))


async def test_an_order_placed_while_one_pages_moves_nothing(world, one):
    page = await one.get(ORDERS)
    expected = (await all_numbers(world))[PAGE:]
    await Order(vendor=world.acme.id, customer=world.alice.id, clickfunnels_id="new", number="NEW", currency="USD",
                placed_at=database.now()).save()  # fmt: skip
    older = await one.get(way(page, "next"))
    assert numbers(older) == expected
    assert numbers(await one.get(way(older, "prev")))[-1] == numbers(page)[-1]


@pytest.mark.parametrize("cursor", ["", "x", "1", "1-", "-1", "1-1-1", "9" * 18 + "-1", "1-" + "9" * 19, "1-1 OR 1=1"])
@pytest.mark.parametrize("side", ["older", "newer"])
async def test_a_made_up_place_in_the_list_does_not_exist(one, side, cursor):
    assert (await one.client.get(ORDERS, params={side: cursor})).status_code == 404


async def test_a_place_beyond_the_end_is_an_empty_page_with_a_way_back(one):
    page = await one.get(f"{ORDERS}?older=1-1")
    assert page.status_code == 200


async def test_each_order_says_what_when_how_it_stands_and_how_much(world, one):
    row = next(row for row in tree(await one.get(ORDERS)).iter("tr") if world.alice.order in "".join(row.itertext()))
    text = " ".join(" ".join(row.itertext()).split())
    assert "Hive kit of A" in text
    assert "Paid" in text
    assert "$249.00" in text


async def test_a_deleted_order_is_gone(world, one):
    await Order.update({Order.deleted_at: database.now()}).where(
        Order.vendor == world.acme.id, Order.number == world.alice.order
    )
    assert world.alice.order not in numbers(await one.get(ORDERS))
    assert (await one.get(f"{ORDERS}/{world.alice.order}")).status_code == 404


async def test_without_orders_it_says_what_would_be_here(bob, signed_in):
    page = await (await signed_in(bob)).get(ORDERS)
    assert "No orders yet" in words(page)


# One order


@pytest.fixture
async def order(world, one):
    return await one.get(f"{ORDERS}/{world.alice.order}")


async def test_an_order_shows_its_items_and_what_they_come_to(order):
    text = words(order)
    assert "Starter kit of A" in text
    for label, amount in (
        ("Subtotal", "$220.00"),
        ("Discount", "-$10.00"),
        ("Shipping", "$20.00"),
        ("Tax", "$19.00"),
        ("Total", "$249.00"),
    ):
        assert f"{label} {amount}" in text


async def test_an_order_with_several_invoices_shows_tax_and_total_only(world, one):
    order = await Order.objects().get((Order.vendor == world.acme.id) & (Order.number == world.alice.order))
    await Invoice(
        vendor=world.acme.id, clickfunnels_id="9", order=order.id, number="INV-9", currency="USD", subtotal=100
    ).save()
    text = words(await one.get(f"{ORDERS}/{world.alice.order}"))
    assert "Subtotal" not in text
    assert "Total $249.00" in text


async def test_an_order_shows_its_invoices_and_payments(order):
    text = words(order)
    assert "INV-A1" in text
    assert "Paid $249.00 ," in text
    assert "Refunded $50.00 of $249.00 ," in text


async def test_an_order_shows_its_parcel_with_what_is_inside(order):
    text = words(order)
    assert "Parcel P-A1" in text
    assert "2 × Smoker of A" in text
    assert "Parcel P-A1 sent" in text
    assert "With UPS" in text
    (link,) = [link for link in tree(order).iter("a") if "ups.com" in link.get("href")]
    assert link.get("rel") == "noopener"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ups.com", None, ""])
async def test_a_parcel_is_followed_on_the_web_or_not_at_all(world, one, address):
    await Parcel.update({Parcel.tracking_url: address}).where(Parcel.vendor == world.acme.id)
    page = await one.get(f"{ORDERS}/{world.alice.order}")
    assert "Tracking code: 1Z9" in words(page)
    assert not [link for link in tree(page).iter("a") if link.get("href") == address]


async def test_two_parcels_stay_two(world, one):
    from tests.world import insert

    bill = await Invoice.objects().get((Invoice.vendor == world.acme.id) & (Invoice.number == "INV-A1"))
    await InvoiceLine(
        vendor=world.acme.id, invoice=bill.id, clickfunnels_id="11", description="Veil of A", currency="USD"
    ).save()
    (parcel,) = await insert(
        Parcel, {"vendor": world.acme.id, "clickfunnels_id": "2", "number": "P-A2", "status": "fulfilled"}
    )
    from tables import ParcelLine

    await ParcelLine(vendor=world.acme.id, parcel=parcel, invoice_line_clickfunnels_id="11", quantity=1).save()
    text = words(await one.get(f"{ORDERS}/{world.alice.order}"))
    assert "1 × Veil of A" in text
    assert text.count("Parcel P-A") == 2


async def test_an_order_leads_to_its_credit_memo(world, order):
    assert f"/acme/account/credit-memos/{world.alice.memo}" in [link.get("href") for link in tree(order).iter("a")]


async def test_an_order_shows_where_it_went(order):
    assert "Delivery address 18 Orchard Lane Hudson" in words(order)
    assert "Billing address" not in words(order)


@pytest.mark.parametrize(
    ("billing", "service", "text"),
    [("past-due", "active", "waiting for a payment"), ("past_due", "active", "waiting for a payment"),
     ("paid", "canceled", "you keep access"), ("paid", "paused", "paused"), ("paid", "active", None)],
)  # fmt: skip
async def test_what_the_customer_should_know_stands_first(world, one, billing, service, text):
    await Order.update({Order.billing_status: billing, Order.service_status: service}).where(
        Order.vendor == world.acme.id, Order.number == world.alice.order
    )
    page = await one.get(f"{ORDERS}/{world.alice.order}")
    notices = [
        " ".join(box.itertext()) for box in tree(page).iter("div") if "notice" in (box.get("class") or "").split()
    ]
    assert [text in notice for notice in notices] == ([True] if text else [])


async def test_numbers_are_told_apart_by_their_capitals(world, one):
    assert (await one.get(f"{ORDERS}/{world.alice.order.lower()}")).status_code == 404


# Credit memos


async def test_credit_memos_are_listed_newest_first_in_pages(world, one):
    from tables import CreditMemo

    order = await Order.objects().get((Order.vendor == world.acme.id) & (Order.number == world.alice.order))
    for number in range(25):
        await CreditMemo(vendor=world.acme.id, customer=world.alice.id, order=order.id, number=f"M{number:02}",
                         source="x",
                         amount=100, currency="USD",
                         issued_at=database.now() + timedelta(days=number)).save()  # fmt: skip
    page = await one.get("/acme/account/credit-memos")
    older = await one.get(way(page, "next"))
    assert numbers(page) == [f"M{number:02}" for number in range(24, 4, -1)]
    assert numbers(older) == ["M04", "M03", "M02", "M01", "M00", world.alice.memo]
    assert way(older, "prev") == "/acme/account/credit-memos"


@pytest.mark.parametrize("older", ["x", "-1", "1.5", "9" * 30, "１"])
async def test_a_made_up_place_among_memos_does_not_exist(one, older):
    assert (await one.client.get("/acme/account/credit-memos", params={"older": older})).status_code == 404


async def test_a_credit_memo_says_what_for_and_of_which_order(world, one):
    page = await one.get(f"/acme/account/credit-memos/{world.alice.memo}")
    text = words(page)
    assert "$50.00" in text
    assert "Broken for A" in text
    assert "Refund of Hive kit of A" in text
    assert f"/acme/account/orders/{world.alice.order}" in [link.get("href") for link in tree(page).iter("a")]


# Subscriptions


async def test_a_subscription_says_what_it_costs_and_when_it_renews(world, one):
    text = words(await one.get("/acme/account/subscriptions"))
    assert "Hive letter of A" in text
    assert "Renews on" in text
    page = await one.get(f"/acme/account/subscriptions/{world.alice.subscription}")
    assert "$9.00 every month" in words(page)
    assert "Active" in words(page)
    assert "INV-A2" in words(page)


async def test_a_cancelled_subscription_says_until_when(world, one):
    until = database.now() + timedelta(days=12)
    await Order.update({Order.service_status: "canceled", Order.paid_until: until}).where(Order.vendor == world.acme.id)
    for path in ("subscriptions", f"subscriptions/{world.alice.subscription}"):
        assert f"you keep access until {until:%B} {until.day}" in words(await one.get(f"/acme/account/{path}"))


# Choosing


async def older_year(world, years=2):
    """Half of the small orders are this much older."""
    rows = await Order.select(Order.id, Order.placed_at).where(
        Order.vendor == world.acme.id, Order.number.like("A20%")
    ).order_by(Order.id)  # fmt: skip
    for row in rows[::2]:
        await Order.update({Order.placed_at: row["placed_at"] - timedelta(days=365 * years)}).where(
            Order.vendor == world.acme.id, Order.id == row["id"]
        )
    return {f"A20{place:02}" for place in range(0, len(rows), 2)}


def chosen(page):
    """The choices that are marked as the present ones."""
    return [
        link.text for nav in tree(page).iter("nav") if nav.get("class") == "choices" for link in nav.iter("a")
        if link.get("aria-current")
    ]  # fmt: skip


def choice(page, label):
    return next(
        link.get("href") for nav in tree(page).iter("nav") if nav.get("class") == "choices" for link in nav.iter("a")
        if link.text == label
    )  # fmt: skip


async def test_a_choice_is_a_link_that_says_it_is_chosen(world, one):
    await Order.update({Order.billing_status: "refunded"}).where(Order.number == world.alice.order)
    page = await one.get(ORDERS)
    assert chosen(page)[0] == "All"
    page = await one.get(choice(page, "Refunded"))
    assert page.url.query == b"state=refunded"
    assert chosen(page)[0] == "Refunded"
    assert numbers(page) == [world.alice.order]


async def test_years_are_offered_once_there_are_two(world, one):
    assert chosen(await one.get(ORDERS)) == ["All"]
    older = await older_year(world)
    page = await one.get(ORDERS)
    assert chosen(page) == ["All", "All years"]
    year = (database.now() - timedelta(days=365 * 2 + 12)).year
    page = await one.get(choice(page, str(year)))
    assert chosen(page) == ["All", str(year)]
    assert set(numbers(page)) == older


async def test_a_search_keeps_what_was_chosen_and_can_be_cleared(world, one):
    page = await one.get(f"{ORDERS}?state=paid&q=Hive+KIT")
    assert numbers(page) == [world.alice.order]
    (form,) = [form for form in tree(page).iter("form") if form.get("method") == "get"]
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert fields == {"state": "paid", "q": "Hive KIT"}
    assert [link.get("href") for link in form.iter("a")] == [f"{ORDERS}?state=paid"]
    assert "Clear" not in words(await one.get(ORDERS))


async def test_an_order_is_found_by_its_number_with_or_without_the_sign(world, one):
    for typed in (world.alice.order, f"%23{world.alice.order}", world.alice.order.lower()):
        assert numbers(await one.get(f"{ORDERS}?q={typed}")) == [world.alice.order]


async def test_choices_stay_from_page_to_page(world, one):
    page = await one.get(f"{ORDERS}?state=paid&q=hive+tool")
    assert len(numbers(page)) == PAGE
    older = await one.get(way(page, "next"))
    assert "state=paid" in way(page, "next")
    assert len(numbers(older)) == 3
    assert (chosen(older)[0], "hive tool" in older.text) == ("Paid", True)
    assert numbers(await one.get(way(older, "prev"))) == numbers(page)


async def test_when_nothing_fits_there_is_a_way_back(world, one):
    page = await one.get(f"{ORDERS}?q=nothing-like-this")
    assert "No orders match" in words(page)
    assert ORDERS in [link.get("href") for link in tree(page).iter("a") if link.text == "Show all orders"]


@pytest.mark.parametrize(
    "query", ["state=x", "state=paid'", "year=x", "year=20", "year=0000", "year=９９９９", "year=9999"]
)
async def test_a_choice_that_was_never_offered_does_not_exist(one, query):
    assert (await one.get(f"{ORDERS}?{query}")).status_code == 404


async def test_without_orders_there_is_nothing_to_choose(bob, signed_in):
    page = await (await signed_in(bob)).get(f"{ORDERS}?state=paid")
    assert not [form for form in tree(page).iter("form") if form.get("method") == "get"]


async def test_a_canceled_order_says_so_beside_its_payment(world, one):
    await Order.update({Order.service_status: "canceled"}).where(Order.number == world.alice.order)
    row = next(row for row in tree(await one.get(ORDERS)).iter("tr") if world.alice.order in "".join(row.itertext()))
    assert " ".join(" ".join(row.itertext()).split()).count("Paid Canceled") == 1


@pytest.mark.parametrize("query", ["state=refunded", "state=paid&q=zzz", "year=2020", ""])
async def test_every_choice_costs_the_same_few_statements(world, one, query):
    seen = []
    await one.get(ORDERS)
    database.statements.append(seen.append)
    await one.get(f"{ORDERS}?{query}")
    database.statements.remove(seen.append)
    assert len(seen) <= 3
