"""Words about orders: nothing is said twice."""

import json
from types import SimpleNamespace

import pytest

from theming.center import center_of
from theming.order_words import OrderWords

HOME = {"street_one": "18 Orchard Lane", "city": "Hudson", "country": "US"}


def order(**values):
    fields = {"order_type": "one-time-order", "service_status": "completed", "shipping_address": None,
              "billing_address": None}  # fmt: skip
    return SimpleNamespace(**fields | values)


@pytest.fixture
def said(acme):
    return OrderWords(center_of(acme))


@pytest.mark.parametrize(
    ("billing", "labels"),
    [
        (HOME, ["Delivery and billing address"]),
        (HOME | {"city": "Albany"}, ["Delivery address", "Billing address"]),
        ({}, ["Delivery address"]),
    ],
)
def test_an_address_is_shown_once(said, billing, labels):
    shown = said.addresses(order(shipping_address=json.dumps(HOME), billing_address=json.dumps(billing)))
    assert [address["label"] for address in shown] == labels
    assert shown[0]["lines"][0] == "18 Orchard Lane"


@pytest.mark.parametrize(
    ("values", "label"),
    [
        ({"service_status": "active"}, None),
        ({"service_status": "completed"}, "Completed"),
        ({"service_status": "active", "order_type": "subscription-order"}, "Active"),
        ({"service_status": "canceled"}, "Canceled"),
    ],
)
def test_only_a_subscription_is_called_active(said, values, label):
    chip = said.service_chip(order(**values))
    assert (chip and chip["label"]) == label
