"""Webhooks as ClickFunnels sends them, minute by minute from one morning on, and what is needed to work them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import database
from integrations import clickfunnels
from tables import (
    Address,
    Contact,
    Course,
    CreditMemo,
    Customer,
    Enrollment,
    Invoice,
    InvoiceLine,
    Lesson,
    Order,
    OrderLine,
    Parcel,
    ParcelLine,
    Payment,
    PaymentMethod,
    PhoneNumber,
    Product,
    Section,
    Subscription,
    Variant,
    WebhookEvent,
)

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
SECRET_PATH = "/enrollments/5ae995ce7e62408b8d5a8347fccbd635d5451f064ad4781b27a85f406167e700b9"
SUBJECTS = {
    "contact": "Contact", "course": "Course", "courses/section": "Courses::Section",
    "courses/lesson": "Courses::Lesson", "courses/enrollment": "Courses::Enrollment", "product": "Product",
    "orders/invoice": "Orders::Invoice", "orders/transaction": "Orders::Transaction", "fulfillment": "Fulfillment",
    "products/variant": "Products::Variant",
}  # fmt: skip
ids = count(1)


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def event(kind: str, data: Any, minutes: float = 0, **changes: Any) -> dict[str, Any]:
    """A version 2 event; `minutes` is when ClickFunnels made it."""
    return {
        "data": data, "event_id": f"11111111-2222-4333-8444-{next(ids):012}", "event_type": kind,
        "subject_id": data.get("id") if isinstance(data, dict) else None,
        "subject_type": SUBJECTS.get(kind.rpartition(".")[0], "Order"),
        "created_at": at(minutes), "api_version": 2, "workspace_id": 42000,
        "page": {"id": 3, "public_id": "CoFGTR", "name": "Great Page"}, "funnel": None,
    } | changes  # fmt: skip


def contact(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 45, "public_id": "wtTjOp", "workspace_id": 42000, "anonymous": None, "email_address": "Ann@Example.com",
        "first_name": "Ann", "last_name": "Haag", "phone_number": "1-292-348-1125 x8995",
        "time_zone": "Pacific Time (US & Canada)", "uuid": "45bbe6cc-7958-4b82-a9e4-7a50f2278498",
        "unsubscribed_at": None, "fb_url": None, "created_at": at(0), "updated_at": at(updated),
        "tags": [{"id": 11, "public_id": "JmHyKR", "name": "Example Tag", "color": "#31fb66", "applied_at": None}],
        "custom_attributes": {"CustomKey": "MyText"}, "avatar_image": None,
    } | changes  # fmt: skip


def order(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 123, "public_id": "usxWaX", "order_number": "1001", "workspace_id": 42000, "contact_id": 45,
        "live_mode": True, "total_amount": "129.00", "tax_amount": "0.00", "currency": "USD",
        "shipping_address_first_name": "Ann", "shipping_address_last_name": "Haag",
        "shipping_address_organization_name": "Testing, Inc.", "shipping_address_phone_number": "+19053871234",
        "shipping_address_street_one": "807 Jacobs Well", "shipping_address_street_two": "Apt. 986",
        "shipping_address_city": "North Gaye", "shipping_address_region": "WA", "shipping_address_country": "US",
        "shipping_address_postal_code": "16200-7595", "billing_address_street_one": "247 Herminia Neck",
        "billing_address_street_two": None, "billing_address_city": "South Whitneyton",
        "billing_address_region": "WA", "billing_address_country": "US", "billing_address_postal_code": "61159-2857",
        "in_trial": False, "billing_status": "paid", "service_status": "completed", "order_type": "one-time-order",
        "next_charge_at": None, "trial_end_at": None, "billing_payment_method_id": "pm_77", "activated_at": None,
        "canceled_at": None, "cancel_reason": None, "churned_at": None, "payment_processor": "payments_ai",
        "phone_number": "1-292-348-1125 x8995", "created_at": at(1), "updated_at": at(updated),
        "contact": contact(), "line_items": [line()], "previous_line_item": None,
        "affiliate": {"name": "Josh Fancy", "email": "josh@example.com"},
    } | changes  # fmt: skip


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": 2, "public_id": "OJMAJB", "order_id": 123, "quantity": 1, "prorated": None, "created_at": at(1),
        "updated_at": at(1), "original_product": {"id": 6503, "public_id": "Ykznlj", "name": "Keeping Bees"},
        "products_price": {"id": 44, "public_id": "eJxGaN", "amount": "129.00", "currency": "usd", "duration": None,
                           "interval": None, "interval_count": None, "key": None},
        "products_variant": {"id": 11, "public_id": "OjzDND", "name": "Keeping Bees", "description": "", "sku": "bee"},
    } | changes  # fmt: skip


def subscription(updated: float = 0, **changes: Any) -> dict[str, Any]:
    price = line()["products_price"] | {"amount": "39.99", "interval": "months", "interval_count": 1}
    return order(
        updated, order_type="subscription-order", service_status="active", next_charge_at=at(43_200),
        line_items=[line(products_price=price)],
    ) | changes  # fmt: skip


def invoice(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 200, "public_id": "plWKMs", "order_id": 123, "status": "paid", "due_amount": "0.00",
        "total_amount": "129.00", "subtotal_amount": "129.00", "tax_amount": "9.99", "shipping_amount": "0.00",
        "discount_amount": "0.00", "currency": "USD", "issued_at": at(2), "due_at": at(3), "paid_at": None,
        "invoice_type": "one_time", "invoice_number": "99", "fulfillment_status": "unfulfilled",
        "created_at": at(2), "updated_at": at(updated), "external_id": None, "payment_processor": "payments_ai",
        "line_items": [invoice_line()],
        "order": {"id": 123, "order_number": "1001", "total_amount": "1.00", "billing_status": "pending",
                  "contact": contact()},
    } | changes  # fmt: skip


def invoice_line(**changes: Any) -> dict[str, Any]:
    return {
        "id": 125, "public_id": "GtugXb", "invoice_id": 200, "payment_type": "one_time", "description": "Keeping Bees",
        "quantity": 1, "fulfillment_status": "unfulfilled", "discount_amount": "0.00", "state_tax_amount": "3.33",
        "county_tax_amount": 3.33, "city_tax_amount": "2.22", "district_tax_amount": 1.11, "period_start_at": None,
        "period_end_at": None, "amount": "129.00",
        "products_price": {"id": 44, "amount": "129.00", "currency": "USD", "interval": None},
        "products_variant": {"id": 11, "product_id": 6503, "name": "Keeping Bees", "sku": "bee"},
    } | changes  # fmt: skip


def transaction(updated: float | None = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 300, "public_id": "BsjNiL", "order_id": 123, "status": "completed", "external_type": "sale",
        "external_id": "3d954b129c25c0d30eed903208ca4fd2", "amount": "129.00", "currency": "USD", "reason": None,
        "adjusted_transaction_id": None, "result": "approved", "is_rebill": False, "rebill_number": None,
        "created_at": at(3), "updated_at": None if updated is None else at(updated),
    } | changes  # fmt: skip


def refund(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return transaction(updated) | {
        "id": 301, "external_type": "refund", "amount": "29.00", "reason": "asked for it",
        "adjusted_transaction_id": 300, "created_at": at(updated),
    } | changes  # fmt: skip


def course(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 9, "public_id": "wUxEbN", "title": "Keeping Bees", "published_at": at(0), "root_section_id": 20,
        "description": "A year with bees.", "current_path": None, "show_in_community": True, "upgrade_url": None,
        "image_url": "https://example.myclickfunnels.com/uploads/image/1.png", "created_at": at(0),
        "updated_at": at(updated),
    } | changes  # fmt: skip


def section(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 21, "public_id": "ftjAZK", "course_id": 9, "title": "Module 1", "published_at": at(0),
        "description": "The hive", "days_till_drip_access": 5, "blocker_section_id": None, "blocker_lesson_id": None,
        "current_path": "/section-example", "is_hidden_from_non_members": True, "upgrade_url": None, "parent_id": 20,
        "sort_order": 0, "created_at": at(0), "updated_at": at(updated),
    } | changes  # fmt: skip


def lesson(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 31, "public_id": "djvtaH", "title": "Lesson 1",
        "body": "<p>Look:</p>\n<img src=\"https://pictures.example/hive.png\">", "section_id": 21,
        "published_at": at(0), "current_path": None, "sort_order": 0, "created_at": at(0), "updated_at": at(updated),
    } | changes  # fmt: skip


def enrollment(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 77, "public_id": "cZhvRP", "contact_id": 45, "course_id": 9, "suspended": False,
        "suspension_reason": None, "current_path": SECRET_PATH, "origination_source_type": "Order",
        "origination_source_id": 123, "created_at": at(4), "updated_at": at(updated),
        "contact": {"id": 45, "public_id": "wtTjOp", "email_address": "ann@example.com", "first_name": "Ann",
                    "last_name": "Haag", "phone_number": None},
    } | changes  # fmt: skip


def fulfillment(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 400, "public_id": "vGSQyt", "workspace_id": 42000, "contact_id": 45, "status": "fulfilled",
        "tracking_url": "https://usps.com/track/1234567890", "shipping_provider": "USPS",
        "tracking_code": "1234567890", "location_id": 1, "fulfillment_number": 1, "created_at": at(6),
        "updated_at": at(updated), "included_invoices_line_items": [
            {"id": 1, "public_id": "PYvAJe", "fulfillment_id": 400, "quantity": 1, "invoices_line_item_id": 125},
        ],
    } | changes  # fmt: skip


def product(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 6503, "public_id": "WikBSg", "workspace_id": 42000, "name": "Keeping Bees", "archived": False,
        "visible_in_store": True, "visible_in_customer_center": True, "default_variant_id": 11, "variant_ids": [11],
        "created_at": at(0), "updated_at": at(updated),
    } | changes  # fmt: skip


def variant(updated: float = 0, **changes: Any) -> dict[str, Any]:
    return {
        "id": 11, "public_id": "yBvJVX", "product_id": 6503, "name": "Keeping Bees", "description": "Text",
        "sku": "bee", "product_type": "digital", "weight": "92.0", "archived": False, "created_at": at(0),
        "updated_at": at(updated),
    } | changes  # fmt: skip


def price(updated: float = 0, **changes: Any) -> dict[str, Any]:
    """As `GET /products/:id/prices` lists it; `product_id` is for the fake alone."""
    return {
        "id": 44, "public_id": "eJxGaN", "variant_id": 11, "product_id": 6503, "name": "Once", "amount": "129.00",
        "cost": "0.00", "currency": "USD", "duration": None, "interval": None, "interval_count": None,
        "trial_interval": None, "trial_duration": None, "trial_amount": "0.00", "setup_amount": None,
        "self_cancel": True, "self_upgrade": True, "self_downgrade": False, "self_reactivate": True,
        "payment_type": "one_time", "visible": True, "compare_at_amount": None, "key": None, "archived": False,
        "created_at": at(0), "updated_at": at(updated),
    } | changes  # fmt: skip


def body(sent: Any) -> bytes:
    return json.dumps(sent).encode()


async def deliver(vendor: Any, *events: Any) -> None:
    """Take events in and work all that is due, parked ones as soon as they are woken."""
    for sent in events:
        await clickfunnels.receive(vendor.id, body(sent))
        await drain()


async def drain() -> None:
    for _ in range(1000):
        rows = await WebhookEvent.lease(10)
        if not rows:
            return
        for row in rows:
            await clickfunnels.apply(row)
    raise AssertionError("the inbox never comes to rest")


async def verdict(vendor: Any, sent: dict[str, Any]) -> dict[str, Any]:
    """What became of one event."""
    row = await WebhookEvent.select().where(
        WebhookEvent.vendor == vendor.id, WebhookEvent.event_id == sent["event_id"]
    ).first()  # fmt: skip
    return {name: row[name] for name in ("status", "outcome", "error", "waiting_for")}


OURS = {
    "id", "vendor_id", "public_id", "welcomed_at", "tell_at", "to_tell", "failure_told_at", "reminded_for",
}  # fmt: skip
NUMBERED_HERE = {CreditMemo: {"number"}, Invoice: {"own_number", "paper"}, Order: {"next_memo_number"}}
"""What depends on which news came first: a number stays what it was."""
MIRRORED = (
    Contact, Customer, Address, PhoneNumber, PaymentMethod, Order, OrderLine, Subscription, Invoice, InvoiceLine,
    Payment, CreditMemo, Parcel, ParcelLine, Product, Variant, Course, Section, Lesson, Enrollment,
)  # fmt: skip
POINTS_AT = {
    "customer_id": ("customers", "email"), "order_id": ("orders", "clickfunnels_id"),
    "invoice_id": ("invoices", "clickfunnels_id"), "parcel_id": ("parcels", "clickfunnels_id"),
}  # fmt: skip


async def dump(vendor: Any) -> dict[str, list[dict[str, Any]]]:
    """All mirrored rows of a vendor without what is ours alone, with names for what they point at."""
    names: dict[str, dict[int, str]] = {}
    for table, column in POINTS_AT.values():
        rows = await database.raw(f"SELECT id, {column} AS name FROM {table} WHERE vendor_id = {{}}", vendor.id)
        names[table] = {row["id"]: row["name"] for row in rows}
    found = {}
    for table in MIRRORED:
        ours = OURS | ({"created_at"} if table in (Customer, Address) else set()) | NUMBERED_HERE.get(table, set())
        rows = [
            {key: names[POINTS_AT[key][0]].get(value) if key in POINTS_AT else value
             for key, value in row.items() if key not in ours}
            for row in await table.select().where(table.vendor == vendor.id)
        ]  # fmt: skip
        found[table.__name__] = sorted(rows, key=repr)
    return found
