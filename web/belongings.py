"""What the console's pages are about: the vendor's own customer, order or credit memo; anybody else's is 404."""

from __future__ import annotations

from typing import Any

from tables.billing_command import BillingCommand
from tables.customer import Customer
from tables.order import Order
from web.console import vendor_of
from web.errors import Refused


async def customer_at(request: Any, public_id: str) -> Customer:
    """The vendor's customer by the id in an address; raises Refused, also for one that became part of another."""
    customer = await Customer.by_public_id(vendor_of(request).id, public_id)
    if customer is None or customer.merged_into:
        raise Refused(404)
    return customer


async def open_customer_at(request: Any, public_id: str) -> Customer:
    """The same for pages that change something: a deleted account is not changed any more."""
    customer = await customer_at(request, public_id)
    if customer.closed_at:
        raise Refused(404)
    return customer


async def order_at(request: Any, number: str) -> Order:
    order = await Order.numbered(vendor_of(request).id, number)
    if order is None:
        raise Refused(404)
    return order


async def command_at(request: Any, public_id: str) -> BillingCommand:
    """What one of the vendor's customers asked about money."""
    command = await BillingCommand.by_public_id(vendor_of(request).id, public_id)
    if command is None:
        raise Refused(404)
    return command
