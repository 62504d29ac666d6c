"""A server is killed each time ClickFunnels has done what was asked and before it can say so: nothing is done twice."""

from __future__ import annotations

import pytest
from processes import PAST, litestar, until
from test_import import Loopback

from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, FakeClickFunnels
from tests.integrations.clickfunnels.payloads import contact, line, price, subscription

FUTURE = "2999-01-01 00:00:00+00:00"
MONTHLY = {"payment_type": "subscription", "interval": "months", "interval_count": 1}
WISHES = {"cancel": "{}", "upgrade": '{"price": "52", "at_period_end": false}',
          "downgrade": '{"price": "53", "at_period_end": true}'}  # fmt: skip


def shop() -> FakeClickFunnels:
    """One customer with three subscriptions of the same price."""
    fake = FakeClickFunnels({"contacts": [contact(1)]})
    fake.records["prices"] = [
        price(id=key, public_id=f"p{key}", name=name, amount=amount, **MONTHLY)
        for key, name, amount in ((51, "Plain", "39.99"), (52, "Large", "99.00"), (53, "Small", "19.00"))
    ]
    fake.targets = {51: {"upgrade": [52], "downgrade": [53]}}
    paid = {"id": 51, "amount": "39.99", "currency": "usd", "interval": "months", "interval_count": 1}
    fake.records["orders"] = [
        subscription(1, id=key, public_id=f"o{key}", order_number=str(key), contact=contact(1),
                     line_items=[line(id=key + 100, public_id=f"l{key}", order_id=key, products_price=paid)])
        for key in range(501, 504)
    ]  # fmt: skip
    return fake


@pytest.fixture
async def server(launch, tmp_path):
    """With the three orders, and a wish about each."""
    fake = shop()
    loopback = await Loopback(fake).open()
    made = await launch(CLICKFUNNELS_URL=loopback.url, WORKER="0")
    (tmp_path / "token").write_text(TOKEN)
    litestar(made.environ, "import", "clickfunnels", "--vendor", "acme", "--token-file", str(tmp_path / "token"),
             "--subdomain", SUBDOMAIN)  # fmt: skip
    for number, (kind, details) in zip(range(501, 504), WISHES.items(), strict=True):
        kind = kind if kind == "cancel" else "change_plan"
        await made.data.rows(
            "INSERT INTO billing_commands (vendor_id, customer_id, public_id, kind, holder, order_id, details, status, "
            f"next_try_at, requested_at) SELECT vendor_id, customer_id, 'wish-{number}', '{kind}', 'clickfunnels', id, "
            f"'{details}', 'requested', '{FUTURE}', '{FUTURE}' FROM orders WHERE number = '{number}'"
        )
    made.environ["WORKER"] = "1"
    yield made, fake
    loopback.close()


async def test_killed_after_each_deed_nothing_is_done_twice(server):
    one, fake = server
    fake.holds = True
    for deeds, number in enumerate(range(501, 504), 1):
        await one.stop()
        # Dates stand in for the clock: one wish at a time is due, and what a dead process had leased comes back at once.
        await one.data.rows(f"UPDATE billing_commands SET leased_until = NULL, next_try_at = '{FUTURE}'")
        await one.data.rows(f"UPDATE billing_commands SET next_try_at = '{PAST}' WHERE public_id = 'wish-{number}'")
        await one.start()
        await until(lambda deeds=deeds: sum(fake.done.values()) == deeds, 30)
        one.kill()
    assert fake.done == {"cancel": 1, "upgrade": 1, "downgrade": 1}
    fake.holds = False
    await one.data.rows(f"UPDATE billing_commands SET leased_until = NULL, next_try_at = '{PAST}'")
    await one.start()
    await until(lambda: confirmed(one), 30)
    assert fake.done == {"cancel": 1, "upgrade": 1, "downgrade": 1}
    assert await one.data.value("SELECT count(*) FROM mails WHERE kind = 'change_confirmed'") == 3
    shown = await one.data.rows("SELECT number, service_status, pending_change FROM orders ORDER BY number")
    assert [row["service_status"] for row in shown] == ["canceled", "active", "active"]
    assert [bool(row["pending_change"]) for row in shown] == [False, False, True]
    assert TOKEN not in one.said()


async def confirmed(server) -> bool:
    return await server.data.value("SELECT count(*) FROM billing_commands WHERE status = 'confirmed'") == 3
