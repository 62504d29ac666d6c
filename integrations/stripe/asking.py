"""A customer's wish on its way to their vendor's Stripe account: what is touched must be this very customer's there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from integrations.billing import Refused
from integrations.stripe.client import KeyRefused, StripeMissing, connected
from tables.billing_command import BillingCommand
from tables.invoice import Invoice
from tables.order import Order
from tables.payment_method import PaymentMethod
from tables.stripe_customer import StripeCustomer
from tables.vendor import Vendor

NOT_THEIRS = "Stripe files this under somebody else"
CHANGED = "Something has changed in the meantime. Look at it once more and try again"
UNFIT = "Stripe cannot do this as things are now"
MISSING = "Stripe does not know this any more"
ENDED = "This subscription has ended already"
OTHER_FILE = "This payment method cannot pay for this subscription. Add it again from the subscription's page"
NO_KEY = "Payments with Stripe are not set up"
OVER = frozenset({"canceled", "incomplete_expired"})
Touched = list[tuple[str, str]]
"""Kind and id of objects at Stripe."""

log = structlog.get_logger("billing")


@asynccontextmanager
async def account(vendor: Vendor) -> AsyncIterator[Any]:
    """The account: `async with account(vendor) as stripe: await stripe.v1.prices.retrieve_async(…)`.

    Raises Refused with words for customers (a declined card with Stripe's own), and Unreachable.
    """
    if not vendor.stripe_api_key:
        raise Refused(NO_KEY)
    try:
        async with connected(vendor.stripe_api_key) as stripe:
            try:
                yield stripe
            except Exception as error:
                if (refusal := refusal_of(error, vendor)) is None:
                    raise
                raise refusal from None
    except (KeyRefused, StripeMissing) as error:
        log.error("no way into stripe", vendor=vendor.id, why=str(error))
        raise Refused(NO_KEY) from None


def refusal_of(error: Exception, vendor: Vendor) -> Refused | None:
    """What Stripe refuses for good, in words for customers; None for everything else."""
    import stripe

    if isinstance(error, stripe.CardError):
        return Refused(" ".join((error.user_message or "The card was declined").split()).rstrip(".")[:300])
    if isinstance(error, stripe.IdempotencyError):
        return Refused(CHANGED)
    if isinstance(error, stripe.InvalidRequestError) and (error.http_status or 400) < 409:
        log.warning("stripe says no", vendor=vendor.id, code=error.code, param=error.param)
        return Refused(MISSING if error.code == "resource_missing" else UNFIT)
    return None


class Asking:
    """One wish, the account's API, and which of its customers are this one."""

    def __init__(self, api: Any, vendor: Vendor, command: BillingCommand, owned: frozenset[str], order: Order | None,
                 method: PaymentMethod | None) -> None:  # fmt: skip
        self.api, self.vendor, self.command, self.owned = api, vendor, command, owned
        self.order, self.row, self.wish = order, method, command.wish

    @classmethod
    async def about(cls, api: Any, vendor: Vendor, command: BillingCommand) -> Asking:
        order = await Order.behind(command.vendor, command.order) if command.order else None
        if order is not None and order.customer != command.customer:
            raise Refused(NOT_THEIRS)
        method = await PaymentMethod.behind(command.vendor, command.customer, command.payment_method)
        owned = frozenset(row.reference for row in await StripeCustomer.of(command.vendor, command.customer))
        return cls(api, vendor, command, owned, order, method)

    def options(self, step: str = "") -> dict[str, Any]:
        """The key of the wish, the same for every try; a wish of several requests has one for each."""
        return {"idempotency_key": self.command.idempotency_key + (f"-{step}" if step else "")}

    async def subscription(self) -> Any:
        """The wish's subscription as it is now."""
        found = await self.api.subscriptions.retrieve_async(self.order.clickfunnels_id if self.order else "")
        return self.theirs(found)

    async def change(self, of: Any, changes: dict[str, Any], step: str = "") -> Any:
        """Change the subscription; returns it as it is then."""
        return await self.api.subscriptions.update_async(of.id, changes, self.options(step))

    @property
    def reference(self) -> str:
        """Of the payment method that is meant, or an empty text."""
        return str(self.wish.get("reference") or (self.row.reference if self.row else ""))

    async def method(self) -> Any:
        """The wish's payment method as it is now."""
        return self.theirs(await self.api.payment_methods.retrieve_async(self.reference))

    async def invoice(self) -> Any:
        """The bill that is meant, else the newest of the subscription."""
        rows = await Invoice.of(self.command.vendor, self.order.id) if self.order else []
        row = next((row for row in rows if row.id == self.command.invoice), None)
        key = row.clickfunnels_id if row else id_of((await self.subscription()).latest_invoice)
        return self.theirs(await self.api.invoices.retrieve_async(key or ""))

    def theirs(self, found: Any) -> Any:
        """What was found, if it is this customer's; else raises Refused: no wish ever reaches another's."""
        if id_of(found.customer) not in self.owned:
            log.error("not theirs", vendor=self.command.vendor, id=self.command.public_id)
            raise Refused(NOT_THEIRS)
        return found


def id_of(part: Any) -> str | None:
    """The id of what another object names, whether it came along or not."""
    return part if part is None or isinstance(part, str) else str(part.id)


def subscription(of: Any) -> Touched:
    return [("subscription", of.id)]


def cards(customer: Any) -> Touched:
    """What a customer pays with, and which of it is the default."""
    return [("customer", str(id_of(customer)))]


async def running(asking: Asking) -> Any:
    of = await asking.subscription()
    if of.status in OVER:
        raise Refused(ENDED)
    return of
