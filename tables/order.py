"""What a customer bought; one-time and subscription orders alike, as in ClickFunnels."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, Self

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Varchar
from piccolo.table import Table

import database
from database import Bound
from tables.base import Owned, Remote, minor, public_id, text
from tables.customer import Customer
from tables.timestamps import moment

PAGE = 20
UNSAFE_IN_NUMBER = re.compile(r"[^A-Za-z0-9_-]+")

ENDED = frozenset({"churned", "abandoned", "voided", "trial_ended", "trial-ended"})
HELD = frozenset({"paused", "suspended"})
OVERDUE = ("past-due", "past_due", "delinquent", "failed")
"""Billing states of a subscription that did not get its money."""
OWING = (
    "(SELECT subscriptions.public_id FROM orders JOIN subscriptions ON subscriptions.vendor_id = orders.vendor_id "
    "AND subscriptions.order_id = orders.id WHERE orders.vendor_id = {vendor} AND orders.customer_id = {customer} "
    "AND orders.order_type = 'subscription-order' "
    "AND orders.billing_status IN ('past-due', 'past_due', 'delinquent', 'failed') "
    "AND orders.service_status NOT IN ('churned', 'abandoned', 'voided', 'canceled') AND orders.deleted_at IS NULL "
    "ORDER BY orders.id LIMIT 1) AS owing"
)
"""A customer's subscription that waits for money, inside a statement that knows both ids.

Its conditions are word for word those of the index `orders_overdue`, in which next to nobody is found.
"""

LISTED = "o.id, o.number, o.placed_at, o.summary, o.total, o.currency, o.billing_status, o.service_status"
OWN = "o.vendor_id = {} AND o.customer_id = {} AND o.deleted_at IS NULL"
SQLITE = database.engine.engine_type == "sqlite"
YEAR_BEGAN = "substr(found.at, 1, 4) || '-01-01 00:00:00+00:00'" if SQLITE else "date_trunc('year', found.at, 'UTC')"
NEWEST_OF_EACH = "group_concat(at)" if SQLITE else "string_agg((at AT TIME ZONE 'UTC')::text, ',')"


def years_of(own: str) -> str:
    """The newest order of each year among those that `own` says, as one text; its values are wanted twice.

    One look into the index for each year there is: neither a count nor a scan.
    """
    return (
        f"(WITH RECURSIVE found(at) AS (SELECT * FROM (SELECT o.placed_at FROM orders o WHERE {own} "
        "ORDER BY o.placed_at DESC LIMIT 1) AS newest UNION ALL "
        f"SELECT (SELECT o.placed_at FROM orders o WHERE {own} AND o.placed_at < {YEAR_BEGAN} "
        "ORDER BY o.placed_at DESC LIMIT 1) FROM found WHERE found.at IS NOT NULL) "
        f"SELECT {NEWEST_OF_EACH} FROM found WHERE at IS NOT NULL)"
    )


YEARS = years_of(OWN)


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
    resumes_at = moment()
    pending_change = text()
    """The plan it changes to at the end of its period, as JSON: price, name, amount, currency, interval, interval_count, at."""
    cancel_reason = text(200)
    payment_processor = text(40)
    payment_method = text(80)
    invoice_number = text(64)
    """Of the order's own paper, where it was written down here; other orders' own papers have the order's number."""
    next_memo_number = Integer(default=1)
    shipping_address = Text(default="{}")
    billing_address = Text(default="{}")
    tell_at = moment()
    """When a mail about its money is due (tables/money_news.py)."""
    to_tell = text()
    failure_told_at = moment()
    reminded_for = moment()
    """The charge or the end of the trial that was last announced (tables/reminding.py)."""

    @classmethod
    async def free_number(cls, vendor_id: int, clickfunnels_id: str, wanted: str) -> str:
        """The order's number for addresses and people: what ClickFunnels shows, made unique within the vendor."""
        number = UNSAFE_IN_NUMBER.sub("", wanted)[:50] or clickfunnels_id
        taken = await cls.exists().where(
            cls.vendor == vendor_id, cls.number == number, cls.clickfunnels_id != clickfunnels_id
        )
        return f"{number}-{clickfunnels_id}"[:64] if taken else number

    @classmethod
    async def numbered(cls, vendor_id: int, number: str) -> Self | None:
        """The vendor's order with this number, whoever bought it: for the vendor's own people."""
        return await cls.objects().where(
            cls.vendor == vendor_id, cls.number == number, cls.deleted_at.is_null()
        ).first()  # fmt: skip

    @classmethod
    async def usual_currency(cls, vendor_id: int) -> str:
        """That of the vendor's newest order, dollars before there is one."""
        row = await (
            cls.select(cls.currency).where(cls.vendor == vendor_id, cls.deleted_at.is_null())
            .order_by(cls.placed_at, ascending=False).first()
        )  # fmt: skip
        return row["currency"] if row else "USD"

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

    async def change_later(self, plan: dict[str, Any] | None) -> None:
        """Note the plan it changes to when its period ends (the members of `pending_change`); None is to stay on today's."""
        cls, self.pending_change = type(self), json.dumps(plan) if plan else None
        await cls.update({cls.pending_change: self.pending_change}).where(cls.vendor == self.vendor, cls.id == self.id)

    async def settle_change(self) -> None:
        """Forget a change of plan that has come true, or that cannot any more: it ended, or a period began without it."""
        if not self.pending_change:
            return
        plan = json.loads(self.pending_change)
        at = datetime.fromisoformat(plan["at"]) if plan.get("at") else None
        renewal = self.renewal_at or self.next_charge_at
        passed = bool(at and renewal and renewal > at + timedelta(days=1))
        lines = await OrderLine.of(self.vendor, self.id)
        shown = any(line.price_clickfunnels_id == plan["price"] for line in lines)
        if shown or passed or self.service_status in (*ENDED, "canceled"):
            await self.change_later(None)


newest_orders = Bound(
    lambda vendor, customer: Order.raw(
        f"SELECT {LISTED}, {YEARS} AS years FROM orders o WHERE {OWN} ORDER BY o.placed_at DESC, o.id DESC "
        f"LIMIT {PAGE + 1}", vendor, customer, vendor, customer, vendor, customer,
    ),
    "vendor", "customer",
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
    async def any_running(cls, vendor_id: int, customer_id: int) -> bool:
        """Whether the customer still pays for something regularly."""
        return await cls.exists().where(
            cls.vendor == vendor_id, cls.customer == customer_id, cls.order.deleted_at.is_null(),
            cls.order.service_status.is_in(["active", "trialing", "paused", "suspended"]),
        )  # fmt: skip

    @classmethod
    async def public_id_of(cls, vendor_id: int, order_id: int) -> str | None:
        """The id in the addresses of an order's subscription."""
        row = await cls.select(cls.public_id).where(cls.vendor == vendor_id, cls.order == order_id).first()
        return row["public_id"] if row else None

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
        Subscription.order.churned_at.as_alias("churned_at"), Subscription.order.resumes_at.as_alias("resumes_at"),
        Subscription.order.total.as_alias("total"), Subscription.order.currency.as_alias("currency"),
        Subscription.order.number.as_alias("number"),
    ).where(Subscription.vendor == vendor, Subscription.customer == customer, Subscription.id < below)
    .order_by(Subscription.id, ascending=False).limit(SUBSCRIPTION_PAGE + 1),
    "vendor", "customer", "below",
)  # fmt: skip
