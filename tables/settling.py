"""What the vendor's people did where the money is, written into the mirror: one verb for each kind of wish.

News of the same order that come later have the last word, as always; news of before do not undo it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import database
from tables.billing_command import (
    CANCEL,
    CHANGE_PLAN,
    DEFAULT_METHOD,
    KEEP,
    KEEP_PLAN,
    MANUAL,
    PAUSE,
    PAY,
    REACTIVATE,
    REFUSED,
    REMOVE_METHOD,
    RESUME,
    SENT,
    UPDATE_METHOD,
    USE_METHOD,
    BillingCommand,
    Underway,
)
from tables.invoice import Invoice
from tables.order import Order, OrderLine
from tables.payment_method import PaymentMethod
from tables.price import Price
from tables.vendor import Vendor

TAKEN = "taken"
"""In a wish's details: that its holder has taken it (integrations/billing/clickfunnels.py)."""
PLAN = ("name", "amount", "currency", "interval", "interval_count")


class Done(NamedTuple):
    """What was done: `until` when access or the pause ends, `at` when a plan changes; None is at once, or not said."""

    until: datetime | None = None
    at: datetime | None = None


class Missing(Exception):
    """What the wish is about is not there any more."""


STILL_MEANT = timedelta(days=7)
"""How long after it was asked a refused wish may be tried again; then the customer has to ask anew."""


def waits(command: BillingCommand) -> bool:
    """Whether only the vendor's people can carry it out."""
    return command.is_open and command.holder == MANUAL


def is_ours(command: BillingCommand) -> bool:
    """Whether they may settle it: what waits for them, and what a system refused and they did there by hand."""
    return waits(command) or command.status == REFUSED


def is_repeatable(command: BillingCommand) -> bool:
    """Whether the system that refused it can be asked once more: not for ever, since asking may charge somebody."""
    asked = command.requested_at
    return (
        command.status == REFUSED
        and command.holder != MANUAL
        and asked is not None
        and database.now() - asked < STILL_MEANT
    )


async def take_over(command: BillingCommand) -> bool:
    """Make a refused wish the vendor's to settle; raises Underway where the customer has asked for something else."""
    if command.status != REFUSED:
        return waits(command)
    other = await BillingCommand.open_about(command.vendor, command.order, command.payment_method)
    if other is not None:
        raise Underway(other)
    rows = await database.raw(
        "UPDATE billing_commands SET status = {}, holder = {}, settled_at = NULL, error = NULL "
        "WHERE vendor_id = {} AND id = {} AND status = 'refused' RETURNING id", SENT, MANUAL, command.vendor, command.id,
    )  # fmt: skip
    if rows:
        command.status, command.holder, command.settled_at, command.error = SENT, MANUAL, None, None
    return bool(rows)


async def repeat(command: BillingCommand, about: Order | PaymentMethod, holder: str, asked_by: str) -> BillingCommand:
    """The same wish as a row of its own: Stripe answers a key that it has refused with the same refusal for a day."""
    wish = {name: value for name, value in command.wish.items() if name != TAKEN}
    order = about if isinstance(about, Order) else None
    bills = await Invoice.of(order.vendor, order.id) if order and command.invoice else []
    return await BillingCommand.ask(
        command.vendor, command.customer, command.kind, holder, order=order, asked_by=asked_by,
        invoice=next((bill for bill in bills if bill.id == command.invoice), None),
        method=about if isinstance(about, PaymentMethod) else await method_of(command), **wish,
    )  # fmt: skip


async def settle(command: BillingCommand, done: Done) -> Order | PaymentMethod:
    """Write down what was done, inside a transaction; returns what it was done to. Raises Missing."""
    await Vendor.hold(command.vendor)
    about = await subject_of(command)
    await (settle_order(about, command, done) if isinstance(about, Order) else settle_method(about, command))
    return about


async def subject_of(command: BillingCommand) -> Order | PaymentMethod:
    """What a wish is about; raises Missing."""
    if command.order:
        about = await Order.behind(command.vendor, command.order)
    else:
        about = await method_of(command)
    if about is None:
        raise Missing
    return about


async def method_of(command: BillingCommand) -> PaymentMethod | None:
    if not command.payment_method:
        return None
    return await PaymentMethod.objects().where(
        PaymentMethod.vendor == command.vendor, PaymentMethod.id == command.payment_method
    ).first()  # fmt: skip


