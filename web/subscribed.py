"""What the pages of one subscription have in common: whose it is, what may be asked, and asking it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from litestar import Response

import database
from integrations.billing import Refused as SaidNo
from integrations.billing import Unreachable, asking
from tables.billing_command import REACTIVATE, BillingCommand, Underway
from tables.order import Order, OrderLine, Subscription
from tables.price import Price, allowed
from tables.rate_limit import RateLimit
from tables.subscribing import OVER, makes_sense, renewing, state_of
from tables.vendor import Vendor
from theming.center import Center
from theming.subscription_words import SubscriptionWords
from theming.words import _
from web.errors import Refused
from web.limits import WISHES_PER_CUSTOMER
from web.rendering import redirect, render
from web.requests import center_of, person_of


class Subscribed:
    """A customer's own subscription with what decides over it."""

    def __init__(self, center: Center, public_id: str, order: Order, lines: Sequence[OrderLine]) -> None:
        self.center, self.public_id, self.order, self.lines = center, public_id, order, lines
        self.line = renewing(lines)
        self.price: Price | None = None
        self.open: BillingCommand | None = None
        self.anew: BillingCommand | None = None

    @property
    def home(self) -> str:
        """The path of its own page."""
        return f"/account/subscriptions/{self.public_id}"

    @property
    def name(self) -> str:
        return self.order.summary or _("Subscription")

    @cached_property
    def words(self) -> SubscriptionWords:
        return SubscriptionWords(self.center)

    def may(self, kind: str) -> bool:
        """Whether the vendor and the price let customers ask for it."""
        return allowed(self.center.allowed, self.price, kind)

    def offers(self, kind: str) -> bool:
        """Whether it can be asked for right now, too."""
        if kind == REACTIVATE and self.anew is not None:
            return False
        return self.open is None and self.may(kind) and makes_sense(self.order, kind, database.now())

    @property
    def shown(self) -> dict[str, Any]:
        """What every page about it shows of it."""
        return {"name": self.name, "href": self.center.url(self.home), "plan": self.words.plan(list(self.lines))}

    def href(self, part: str) -> str:
        return self.center.url(f"{self.home}/{part}")


async def subscribed(request: Any, subscription: str) -> Subscribed:
    """The customer's own; raises Refused for anybody else's as for none."""
    center = center_of(request)
    found = await Subscription.by_public_id(center.vendor_id, person_of(request).customer_id, subscription)
    order = await Order.behind(center.vendor_id, found.order) if found else None
    if order is None or order.deleted_at is not None:
        raise Refused(404)
    it = Subscribed(center, subscription, order, await OrderLine.of(center.vendor_id, order.id))
    prices = await Price.among(center.vendor_id, [it.line.price_clickfunnels_id if it.line else None])
    it.price = prices[0] if prices else None
    it.open = await BillingCommand.open_about(center.vendor_id, order.id)
    if state_of(order, database.now()) == OVER:
        it.anew = await BillingCommand.begun_anew(center.vendor_id, order.id)
    return it


async def manageable(request: Any, subscription: str, kind: str) -> Subscribed:
    """The same where the vendor lets customers ask for a thing; raises Refused where it does not."""
    it = await subscribed(request, subscription)
    if not it.may(kind):
        raise Refused(404)
    return it


async def vendor_of(request: Any) -> Vendor:
    """The whole row, for whoever talks to the holder of the money."""
    vendor = await Vendor.by_id(center_of(request).vendor_id)
    if vendor is None:
        raise Refused(404)
    return vendor


async def ask(request: Any, it: Subscribed, kind: str, *, back: str = "", **wish: Any) -> Response:
    """Ask for it and go where it shows; pressing twice is asking once. Raises Refused (429) beyond the limit."""
    if it.open is None:
        if not await RateLimit.take(WISHES_PER_CUSTOMER, f"{it.order.vendor}|{it.order.customer}"):
            raise Refused(429)
        try:
            await asking.ask(await vendor_of(request), person_of(request).customer_id, it.order, kind, **wish)
        except Underway as error:
            it.open = error.command
    if it.open is not None and it.open.kind != kind:
        return redirect(request, f"{it.home}?done=underway")
    request.app.state.worker.wake()
    return redirect(request, it.home + back)


def home(request: Any, it: Subscribed, done: str = "") -> Response:
    """To its own page, which says how things stand."""
    return redirect(request, it.home + (f"?done={done}" if done else ""))


def trouble(request: Any, it: Subscribed, error: SaidNo | Unreachable) -> Response:
    """A page that says why the holder did not answer; nothing was asked of it, and nothing is lost."""
    later = isinstance(error, Unreachable)
    heading = _("That cannot be worked out right now") if later else _("That is not possible")
    text = (_("The payment system did not answer. Nothing was changed and nothing was charged. Please try again in a minute.")
            if later else _("The payment system said: %(reason)s", reason=str(error)))  # fmt: skip
    answer = render(
        request, "account/subscription_trouble", layout="account", title=heading, status=503 if later else 409,
        heading=heading, text=text, subscription=it.shown,
        again=center_of(request).url(request.scope["state"]["inner"]) if later else None,
    )  # fmt: skip
    if later:
        answer.headers["retry-after"] = "60"
    return answer
