"""What a customer bought; one-time and subscription orders alike, as in ClickFunnels."""

from __future__ import annotations

import re
from typing import Any, Self

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

from database import Bound
from tables.base import Owned, Remote, minor, public_id, text
from tables.customer import Customer
from tables.timestamps import moment

PAGE = 20
UNSAFE_IN_NUMBER = re.compile(r"[^A-Za-z0-9_-]+")

ENDED = frozenset({"churned", "abandoned", "voided", "trial_ended", "trial-ended"})
HELD = frozenset({"paused", "suspended"})


class Order(Remote, Table, tablename="orders"):
    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    number = Varchar(length=64)
    order_type = Varchar(length=30, default="one-time-order")
    placed_at = moment()
    currency = Varchar(length=3, default="USD")
    total = minor()
    tax = minor()
    billing_status = Varchar(length=30, default="")
    service_status = Varchar(length=30, default="")
    summary = Varchar(length=300, default="")
    in_trial = Boolean(default=False)
    trial_end_at = moment()
    next_charge_at = moment()
    renewal_at = moment()
    paid_until = moment()
    activated_at = moment()
    canceled_at = moment()
    churned_at = moment()
    cancel_reason = text(200)
    payment_processor = text(40)
    payment_method = text(80)
    shipping_address = Text(default="{}")
    billing_address = Text(default="{}")

    @classmethod
    async def free_number(cls, vendor_id: int, clickfunnels_id: str, wanted: str) -> str:
        """The order's number for addresses and people: what ClickFunnels shows, made unique within the vendor."""
        number = UNSAFE_IN_NUMBER.sub("", wanted)[:50] or clickfunnels_id
        taken = await cls.exists().where(
            cls.vendor == vendor_id, cls.number == number, cls.clickfunnels_id != clickfunnels_id
        )
        return f"{number}-{clickfunnels_id}"[:64] if taken else number

    @classmethod
    async def behind(cls, vendor_id: int, order_id: int) -> Self | None:
        """The order that another of the vendor's rows points at."""
        return await cls.objects().where(cls.vendor == vendor_id, cls.id == order_id).first()

    @classmethod
    async def by_number(cls, vendor_id: int, customer_id: int, number: str) -> Self | None:
        """The customer's own order; somebody else's is as unknown as one that does not exist."""
        return await (
            cls.objects()
            .where(cls.vendor == vendor_id, cls.customer == customer_id, cls.number == number,
                   cls.deleted_at.is_null()).first()
        )  # fmt: skip


LISTED = (
    Order.id, Order.number, Order.placed_at, Order.summary, Order.total, Order.currency, Order.billing_status,
    Order.service_status,
)  # fmt: skip

newest_orders = Bound(
    lambda vendor, customer: Order.select(*LISTED)
    .where(Order.vendor == vendor, Order.customer == customer, Order.deleted_at.is_null())
    .order_by(Order.placed_at, Order.id, ascending=False).limit(PAGE + 1),
    "vendor", "customer",
)  # fmt: skip
older_orders = Bound(
    lambda vendor, customer, placed_at, same, below: Order.select(*LISTED)
    .where(
        Order.vendor == vendor, Order.customer == customer, Order.deleted_at.is_null(), Order.placed_at <= placed_at,
        (Order.placed_at < same) | (Order.id < below),
    )
    .order_by(Order.placed_at, Order.id, ascending=False).limit(PAGE + 1),
    "vendor", "customer", "placed_at", "same", "below",
)  # fmt: skip
newer_orders = Bound(
    lambda vendor, customer, placed_at, same, above: Order.select(*LISTED)
    .where(
        Order.vendor == vendor, Order.customer == customer, Order.deleted_at.is_null(), Order.placed_at >= placed_at,
        (Order.placed_at > same) | (Order.id > above),
    )
    .order_by(Order.placed_at, Order.id, ascending=True).limit(PAGE + 1),
    "vendor", "customer", "placed_at", "same", "above",
)  # fmt: skip


class OrderLine(Owned, Table, tablename="order_lines"):
    order = ForeignKey(Order, null=False, db_column_name="order_id")
    clickfunnels_id = Varchar(length=64)
    position = Integer(default=0)
    product_name = Varchar(length=200, default="")
    variant_name = Varchar(length=200, default="")
    sku = text(80)
    quantity = Integer(default=1)
    amount = minor()
    currency = Varchar(length=3, default="USD")
    interval = text(20)
    interval_count = Integer(null=True, default=None)
    duration = Integer(null=True, default=None)
    product_clickfunnels_id = text(64)
    variant_clickfunnels_id = text(64)
    price_clickfunnels_id = text(64)

    @classmethod
    async def replace(cls, vendor_id: int, order_id: int, lines: list[dict[str, Any]]) -> None:
        """An order's lines as its newest event lists them."""
        await cls.delete().where(cls.vendor == vendor_id, cls.order == order_id)
        for position, line in enumerate(lines):
            await cls(vendor=vendor_id, order=order_id, position=position, **line).save()

    @classmethod
    async def of(cls, vendor_id: int, *order_ids: int) -> list[Self]:
        """The lines of these orders, each order's in its own sequence."""
        if not order_ids:
            return []
        return (
            await cls.objects().where(cls.vendor == vendor_id, cls.order.is_in(list(order_ids))).order_by(cls.position)
        )


class Subscription(Owned, Table, tablename="subscriptions"):
    """A subscription order as the customer manages it: one row for each, kept from the order's own facts."""

    customer = ForeignKey(Customer, null=False, db_column_name="customer_id")
    order = ForeignKey(Order, null=False, unique=True, db_column_name="order_id")
    public_id = Varchar(length=22, default=public_id)

    @classmethod
    async def keep(cls, order: Order) -> None:
        """The order's subscription, which belongs to whom the order belongs to now."""
        if await cls.exists().where(cls.vendor == order.vendor, cls.order == order.id):
            await cls.update({cls.customer: order.customer}).where(cls.vendor == order.vendor, cls.order == order.id)
        else:
            await cls(vendor=order.vendor, customer=order.customer, order=order.id).save()

    @classmethod
    async def by_public_id(cls, vendor_id: int, customer_id: int, public_id: str) -> Self | None:
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.public_id == public_id
        ).first()  # fmt: skip


SUBSCRIPTION_PAGE = 20
subscriptions_of = Bound(
    lambda vendor, customer, below: Subscription.select(
        Subscription.id, Subscription.public_id, Subscription.order.id.as_alias("order"),
        Subscription.order.summary.as_alias("summary"),
        Subscription.order.service_status.as_alias("service_status"),
        Subscription.order.billing_status.as_alias("billing_status"),
        Subscription.order.next_charge_at.as_alias("next_charge_at"),
        Subscription.order.renewal_at.as_alias("renewal_at"),
        Subscription.order.trial_end_at.as_alias("trial_end_at"),
        Subscription.order.paid_until.as_alias("paid_until"),
        Subscription.order.canceled_at.as_alias("canceled_at"),
        Subscription.order.total.as_alias("total"), Subscription.order.currency.as_alias("currency"),
        Subscription.order.number.as_alias("number"),
    ).where(Subscription.vendor == vendor, Subscription.customer == customer, Subscription.id < below)
    .order_by(Subscription.id, ascending=False).limit(SUBSCRIPTION_PAGE + 1),
    "vendor", "customer", "below",
)  # fmt: skip
