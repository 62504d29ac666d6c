"""The list of requests: newest first, by state, and never read from end to end."""

import pytest

import database
from tables import BillingCommand, CancellationNotice, request_list
from tables.base import NEWEST
from tests.plans import tables_read_through


@pytest.fixture
async def many(world):
    """Forty settled wishes and a few open ones of Alice's, all about no order."""
    row = {"vendor": world.acme.id, "customer": world.alice.id, "kind": "remove_method", "requested_at": database.now()}
    states = [*["confirmed"] * 40, "requested", "sent", "refused"]
    await BillingCommand.insert(*(BillingCommand(**row, holder="manual", status=state) for state in states))
    return world


async def test_states_are_merged_newest_first(many):
    rows = await request_list.listed(many.acme.id, request_list.STATES["open"], NEWEST)
    assert [row["status"] for row in rows] == ["sent", "requested"]
    assert [row["id"] for row in rows] == sorted((row["id"] for row in rows), reverse=True)
    assert len(await request_list.listed(many.acme.id, (), NEWEST)) == request_list.PAGE + 1
    assert [row["email"] for row in rows] == [many.alice.customer.email] * 2
    assert await request_list.listed(many.globex.id, request_list.STATES["open"], NEWEST) == []


async def test_what_waits_is_counted(many):
    assert await request_list.waiting(many.acme.id) == 1
    await CancellationNotice.update({CancellationNotice.settled_at: None}).where(
        CancellationNotice.vendor == many.acme.id
    )
    assert await request_list.waiting(many.acme.id) == 2
    assert await request_list.waiting(many.globex.id) == 0


@pytest.mark.parametrize("state", request_list.STATES)
async def test_no_list_is_read_through(many, monkeypatch, state):
    async def call():
        await request_list.listed(many.acme.id, request_list.STATES[state], NEWEST)
        await request_list.waiting(many.acme.id)
        await CancellationNotice.listed(many.acme.id, NEWEST)

    assert await tables_read_through(monkeypatch, call, "billing_commands", "cancellation_notices") == set()