async def settle_order(order: Order, command: BillingCommand, done: Done) -> None:
    now = database.now()
    if command.kind == CHANGE_PLAN:
        return await change_plan(order, command, done)
    if command.kind == KEEP_PLAN:
        return await order.change_later(None)
    if command.kind == PAY:
        return await pay(order, command)
    paid_by: dict[Any, Any] = {Order.payment_method: command.wish.get("reference")}
    values: dict[str, dict[Any, Any]] = {
        CANCEL: cancelled(done.until, now), PAUSE: {Order.service_status: "paused", Order.resumes_at: done.until},
        KEEP: RUNNING, RESUME: RUNNING, REACTIVATE: RUNNING | (paid_by if command.wish.get("reference") else {}),
        USE_METHOD: paid_by,
    }  # fmt: skip
    await change(order, values[command.kind])
    return None


RUNNING: dict[Any, Any] = {
    Order.service_status: "active", Order.canceled_at: None, Order.churned_at: None, Order.paid_until: None,
    Order.resumes_at: None, Order.cancel_reason: None,
}  # fmt: skip


def cancelled(until: datetime | None, now: datetime) -> dict[Any, Any]:
    """Access to the end of what is paid for, or none any more."""
    if until is None or until <= now:
        return {Order.service_status: "churned", Order.canceled_at: now, Order.churned_at: now, Order.paid_until: now}
    return {Order.service_status: "canceled", Order.canceled_at: now, Order.paid_until: until}


async def change(order: Order, values: dict[Any, Any]) -> None:
    await Order.update(values).where(Order.vendor == order.vendor, Order.id == order.id)
    for column, value in values.items():
        setattr(order, column._meta.name, value)


async def change_plan(order: Order, command: BillingCommand, done: Done) -> None:
    """The new price on the line at once, or noted for the end of the period."""
    plan = await plan_of(command)
    if done.at is not None and done.at > database.now():
        return await order.change_later(plan | {"at": done.at.isoformat()})
    line = next((line for line in await OrderLine.of(order.vendor, order.id) if line.interval), None)
    if line is None:
        raise Missing
    values: dict[Any, Any] = {
        OrderLine.price_clickfunnels_id: plan["price"],
        OrderLine.variant_name: plan["name"] or "",
    }
    values |= {getattr(OrderLine, name): plan[name] for name in PLAN[1:] if plan[name] is not None}
    await OrderLine.update(values).where(OrderLine.vendor == order.vendor, OrderLine.id == line.id)
    return await order.change_later(None)


async def plan_of(command: BillingCommand) -> dict[str, Any]:
    """The plan that was wished, from the wish itself and from what is known of its price."""
    wish = command.wish
    price = await Price.known(command.vendor, str(wish.get("price")))
    known = {name: getattr(price, name) for name in PLAN} if price else {}
    return {"price": str(wish.get("price")), **{name: wish.get(name, known.get(name)) for name in PLAN}}


async def pay(order: Order, command: BillingCommand) -> None:
    """The bill that was paid; nothing else of the order is late once it is."""
    if command.invoice:
        await Invoice.update({Invoice.status: "paid", Invoice.paid_at: database.now(), Invoice.due: 0}).where(
            Invoice.vendor == order.vendor, Invoice.order == order.id, Invoice.id == command.invoice
        )
    await change(order, {Order.billing_status: "paid"})


async def settle_method(method: PaymentMethod, command: BillingCommand) -> None:
    own = PaymentMethod.vendor == method.vendor, PaymentMethod.customer == method.customer
    if command.kind == DEFAULT_METHOD:
        await PaymentMethod.update({PaymentMethod.is_default: False}).where(*own)
    wish = command.wish
    values: dict[Any, Any] = {
        DEFAULT_METHOD: {PaymentMethod.is_default: True},
        REMOVE_METHOD: {PaymentMethod.removed_at: database.now(), PaymentMethod.is_default: False},
        UPDATE_METHOD: {
            PaymentMethod.exp_month: wish.get("exp_month"), PaymentMethod.exp_year: wish.get("exp_year"),
            PaymentMethod.description: wish.get("description", method.description),
        },
    }[command.kind]  # fmt: skip
    await PaymentMethod.update(values).where(*own, PaymentMethod.id == method.id)
    for column, value in values.items():
        setattr(method, column._meta.name, value)
