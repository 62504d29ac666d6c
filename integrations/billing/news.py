"""Tells customer and vendor what was asked and what became of it, in the transaction in which it becomes so."""

from __future__ import annotations

from collections.abc import Sequence

from emails import change_confirmed, change_refused, change_requested, change_withdrawn
from emails.console import request_refused, request_waiting, request_withdrawn
from tables.billing_command import CONFIRMED, MANUAL, REFUSED, BillingCommand
from tables.customer import Customer
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.vendor import Vendor
from theming.center import center_of


async def asked(command: BillingCommand) -> None:
    """A receipt for the customer at once, and word to the vendor where only they can do it."""
    about = await About.of(command)
    await change_requested.queue(about.center, about.customer, command, about.order)
    if command.holder == MANUAL:
        for address in await Vendor.addresses(command.vendor):
            await request_waiting.queue(about.center, address, about.customer, command, about.order)


async def withdrawn(command: BillingCommand) -> None:
    """The customer took it back; the vendor hears of it where they had been asked."""
    about = await About.of(command)
    await change_withdrawn.queue(about.center, about.customer, command, about.order)
    if command.holder == MANUAL:
        for address in await Vendor.addresses(command.vendor):
            await request_withdrawn.queue(about.center, address, about.customer, command, about.order)


async def settled(commands: Sequence[BillingCommand]) -> None:
    """What the holder has confirmed or refused."""
    for command in commands:
        about = await About.of(command)
        gone = about.customer.closed_at is not None  # The account was deleted: nobody is left to tell.
        if command.status == CONFIRMED and not gone:
            await change_confirmed.queue(about.center, about.customer, command, about.order)
        if command.status == REFUSED:
            if not gone:
                await change_refused.queue(about.center, about.customer, command, about.order)
            for address in await Vendor.addresses(command.vendor):
                await request_refused.queue(about.center, address, about.customer, command, about.order)


async def mirrored(order: Order) -> None:
    """After a write of an order, its lines or its invoices: settle what it fulfils, and tell of it."""
    await settled(await BillingCommand.confirm_shown(order))


async def mirrored_method(method: PaymentMethod) -> None:
    """The same after a write of a payment method."""
    await settled(await BillingCommand.confirm_method(method))


class About:
    """Whom and what a wish is about."""

    def __init__(self, vendor: Vendor, customer: Customer, order: Order | None) -> None:
        self.center, self.customer, self.order = center_of(vendor), customer, order

    @classmethod
    async def of(cls, command: BillingCommand) -> About:
        vendor = await Vendor.by_id(command.vendor)
        customer = await Customer.by_id(command.vendor, command.customer)
        assert vendor is not None
        assert customer is not None
        return cls(vendor, customer, await Order.behind(command.vendor, command.order) if command.order else None)
