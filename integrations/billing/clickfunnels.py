"""ClickFunnels as the holder of subscriptions: its API cancels and changes plans, and nothing else.

ClickFunnels knows no idempotency keys, so every try looks before it acts: what the order shows already is only
mirrored (ADR 22). What it has taken once is written down, and from then on only looked for.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog

import database
from integrations.billing import Plan, Preview, Refused, Unreachable, Unsure, Write, news, reckoning
from integrations.clickfunnels import api, changes, orders
from integrations.clickfunnels.api import Api
from integrations.clickfunnels.envelope import Event, History
from integrations.clickfunnels.values import instant, part, parts
from tables.billing_command import CANCEL, CHANGE_PLAN, CLICKFUNNELS, GIVE_UP, BillingCommand
from tables.order import ENDED, Order, OrderLine
from tables.price import Price
from tables.vendor import Vendor

name = CLICKFUNNELS
kinds = frozenset({CANCEL, CHANGE_PLAN})
API_ID = "-"
"""Sorts below the id of every webhook of the same moment, which tells the same."""
TAKEN = "taken"
"""In a wish's details: when ClickFunnels said that it has taken it."""
PLAN = ("name", "amount", "currency", "interval", "interval_count")
DAY = timedelta(days=1)
MEND_SECONDS = 900.0
"""How long to wait for the vendor to mend the API token."""
NEVER_SHOWN = "The payment system took the request and has not shown it for 20 hours; please ask there"
GONE = "The payment system does not know this subscription any more"

log = structlog.get_logger("billing")


async def plans(vendor: Vendor, order: Order, lines: Sequence[OrderLine]) -> list[Plan]:
    """What the vendor allows at ClickFunnels (Product, Variant, Upgrade/Downgrade options)."""
    line = renewing(lines)
    if line is None:
        return []
    async with opened(vendor) as client:
        found = await changes.change_options(client, line.price_clickfunnels_id or "")
    return [
        Plan(offer.id, offer.name, offer.amount, offer.currency, offer.interval or "months", offer.interval_count or 1,
             offer.direction == changes.UPGRADE)
        for offer in found if offer.amount is not None and offer.id != line.price_clickfunnels_id
    ]  # fmt: skip


async def preview(vendor: Vendor, order: Order, lines: Sequence[OrderLine], plan: Plan) -> Preview:
    """ClickFunnels' own reckoning; ours where it says nothing."""
    line = renewing(lines)
    if line is None:
        return reckoning.preview(order, lines, plan)
    async with opened(vendor) as client:
        quote = await changes.preview(client, line.clickfunnels_id, plan.price, plan.currency)
    if quote.total is None:
        return reckoning.preview(order, lines, plan)
    later = quote.next_at if quote.next_at and quote.next_at > database.now() + DAY else None
    if plan.upgrade and later is None:
        return Preview(quote.total, None, None, quote.currency, at_period_end=False)
    # Whether what is prorated is charged today or with the next invoice is the processor's: so today stays unsaid.
    return Preview(None if plan.upgrade else 0, quote.total, later, quote.currency, at_period_end=not plan.upgrade)


async def perform(vendor: Vendor, command: BillingCommand) -> Write | None:
    """Look, act where the order does not show the wish yet, and look again. What was taken once is never asked again."""
    order = await Order.behind(command.vendor, command.order)
    if order is None:
        raise Refused(GONE)
    async with opened(vendor) as client:
        found, taken = await changes.order(client, order.clickfunnels_id), command.wish.get(TAKEN)
        if shows(command, found):
            return lambda: write(command, order, found)
        if taken:
            require_patience(command)
            return lambda: write(command, order, found)
        await ACTS[command.kind](client, command, order, found)
        seen = await looked_again(client, order)
    return lambda: write_taken(command, order, seen)


async def write_taken(command: BillingCommand, order: Order, found: dict[str, Any] | None) -> None:
    """ClickFunnels has taken it: so much is written down whatever can be seen of it yet."""
    await command.note(taken=database.now().isoformat())
    if command.kind == CHANGE_PLAN and command.wish.get("at_period_end") and not (found and shows(command, found)):
        await order.change_later(await pending(command, order))
    await write(command, order, found)


