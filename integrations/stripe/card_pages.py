"""Stripe's own page where a card is saved: Checkout in setup mode (Stripe docs: Checkout, save without payment)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import database
from integrations.billing import Refused
from integrations.stripe.asking import MISSING, account, id_of
from integrations.stripe.setups import look
from settings import settings
from tables.card_setup import CardSetup
from tables.customer import Customer
from tables.order import Order
from tables.stripe_customer import StripeCustomer
from tables.vendor import Vendor

if TYPE_CHECKING:
    from stripe import StripeClient

CHECKOUT = "https://checkout.stripe.com"
SUBSCRIPTIONS = "sub_"


def origin() -> str:
    """Where the page is, unless the vendor has given it a host of their own; in development what STRIPE_URL names."""
    if settings.stripe_url and not settings.production:
        parts = urlsplit(settings.stripe_url)
        return f"{parts.scheme}://{parts.netloc}"
    return CHECKOUT


async def open_page(vendor: Vendor, setup: CardSetup, customer: Customer, back: str, currency: str) -> str:
    """The page's address, made once for each setup however often this is called. `back` is where it leads afterwards.

    Who saves a card is said here and not by the browser. Raises Refused, Unreachable.
    """
    async with account(vendor) as stripe:
        reference = await person(stripe, setup, customer)
        session = await stripe.v1.checkout.sessions.create_async({
            "mode": "setup", "customer": reference, "currency": currency.lower(), "client_reference_id": setup.public_id,
            "success_url": back, "cancel_url": back, "metadata": {"center": vendor.slug, "center_setup": setup.public_id},
        }, {"idempotency_key": setup.idempotency_key})  # fmt: skip
    if not session.url:
        raise Refused(MISSING)
    await setup.opened(session.id, session.url)
    return str(session.url)


async def person(stripe: StripeClient, setup: CardSetup, customer: Customer) -> str:
    """Whom the card belongs to at Stripe: who pays for the subscription it is meant for, else the newest, else a new one."""
    order = await Order.behind(setup.vendor, setup.order) if setup.order else None
    if order is not None and order.clickfunnels_id.startswith(SUBSCRIPTIONS):
        payer = id_of((await stripe.v1.subscriptions.retrieve_async(order.clickfunnels_id)).customer)
        known = await StripeCustomer.known(setup.vendor, payer or "")
        if known is None or known.customer != customer.id:
            raise Refused(MISSING)
        return known.reference
    newest = await StripeCustomer.newest_of(setup.vendor, customer.id)
    return newest.reference if newest else await made(stripe, customer)


async def made(stripe: StripeClient, customer: Customer) -> str:
    """Somebody Stripe does not know yet."""
    name = " ".join(part for part in (customer.first_name, customer.last_name) if part)
    values: dict[str, Any] = {"email": customer.email, "metadata": {"center_customer": customer.public_id}}
    found = await stripe.v1.customers.create_async(
        values | ({"name": name} if name else {}),  # type: ignore[arg-type]
        {"idempotency_key": f"center-customer-{customer.public_id}"},
    )

    async def work() -> StripeCustomer:
        await Vendor.hold(customer.vendor)
        return await StripeCustomer.keep(customer.vendor, customer.id, found.id)

    return (await database.transaction(work)).reference


async def ask_about(vendor: Vendor, setup: CardSetup) -> None:
    """Ask Stripe what became of a page, and write it down. Raises Refused, Unreachable."""
    async with account(vendor) as stripe:
        seen = await look(stripe, vendor.id, setup.session or "")

    async def work() -> None:
        await Vendor.hold(vendor.id)
        await seen()

    await database.transaction(work)
