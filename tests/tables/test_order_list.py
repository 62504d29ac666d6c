from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import database
from tables import Order, OrderLine
from tables.order import PAGE, newest_orders
from tables.order_list import STATES, Wanted, list_orders, years_in, years_of

ZONE = ZoneInfo("Europe/Berlin")


async def order(customer, number, at=None, lines=(), **values):
    row = Order(vendor=customer.vendor, customer=customer.id, clickfunnels_id=number, number=number, currency="USD",
                placed_at=at or database.now(), **{"billing_status": "paid", **values})  # fmt: skip
    await row.save()
    for place, name in enumerate(lines):
        await OrderLine(vendor=row.vendor, order=row.id, clickfunnels_id=str(place), product_name=name).save()


async def found(customer, zone=ZONE, side="newest", place=None, **wanted):
    rows = await list_orders(customer.vendor, customer.id, zone, Wanted(**wanted), side, place)
    return [row["number"] for row in rows]


@pytest.mark.parametrize("state", STATES)
async def test_a_state_stands_for_what_people_mean_by_it(alice, state):
    for status in ("paid", "unpaid", "past-due", "past_due", "refunded", "partially-refunded", "voided", "draft"):
        await order(alice, status, billing_status=status)
    await order(alice, "ended", service_status="churned")
    await order(alice, "stopped", service_status="canceled")
    assert set(await found(alice, state=state)) == {
        "paid": {"paid", "ended", "stopped"}, "to-pay": {"unpaid", "past-due", "past_due"},
        "refunded": {"refunded", "partially-refunded"}, "canceled": {"voided", "ended", "stopped"},
    }[state]  # fmt: skip


async def test_a_state_with_several_names_is_one_list_in_order(alice):
    now = database.now()
    for place, status in enumerate(("refunded", "partially-refunded", "refund-pending", "refunded")):
        await order(alice, str(place), now - timedelta(days=place), billing_status=status)
    assert await found(alice, state="refunded") == ["0", "1", "2", "3"]


async def test_a_year_is_one_of_the_centers_time_zone(alice):
    await order(alice, "late", datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    await order(alice, "early", datetime(2025, 12, 31, 22, 30, tzinfo=UTC))
    assert await found(alice, year=2026) == ["late"]
    assert await found(alice, year=2025) == ["early"]
    assert await found(alice, zone=ZoneInfo("UTC"), year=2025) == ["late", "early"]


async def test_only_years_with_orders_are_named(alice, bob):
    for year in (2019, 2022, 2022, 2025):
        await order(alice, f"{year}-{database.now().timestamp()}", datetime(year, 6, 1, tzinfo=UTC))
    await order(bob, "his", datetime(2020, 6, 1, tzinfo=UTC))
    await order(alice, "gone", datetime(2021, 6, 1, tzinfo=UTC), deleted_at=database.now())
    rows = await newest_orders(vendor=alice.vendor, customer=alice.id)
    assert years_in(rows, ZONE) == [2025, 2022, 2019]
    assert years_in(await list_orders(alice.vendor, alice.id, ZONE, Wanted(year=2022)), ZONE) == [2025, 2022, 2019]
    assert years_in(await years_of(vendor=alice.vendor, customer=alice.id), ZONE) == [2025, 2022, 2019]


async def test_a_customer_without_orders_has_no_years(alice):
    assert years_in(await years_of(vendor=alice.vendor, customer=alice.id), ZONE) == []
    assert years_in([], ZONE) == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("100", {"1001", "1002", "78", "80"}), ("1001", {"1001"}), ("001", set()), ("smoker", {"1001"}), ("SMOKER", {"1001"}),
        ("oker", {"1001"}), ("veil", {"1002"}), ("übung", {"77"}), ("ÜBUNG", {"77"}), ("Übung 1", {"77"}),
        ("ÉTÉ", {"77"}), ("100%", {"78"}), ("a_b", {"78"}), ("%", {"78"}), ("_", {"78"}), ("\\", {"78"}),
        ("[ü]", {"79"}), ("ü*", {"79"}), ("ü?", set()), ("'", set()), ("zzz", set()),
    ],
)  # fmt: skip
async def test_words_are_found_as_they_stand_whatever_their_capitals(alice, bob, words, numbers):
    await order(alice, "1001", summary="Hive tool, Smoker")
    await order(alice, "1002", lines=["Hive tool", "Bee Veil"])
    await order(alice, "77", summary="Übung 1, été")
    await order(alice, "78", summary="100% wool a_b c\\d")
    await order(alice, "79", summary="[ü] ü*")
    await order(alice, "80", summary="100 wool acb")
    await order(bob, "1003", summary="Smoker", lines=["Bee Veil"])
    assert set(await found(alice, words=words)) == numbers


async def test_choices_add_up_and_page_by_place(alice):
    now = datetime(2025, 6, 30, tzinfo=UTC)
    for place in range(PAGE + 5):
        await order(alice, f"{place:02}", now - timedelta(hours=place), summary="Smoker", billing_status="refunded")
        await order(alice, f"x{place:02}", now - timedelta(hours=place), summary="Veil", billing_status="refunded")
    wanted = {"state": "refunded", "year": 2025, "words": "smoker"}
    rows = await list_orders(alice.vendor, alice.id, ZONE, Wanted(**wanted))
    assert [row["number"] for row in rows] == [f"{place:02}" for place in range(PAGE + 1)]
    last, first = rows[PAGE - 1], rows[0]
    older = await found(alice, side="older", place=(last["placed_at"], last["id"]), **wanted)
    assert older == [f"{place:02}" for place in range(PAGE, PAGE + 5)]
    newer = await found(alice, side="newer", place=(last["placed_at"], last["id"]), **wanted)
    assert newer == [f"{place:02}" for place in reversed(range(PAGE - 1))]
    assert await found(alice, side="newer", place=(first["placed_at"], first["id"]), **wanted) == []