async def write(command: BillingCommand, order: Order, found: dict[str, Any] | None) -> None:
    """Mirror the order as ClickFunnels has it; a record that cannot be read is left to its webhook."""
    if found is not None:
        moment = instant(found.get("updated_at"), "updated_at") or database.now()
        event = Event(
            vendor_id=command.vendor, id=API_ID, type="subscription.updated", data=dated(found, order), created_at=moment,
            received_at=database.now(), history=History(database.now(), welcomes=False),
        )  # fmt: skip
        try:
            await database.attempt(lambda: orders.write(event, event.data))
        except Exception as error:
            if isinstance(error, (*database.RETRIED, database.Unavailable)):
                raise
            log.warning("not mirrored", vendor=command.vendor, id=command.public_id, why=type(error).__name__)
    if (now := await Order.behind(command.vendor, order.id)) is not None:
        await news.mirrored(now)


def dated(found: dict[str, Any], order: Order) -> dict[str, Any]:
    """A cancellation whose end ClickFunnels' processor has still to say ends with the period we know of."""
    end = order.renewal_at or order.next_charge_at
    late = str(found.get("service_status")).lower() == "canceled" and not found.get("paid_until") and end is not None
    return found | {"paid_until": end.isoformat()} if late and end else found


async def cancel(client: Api, command: BillingCommand, order: Order, found: dict[str, Any]) -> None:
    """A reason of the vendor's own goes along as `other`, with its words."""
    wish, code = command.wish, str(command.wish.get("reason") or changes.OTHER)
    said = [wish.get("reason_text") if code == changes.OTHER else "", wish.get("comment")]
    await changes.cancel(
        client, order.clickfunnels_id, str(found.get("payment_processor") or order.payment_processor or ""), code,
        ": ".join(str(text) for text in said if text),
    )  # fmt: skip


async def change_plan(client: Api, command: BillingCommand, order: Order, found: dict[str, Any]) -> None:
    """A change that is refused because it is made already was made by an earlier try whose answer was lost."""
    line = next((line for line in parts(found, "line_items") if part(line, "products_price").get("interval")), None)
    if line is None or line.get("id") is None:
        raise Refused("There is nothing in this subscription that could be changed")
    try:
        await changes.perform(client, str(line["id"]), str(command.wish["price"]))
    except api.Refused as error:
        if not changes.is_same(error):
            raise


ACTS: dict[str, Callable[[Api, BillingCommand, Order, dict[str, Any]], Awaitable[None]]] = {
    CANCEL: cancel, CHANGE_PLAN: change_plan,
}  # fmt: skip


async def looked_again(client: Api, order: Order) -> dict[str, Any] | None:
    """The order after the deed; None where it cannot be read just now: the deed is done all the same."""
    try:
        return await changes.order(client, order.clickfunnels_id)
    except (api.Refused, api.Busy):
        return None


def shows(command: BillingCommand, found: dict[str, Any]) -> bool:
    """Whether ClickFunnels' order is as the wish wants it."""
    service = str(found.get("service_status") or "").lower().replace("_", "-")
    if command.kind == CANCEL:
        return service == "canceled" or service in ENDED
    prices = [str(part(line, "products_price").get("id")) for line in parts(found, "line_items")]
    return str(command.wish.get("price")) in prices


def require_patience(command: BillingCommand) -> None:
    """What was taken shows sooner or later; raises Unsure once it has not for as long as a wish is tried."""
    if database.now() - command.requested_at > GIVE_UP:
        raise Unsure(NEVER_SHOWN)


async def pending(command: BillingCommand, order: Order) -> dict[str, Any]:
    """The plan that begins with the next period, as far as it is known here."""
    wish, price = command.wish, await Price.known(command.vendor, str(command.wish["price"]))
    known = {} if price is None else {name: getattr(price, name) for name in PLAN}
    at = order.renewal_at or order.next_charge_at
    return {"price": str(wish["price"]), **{name: wish.get(name, known.get(name)) for name in PLAN},
            "at": at.isoformat() if at else None}  # fmt: skip


def renewing(lines: Sequence[OrderLine]) -> OrderLine | None:
    """The line that is a subscription and that ClickFunnels can name."""
    return next((line for line in lines if line.interval and line.price_clickfunnels_id), None)


@asynccontextmanager
async def opened(vendor: Vendor) -> AsyncIterator[Api]:
    """ClickFunnels' API for a vendor, its trouble told as a holder's: a token that opens nothing may be mended."""
    if not vendor.api_token or not vendor.subdomain:
        raise Unreachable("There is no API token any more", MEND_SECONDS)
    try:
        async with Api(vendor.subdomain, vendor.api_token) as client:
            client.pace = 0.0
            yield client
    except api.Locked as error:
        raise Unreachable(str(error), MEND_SECONDS) from None
    except api.Missing:
        raise Refused(GONE) from None
    except api.Refused as error:
        raise Refused(str(error)) from None
    except api.Busy as error:
        raise Unreachable(str(error), error.seconds) from None
