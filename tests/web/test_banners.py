"""What stands above every page: a subscription that waits for a payment."""

import pytest

import database
from tables import Order
from tables.session import find_session
from tests.client import words
from tests.plans import tables_read_through

TEXT = "A payment for your subscription is overdue."
PAGES = ["/account", "/account/orders", "/courses", "/account/profile", "/nowhere"]


async def owes(own, billing="past-due", **values) -> None:
    columns = {Order._meta.get_column_by_name(name): value for name, value in values.items()}
    await Order.update({Order.billing_status: billing, **columns}).where(
        Order.vendor == own.vendor.id, Order.number == own.subscription_order
    )


@pytest.mark.parametrize("billing", ["past-due", "past_due", "delinquent", "failed"])
async def test_what_is_overdue_is_told_on_every_page_with_the_way_to_pay(world, signed_in, billing):
    await owes(world.alice, billing)
    one = await signed_in(world.alice.customer)
    for where in PAGES:
        page = await one.get(f"/acme{where}")
        assert TEXT in words(page), where
        assert f'href="/acme/account/subscriptions/{world.alice.subscription}/payment"' in page.text


@pytest.mark.parametrize(
    ("billing", "values"),
    [("paid", {}), ("past-due", {"service_status": "churned"}), ("past-due", {"order_type": "one-time-order"}),
     ("unpaid", {})],
)  # fmt: skip
async def test_nobody_else_is_told_anything(world, signed_in, billing, values):
    await owes(world.alice, billing, **values)
    assert TEXT not in words(await (await signed_in(world.alice.customer)).get("/acme/account"))


async def test_others_know_nothing_of_it(world, signed_in):
    await owes(world.alice)
    for home, customer in (("/acme", world.bob), ("/globex", world.twin), ("/globex", world.zoe.customer)):
        assert TEXT not in words(await (await signed_in(customer)).get(f"{home}/account"))


async def test_whoever_looks_on_sees_it_too(world, browser):
    await owes(world.alice)
    one = browser()
    one.cookies.set("view-acme", world.zoe.view_token, domain="127.0.0.1", path="/")
    one.cookies.set("view-acme", world.alice.view_token, domain="127.0.0.1", path="/")
    assert TEXT in words(await one.get("/acme/account"))


async def test_asking_for_it_takes_no_statement_of_its_own_and_reads_through_nothing(world, signed_in, monkeypatch):
    one = await signed_in(world.alice.customer)
    token, seen = one.cookies["center-acme"], []
    database.statements.append(seen.append)
    try:
        row = await find_session(world.acme.id, token)
    finally:
        database.statements.remove(seen.append)
    assert (len(seen), row["owing"]) == (1, None)
    assert await tables_read_through(
        monkeypatch, lambda: find_session(world.acme.id, token), "orders", "subscriptions"
    ) == set()  # fmt: skip
