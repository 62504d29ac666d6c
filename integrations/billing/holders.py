"""Which holder a wish goes to."""

from __future__ import annotations

from typing import cast

from integrations.billing import Holder, clickfunnels, manual, stripe
from tables.base import is_local
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor

BY_NAME: dict[str, Holder] = {
    module.name: cast(Holder, module) for module in (manual, clickfunnels, stripe)
}  # fmt: skip
STRIPES = "sub_"
"""What the id of a subscription begins with that Stripe itself keeps."""


def holder_of(vendor: Vendor, order: Order, kind: str) -> Holder:
    """Who can carry out this kind of wish about a subscription; the vendor where no system can."""
    return able(keeper_of(vendor, order), kind)


def holder_of_method(vendor: Vendor, method: PaymentMethod, kind: str) -> Holder:
    """The same for a payment method alone."""
    return able(BY_NAME[stripe.name] if method.processor == stripe.name and vendor.stripe_api_key else manual_, kind)


def keeper_of(vendor: Vendor, order: Order) -> Holder:
    """The system that keeps a subscription, as far as we can reach it."""
    if order.clickfunnels_id.startswith(STRIPES):
        return BY_NAME[stripe.name] if vendor.stripe_api_key else manual_
    reachable = vendor.api_token and vendor.subdomain and not is_local(order.clickfunnels_id)
    return BY_NAME[clickfunnels.name] if reachable else manual_


def keeps_plans(vendor: Vendor, price: str) -> bool:
    """Whether ClickFunnels says which plans a price of its own may change to: its ids are numbers."""
    return bool(vendor.api_token and vendor.subdomain and price.isdigit())


def able(holder: Holder, kind: str) -> Holder:
    return holder if kind in holder.kinds else manual_


manual_ = BY_NAME[manual.name]
