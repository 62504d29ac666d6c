"""What the vendor's switches and a price's flags let customers do themselves."""

import pytest

from tables import Price
from tables.billing_command import OF_ORDERS
from tables.price import RULES, allowed
from tables.vendor import SWITCHES


@pytest.mark.parametrize("kind", sorted(RULES))
def test_a_switch_decides_and_a_flag_can_only_forbid(kind):
    switch, flag = RULES[kind]
    for on, said in [(on, said) for on in (True, False) for said in (None, True, False)]:
        price = Price(vendor=1, clickfunnels_id="1", **({flag: said} if flag else {}))
        assert allowed({switch} if on else set(), price, kind) == (on and (flag is None or said is not False))
    assert allowed({switch}, None, kind)


def test_every_rule_names_a_switch_there_is():
    assert {switch for switch, _flag in RULES.values()} <= set(SWITCHES)


def test_what_takes_something_back_is_always_allowed():
    assert {kind for kind in OF_ORDERS if allowed(set(), None, kind)} == {"keep", "keep_plan", "resume", "pay"}
