"""Prices: where they come from, and which changes their customers may make themselves."""

import pytest

from integrations.clickfunnels import importing
from jobs.import_clickfunnels import import_clickfunnels
from jobs.stopping import Stopping
from tables import ImportRun, Order, Price, Vendor
from tables.price import allowed
from tables.vendor import SWITCHES
from tests.integrations.clickfunnels.fake_api import SUBDOMAIN, TOKEN, WORKSPACE
from tests.integrations.clickfunnels.payloads import at, deliver, event, price, subscription, variant

ALL = frozenset(SWITCHES)
KINDS = {
    "cancel": "self_cancel",
    "upgrade": "self_upgrade",
    "downgrade": "self_downgrade",
    "reactivate": "self_reactivate",
}
SWITCH_OF = {"cancel": "subscription_cancel", "pause": "subscription_pause", "use_method": "payment_method_updates"}


def made(**flags):
    return Price(vendor=1, clickfunnels_id="1", **flags)


@pytest.mark.parametrize("kind", [*KINDS, "pause", "change_plan", "use_method"])
def test_a_switch_that_is_off_forbids_all(kind):
    switch = SWITCH_OF.get(kind, "subscription_updates")
    for flag in (True, None):
        one = made(**dict.fromkeys(KINDS.values(), flag))
        assert allowed(ALL, one, kind)
        assert not allowed(ALL - {switch}, one, kind)
        assert allowed(frozenset({switch}), one, kind), "no other switch has a say"
    assert allowed(ALL, None, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flag_forbids_its_own_kind_alone(kind):
    one = made(**{KINDS[kind]: False})
    assert [other for other in KINDS if not allowed(ALL, one, other)] == [kind]


@pytest.mark.parametrize("kind", ["keep", "keep_plan", "resume", "pay"])
def test_what_takes_a_wish_back_is_always_allowed(kind):
    assert allowed(frozenset(), made(self_cancel=False), kind)


@pytest.mark.parametrize(("by_hand", "told", "held"), [
    ("{}", True, True), ("{}", False, False), ('{"self_cancel": false}', True, False),
    ('{"self_cancel": true}', False, True), ('{"self_cancel": null}', False, True), ('{"other": false}', None, True),
])  # fmt: skip
def test_what_is_set_by_hand_wins(by_hand, told, held):
    assert allowed(ALL, made(self_cancel=told, by_hand=by_hand), "cancel") is held


async def test_prices_are_learned_from_orders(acme):
    await deliver(acme, event("subscription.activated", subscription(1), 1))
    (one,) = await Price.objects()
    assert (one.clickfunnels_id, one.product_clickfunnels_id, one.amount, one.currency) == ("44", "6503", 3999, "USD")
    assert (one.interval, one.interval_count, one.payment_type, one.self_cancel) == ("months", 1, "subscription", None)


async def test_news_of_a_price_say_more_and_older_news_nothing(acme):
    await deliver(acme, event("subscription.activated", subscription(1), 1))
    await deliver(acme, event("products/variant.updated", variant(1), 1))
    told = {key: value for key, value in price(5, amount="49.00").items() if key != "product_id"}
    await deliver(
        acme, event("products/price.updated", told, 5), event("products/price.updated", price(4, name="Old"), 4)
    )
    (one,) = await Price.objects()
    assert (one.name, one.amount, one.product_clickfunnels_id) == ("Once", 4900, "6503")
    assert (one.self_cancel, one.self_downgrade) == (True, False)
    await deliver(acme, event("products/price.deleted", {"id": 44}, 6))
    assert await Price.of_product(acme.id, "6503") == []


async def test_an_import_brings_them_with_their_flags(acme, clickfunnels_api):
    await Vendor.keep_token(acme.id, TOKEN)
    await Vendor.keep_workspace(acme.id, SUBDOMAIN, str(WORKSPACE))
    await ImportRun.start(acme.id, str(WORKSPACE), importing.FIRST, "olga@acme.example")
    while await import_clickfunnels(Stopping()):
        pass
    (one,) = await Price.objects()
    assert (one.clickfunnels_id, one.product_clickfunnels_id, one.name) == ("44", "6503", "Once")
    assert (one.self_cancel, one.self_upgrade, one.self_downgrade, one.self_reactivate) == (True, True, False, True)
    assert "/api/v2/products/6503/prices" in clickfunnels_api.asked
    assert not (await ImportRun.objects().first()).counts.count('"refused": 1')


@pytest.mark.parametrize(
    ("changes", "kept"),
    [({}, True), ({"next_charge_at": at(43_200 + 1500)}, False), ({"service_status": "canceled"}, False),
     ({"service_status": "churned"}, False), ({"next_charge_at": at(43_200)}, True)],
)  # fmt: skip
async def test_a_pending_change_lasts_as_long_as_it_can_come_true(acme, changes, kept):
    await deliver(acme, event("subscription.activated", subscription(1), 1))
    order = await Order.objects().first()
    await order.change_later({"price": "53", "at": order.next_charge_at.isoformat()})
    await deliver(acme, event("order.updated", subscription(2) | changes, 2))
    assert bool((await Order.objects().first()).pending_change) is kept
