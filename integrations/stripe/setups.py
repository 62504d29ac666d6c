"""A card that was saved on Stripe's own page: only Stripe says that it was (Stripe docs: Checkout, setup mode)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from integrations.clickfunnels.envelope import NotUnderstood
from integrations.stripe import people
from integrations.stripe.looks import Look
from integrations.stripe.values import identity, inside
from tables.billing_command import Underway
from tables.card_setup import COMPLETE, EXPIRED, OPEN, REQUESTED, CardSetup
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.stripe_customer import StripeCustomer
from tables.vendor import Vendor

if TYPE_CHECKING:
    from stripe import StripeClient

WAITING = [REQUESTED, OPEN]
UNDERWAY = "Another change of the subscription is still being worked on: choose this card there when it is done."


async def look(stripe: StripeClient, vendor_id: int, key: str) -> Look:
    """Fetch a Checkout session in setup mode, and the cards of whom it is for."""
    found = (await stripe.v1.checkout.sessions.retrieve_async(key, {"expand": ["setup_intent"]})).to_dict()
    customer = identity(found.get("customer"))
    cards = await people.look(stripe, vendor_id, customer) if customer else None
    return partial(write, vendor_id, found, cards)


async def look_intent(stripe: StripeClient, vendor_id: int, customer: str) -> Look:
    """The same by a setup intent, which does not name its session: those of its customer that are still waited for."""
    known = await StripeCustomer.known(vendor_id, customer)
    waiting = [] if known is None else await CardSetup.objects().where(
        CardSetup.vendor == vendor_id, CardSetup.customer == known.customer, CardSetup.status.is_in(WAITING),
        CardSetup.session.is_not_null(),
    )  # fmt: skip
    looks = [await look(stripe, vendor_id, row.session) for row in waiting if row.session]
    return partial(write_each, looks) if looks else await people.look(stripe, vendor_id, customer)


async def write_each(looks: list[Look]) -> str:
    return "; ".join([await each() for each in looks])


async def write(vendor_id: int, found: dict[str, Any], cards: Look | None) -> str:
    """Settle the row that waits for this session; somebody else's session settles nothing."""
    if cards is not None:
        await cards()
    row = await CardSetup.by_public_id(vendor_id, str(found.get("client_reference_id") or ""))
    if row is None or not row.is_open or row.session not in (None, found["id"]):
        return "no card is waited for"
    whose = await StripeCustomer.known(vendor_id, identity(found.get("customer")) or "")
    if whose is None or whose.customer != row.customer:
        raise NotUnderstood("the page was made for somebody else")
    status = {"complete": COMPLETE, "expired": EXPIRED}.get(found["status"])
    if status is None:
        return "the page is still open"
    reference = identity(inside(found, "setup_intent", "payment_method"))
    if await row.settle(status, reference) and status == COMPLETE:
        await use(row)
    return f"card setup {status}"


async def use(setup: CardSetup) -> None:
    """A card that was saved for a subscription pays for it from now on, once Stripe has confirmed that as well."""
    from integrations.billing import cards as asked  # Holders are made of this package.

    if setup.order is None:
        return
    vendor, order = await Vendor.by_id(setup.vendor), await Order.behind(setup.vendor, setup.order)
    method = await PaymentMethod.by_reference(setup.vendor, setup.customer, setup.reference)
    if vendor is None or order is None or method is None or order.customer != setup.customer:
        return
    try:
        await asked.ask_to_use(vendor, order, method)
    except Underway:
        await setup.note(UNDERWAY)
