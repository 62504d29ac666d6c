"""Cards that expire soon and pay a running subscription: found by an index, claimed in one statement."""

from __future__ import annotations

from datetime import datetime, timedelta

import database
from database import Row
from tables.order import Order
from tables.payment_method import PaymentMethod

LEAD = timedelta(days=30)
PAYS = (
    "o.vendor_id = m.vendor_id AND o.customer_id = m.customer_id AND o.payment_method = m.reference "
    "AND o.order_type = 'subscription-order' AND o.deleted_at IS NULL AND o.service_status IN ('active', 'trialing')"
)


def months(now: datetime) -> list[str]:
    """The months (2026-11) at whose end cards expire that do so within 30 days."""
    found, year, month = [], now.year, now.month
    for _ in range(3):
        year_after, month_after = (year + 1, 1) if month == 12 else (year, month + 1)
        end = datetime(year_after, month_after, 1, tzinfo=now.tzinfo)
        if now < end <= now + LEAD:
            found.append(f"{year:04}-{month:02}")
        year, month = year_after, month_after
    return found


async def due(month: str, limit: int) -> list[Row]:
    """Cards that expire in a month, pay a running subscription and were not written about yet."""
    year, number = map(int, month.split("-"))
    return await database.raw(
        "SELECT m.id, m.vendor_id FROM payment_methods m JOIN vendors v ON v.id = m.vendor_id WHERE m.exp_year = {} "
        "AND m.exp_month = {} AND m.removed_at IS NULL AND (m.reminded_for IS NULL OR m.reminded_for <> {}) "
        f"AND v.mail_reminders AND EXISTS (SELECT 1 FROM orders o WHERE {PAYS}) ORDER BY m.id LIMIT {int(limit)}",
        year, number, month,
    )  # fmt: skip


async def claim(vendor_id: int, method_id: int, month: str) -> PaymentMethod | None:
    """The card, if it is still to be written about, and by us: one statement decides, in the mail's transaction."""
    year, number = map(int, month.split("-"))
    rows = await database.raw(
        "UPDATE payment_methods SET reminded_for = {} WHERE vendor_id = {} AND id = {} AND exp_year = {} AND exp_month = {} "
        "AND removed_at IS NULL AND (reminded_for IS NULL OR reminded_for <> {}) RETURNING id",
        month, vendor_id, method_id, year, number, month,
    )  # fmt: skip
    if not rows:
        return None
    return await PaymentMethod.objects().where(PaymentMethod.vendor == vendor_id, PaymentMethod.id == method_id).first()


async def paid_by(vendor_id: int, customer_id: int, reference: str) -> list[Order]:
    """The customer's running subscriptions that are charged to a payment method."""
    return await Order.objects().where(
        Order.vendor == vendor_id, Order.customer == customer_id, Order.payment_method == reference,
        Order.order_type == "subscription-order", Order.deleted_at.is_null(),
        Order.service_status.is_in(["active", "trialing"]),
    ).order_by(Order.id)  # fmt: skip
