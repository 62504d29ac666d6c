import csv
import io
from datetime import timedelta

import pytest

import database
from tables import AuditEntry, Customer, Order, Session, bulk_rows
from tests.client import tree

DESK = "/console/acme/downloads"
HOSTILE = [
    "=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    " =1+1", "\u3000=1+1", "\n=1", '"=1+1', 'a","=1+1', "=1\r\n=2",
]  # fmt: skip


@pytest.fixture
async def desk(olga, at_desk):
    return await at_desk(olga)


async def download(one, kind):
    page = await one.submit(await one.get(f"{DESK}/{kind}"), f"{DESK}/{kind}")
    assert page.status_code == 303
    return await one.get(page.headers["location"])


def table(page):
    assert page.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(page.content.decode("utf-8-sig"), newline="")))


async def test_all_customers_come_as_a_table_of_this_vendor_alone(world, desk):
    page = await download(desk, "customers")
    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    day = database.now().date().isoformat()
    assert page.headers["content-disposition"] == f'attachment; filename="acme-customers-{day}.csv"'
    assert {"private", "no-store"} <= set(page.headers["cache-control"].split(", "))
    rows = table(page)
    assert [row["email"] for row in rows] == ["alice@example.com", "bob@example.com", "pupil.a@example.com"]
    assert tuple(rows[0]) == bulk_rows.CUSTOMERS


async def test_all_orders_come_newest_first_with_exact_amounts(world, desk):
    rows = table(await download(desk, "orders"))
    assert len(rows) == 25
    assert tuple(rows[0]) == bulk_rows.ORDERS
    assert (rows[0]["number"], rows[0]["total"], rows[0]["tax"], rows[0]["currency"]) == (
        "A1001",
        "249.00",
        "19.00",
        "USD",
    )
    assert rows[0]["email"] == "alice@example.com"
    assert [row["placed_at"] for row in rows] == sorted((row["placed_at"] for row in rows), reverse=True)


async def test_a_table_of_many_pieces_has_every_row_once(desk, acme, alice):
    at = database.now()
    await Order.insert(*(
        Order(vendor=acme.id, customer=alice.id, clickfunnels_id=str(place), number=str(place),
              placed_at=at - timedelta(minutes=place // 7)) for place in range(bulk_rows.BATCH + 30)
    ))  # fmt: skip
    rows = table(await download(desk, "orders"))
    assert sorted(int(row["number"]) for row in rows) == list(range(bulk_rows.BATCH + 30))


@pytest.mark.parametrize("text", HOSTILE)
async def test_no_cell_is_a_formula(desk, alice, text):
    await Customer.update({Customer.first_name: text}).where(Customer.id == alice.id)
    await Order(vendor=alice.vendor, customer=alice.id, clickfunnels_id="1", number="1", summary=text, total=-500,
                currency="USD", placed_at=database.now()).save()  # fmt: skip
    for kind, column in (("customers", "first_name"), ("orders", "summary")):
        (row,) = table(await download(desk, kind))
        cell = row[column]
        assert cell in (text, f"'{text}")
        assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
        assert not cell.startswith(("\t", "\r", "\n"))
    assert row["total"] == "-5.00"


async def test_who_exported_what_is_in_the_log_before_the_file_opens(desk, alice):
    await download(desk, "orders")
    assert [row["action"] for row in await AuditEntry.select()] == ["export.orders"]


async def test_a_file_opens_only_right_after_it_was_asked_for_and_only_for_who_asked(
    desk, alice, clock, gus, at_desk, stan, acme
):
    page = await desk.submit(await desk.get(f"{DESK}/customers"), f"{DESK}/customers")
    where = page.headers["location"]
    assert (await desk.get(where)).status_code == 200
    for wrong in (where.replace("customers/file", "orders/file"), f"{DESK}/customers/file", f"{DESK}/customers/file?ticket=x",
                  where[:-4] + "AAAA"):  # fmt: skip
        assert (await desk.get(wrong)).headers["location"] in (f"{DESK}/customers", f"{DESK}/orders")
    assert (await (await at_desk(gus)).get(where)).status_code == 404
    assert (await (await at_desk(stan)).get(where)).status_code == 403
    clock.forward(seconds=121)
    assert (await desk.get(where)).status_code == 303


async def test_a_sign_in_of_long_ago_is_not_enough(desk, olga):
    await Session.update({Session.created_at: database.now() - timedelta(minutes=11)}).where(
        Session.customer == olga.id
    )
    for path in ("customers", "orders", "customers/file"):
        page = await desk.get(f"{DESK}/{path}")
        assert page.headers["location"].startswith("/console/confirmation")


async def test_there_are_no_other_tables(desk):
    assert (await desk.get(f"{DESK}/vendors")).status_code == 404
    assert (await desk.get(f"{DESK}/vendors/file")).status_code == 404
    (form,) = [
        form
        for form in tree(await desk.get(f"{DESK}/customers")).iter("form")
        if form.get("action", "").startswith(DESK)
    ]
    assert not [name for name in form.attrib if name.startswith("data-hx")], "its answer is a file"


async def test_never_more_than_a_piece_is_held(acme, alice):
    await Order.insert(*(Order(vendor=acme.id, customer=alice.id, clickfunnels_id=str(place), number=str(place),
                               placed_at=database.now()) for place in range(bulk_rows.BATCH + 1)))  # fmt: skip
    sizes = [len(rows) async for rows in bulk_rows.orders(acme.id)]
    assert sizes == [bulk_rows.BATCH, 1]
