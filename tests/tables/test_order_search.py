from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import database
from tables import Order, order_search
from tables.order_list import STATES, years_in
from tables.order_search import PAGE, Filter, Place, meaning, search, years
from tests.plans import tables_read_through

ZONE = ZoneInfo("Europe/Berlin")


async def order(customer, number, at=None, **values):
    row = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=number, number=number, currency="USD",
                placed_at=at or database.now(), **{"billing_status": "paid", **values})  # fmt: skip
    await row.save()
    return row


async def found(vendor, place=None, **wanted):
    return await search(vendor.id, ZONE, Filter(**wanted), place)


async def numbers(vendor, **wanted):
    return [row["number"] for row in (await found(vendor, **wanted)).rows]


@pytest.mark.parametrize(
    ("words", "by"),
    [("", ""), ("1001", "number"), ("#A10", "number"), ("a@b", "address"), ("@b", "address"), ("smoker", "product"),
     ("hive 2", "product")],
)  # fmt: skip
def test_what_is_typed_says_what_it_means(words, by):
    assert meaning(words) == by


@pytest.mark.parametrize("state", STATES)
async def test_a_state_is_the_same_as_in_the_customers_own_list(alice, bob, zoe, acme, state):
    for place, status in enumerate(
        ("paid", "unpaid", "past-due", "past_due", "refunded", "partially-refunded", "voided")
    ):
        await order(alice if place % 2 else bob, status, billing_status=status)
    await order(alice, "ended", service_status="churned")
    await order(alice, "stopped", service_status="canceled")
    await order(alice, "both", service_status="canceled", billing_status="voided")
    await order(alice, "gone", deleted_at=database.now())
    await order(zoe, "theirs")
    wanted = {
        "paid": ["paid", "ended", "stopped"], "to-pay": ["unpaid", "past-due", "past_due"],
        "refunded": ["refunded", "partially-refunded"], "canceled": ["voided", "ended", "stopped", "both"],
    }[state]  # fmt: skip
    assert sorted(await numbers(acme, state=state)) == sorted(wanted)
    for words, by in (("", "number"), ("alice@", "address")):
        shown = await numbers(acme, state=state, words=words, by=by)
        assert set(shown) <= set(wanted)


async def test_a_year_is_one_of_the_vendors_time_zone(alice, acme):
    await order(alice, "late", datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    await order(alice, "early", datetime(2025, 12, 31, 22, 30, tzinfo=UTC))
    assert await numbers(acme, year=2026) == ["late"]
    assert await numbers(acme, year=2025) == ["early"]
    await order(alice, "then", datetime(2022, 6, 1, tzinfo=UTC))
    assert years_in(await years(acme.id), ZONE) == [2026, 2022]


async def test_every_order_stands_on_one_page_newest_first(alice, bob, acme):
    now = datetime(2025, 6, 30, tzinfo=UTC)
    for place in range(2 * PAGE + 5):
        await order(
            (alice, bob)[place % 2],
            f"{place:02}",
            now - timedelta(hours=place // 2),
            billing_status=("paid", "completed")[place % 2],
        )
    for state in ("", "paid"):
        seen, place = [], None
        while True:
            page = await found(acme, place, state=state)
            seen += [row["number"] for row in page.rows]
            if page.next is None:
                break
            place = page.next
        assert sorted(seen) == [f"{place:02}" for place in range(2 * PAGE + 5)]
        assert [int(number) // 2 for number in seen] == sorted(int(number) // 2 for number in seen)


async def test_an_order_is_found_by_the_beginning_of_its_number(alice, bob, zoe, acme):
    for number in ("A1001", "A1002", "1001", "2001"):
        await order(alice, number)
    await order(zoe, "A1003")
    assert set(await numbers(acme, words="A10", by="number")) == {"A1001", "A1002"}
    assert set(await numbers(acme, words="#a1001", by="number")) == {"A1001"}
    assert await numbers(acme, words="001", by="number") == []


async def test_orders_are_found_by_the_beginning_of_their_customers_address(alice, bob, zoe, acme):
    for number, customer in (("1", alice), ("2", bob), ("3", alice), ("4", zoe)):
        await order(customer, number)
    assert await numbers(acme, words="alice@", by="address") == ["3", "1"]
    assert await numbers(acme, words="@example.com", by="address") == ["3", "2", "1"]
    assert await numbers(acme, words="lice@", by="address") == []


async def test_products_are_found_by_any_words_among_the_newest_orders_and_further_on(alice, acme, monkeypatch):
    monkeypatch.setattr(order_search, "SHORT_WINDOW", 3)
    monkeypatch.setattr(order_search, "WINDOW", 10)
    now = datetime(2025, 6, 30, tzinfo=UTC)
    for place in range(25):
        await order(
            alice,
            f"{place}",
            now - timedelta(hours=place),
            summary="Bee Veil, 100% wool" if place in (2, 24) else "Jar",
        )
    page = await found(acme, words="VEIL", by="product")
    assert [row["number"] for row in page.rows] == ["2"]
    pages = 1
    while page.next and not any(row["number"] == "24" for row in page.rows):
        page, pages = await found(acme, page.next, words="veil", by="product"), pages + 1
    assert [row["number"] for row in page.rows] == ["24"]
    assert pages == 3
    assert await numbers(acme, words="100%", by="product") == ["2"]
    assert await numbers(acme, words="1_0", by="product") == []


CALLS = {
    "newest": Filter(), "year": Filter("", 2026), **{state: Filter(state) for state in STATES},
    "refunded then": Filter("refunded", 2026), "number": Filter("", None, "A10", "number"),
    "number in state": Filter("paid", 2026, "A10", "number"), "address": Filter("", None, "alice@", "address"),
    "product": Filter("", None, "kit", "product"), "product in state": Filter("paid", None, "zzz", "product"),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", [None, Place(datetime(2026, 1, 1, tzinfo=UTC), 5)])
async def test_no_list_is_ever_read_through(world, monkeypatch, call, place):
    async def ask():
        await search(world.acme.id, ZONE, CALLS[call], place)
        await years(world.acme.id)

    assert await tables_read_through(monkeypatch, ask, "orders", "customers", "customer_words") == set()
