from datetime import timedelta

import pytest

import database
from tables import Order
from tests.client import words


@pytest.fixture
def page(world, signed_in):
    own = world.alice

    async def open_page(part="", **values):
        if values:
            columns = {Order._meta.get_column_by_name(name): value for name, value in values.items()}
            await Order.update(columns).where(Order.vendor == own.vendor.id, Order.number == own.subscription_order)
        return await (await signed_in(own.customer)).get(f"/acme/account/subscriptions/{own.subscription}{part}")

    return open_page


async def test_the_way_to_cancel_says_whom_to_ask_and_until_when_it_lasts(world, page):
    assert "Cancel subscription" in words(await page())
    said = await page("/cancellation", paid_until=database.now() + timedelta(days=20))
    assert f"mention order {world.alice.subscription_order}" in words(said)
    assert "What you have paid for stays yours until" in words(said)
    assert f"mailto:help@acme.example?subject=Please%20cancel%20order%20{world.alice.subscription_order}" in said.text


@pytest.mark.parametrize("status", ["canceled", "churned", "trial_ended", "voided"])
async def test_what_is_over_offers_no_cancelling(page, status):
    assert "Cancel subscription" not in words(await page(service_status=status))
    said = await page("/cancellation")
    assert "Please%20cancel" not in said.text
    assert ("you keep access" in said.text) == (status == "canceled")
    assert ("has ended already" in said.text) == (status != "canceled")


@pytest.mark.parametrize("inner", ["/account/subscriptions/{}/cancellation", "/account/payment-methods/new"])
async def test_a_deep_link_survives_the_sign_in(world, browser, inner):
    from tests.routes import mailed

    one, where = browser(), inner.format(world.alice.subscription)
    answer = await one.get(f"/acme{where}")
    page = await one.get(answer.headers["location"])
    await one.submit(page, "/acme/sign-in", email=world.alice.customer.email)
    opened = await one.get((await mailed(world.alice))[0])
    assert opened.headers["location"] == f"/acme{where}"
    assert (await one.get(opened.headers["location"])).status_code == 200
