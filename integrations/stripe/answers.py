"""What Stripe has of a wish after it was carried out: fetched once more, for the mirror to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from integrations.billing import Write, news
from integrations.clickfunnels.envelope import NotUnderstood
from integrations.clickfunnels.records import Parked
from integrations.stripe import invoices, people, subscriptions
from integrations.stripe.asking import Touched
from integrations.stripe.looks import Look
from integrations.stripe.wishes import MADE
from tables.billing_command import CONFIRMED, RUNNING, BillingCommand
from tables.order import Order
from tables.vendor import Vendor

if TYPE_CHECKING:
    from stripe import StripeClient

LOOKS: dict[str, Any] = {
    "subscription": subscriptions.look, MADE: subscriptions.look, "invoice": invoices.look, "customer": people.look,
}  # fmt: skip

log = structlog.get_logger("billing")


async def written(stripe: StripeClient, vendor: Vendor, command: BillingCommand, touched: Touched) -> Write:
    """Look at everything touched; what is returned writes it, and the mirror confirms what it shows."""
    looks = [await LOOKS[kind](stripe, vendor.id, key) for kind, key in dict.fromkeys(touched)]
    made = next((key for kind, key in touched if kind == MADE), None)

    async def write() -> None:
        for look in looks:
            await mirror(look, command)
        if made is not None:
            await begun_anew(command, made)

    return write


async def mirror(look: Look, command: BillingCommand) -> None:
    try:
        await look()
    except (NotUnderstood, Parked) as reason:
        log.info("not mirrored", vendor=command.vendor, id=command.public_id, why=str(reason))


async def begun_anew(command: BillingCommand, reference: str) -> None:
    """An ended subscription stays ended: the wish is fulfilled by the new one, which is an order of its own."""
    order = await Order.known(command.vendor, reference)
    if order is None or order.service_status not in RUNNING:
        return
    if await command.close(CONFIRMED):
        await command.note(order=order.number)
        await news.settled([command])
