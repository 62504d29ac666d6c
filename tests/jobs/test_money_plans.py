"""What is looked for every second is found by an index, however much there is."""

import pytest

from tables import BillingCommand, CardSetup, money_news
from tests.plans import tables_read_through

TABLES = ("billing_commands", "card_setups", "orders", "payment_methods")


@pytest.mark.parametrize("lease", [BillingCommand.lease, CardSetup.lease, money_news.lease])
async def test_no_lease_reads_a_table_through(world, monkeypatch, lease):
    assert await tables_read_through(monkeypatch, lambda: lease(10), *TABLES) == set()


async def test_open_wishes_are_found_by_an_index(world, monkeypatch):
    own = world.alice
    for call in (
        lambda: BillingCommand.open_about(own.vendor.id, 1),
        lambda: BillingCommand.open_about(own.vendor.id, None, 1),
        lambda: BillingCommand.open_about_methods(own.vendor.id, own.id),
        lambda: BillingCommand.open_among(own.vendor.id, [1, 2]),
        lambda: BillingCommand.begun_anew(own.vendor.id, 1),
    ):
        assert await tables_read_through(monkeypatch, call, *TABLES) == set()
